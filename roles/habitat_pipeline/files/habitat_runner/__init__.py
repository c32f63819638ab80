# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runner of a Habitat pipeline: CodePipeline invokes it, and it has the work done by SSM on the build box.

It never waits for the work. One invocation sends the command; each further one has a look at it.
"""
