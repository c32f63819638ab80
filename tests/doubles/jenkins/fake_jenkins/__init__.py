# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A double of a Jenkins controller: strict where Jenkins is, and slow, restarting or broken when a test asks for it."""
