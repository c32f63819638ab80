#!/bin/sh
# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Python in the network that server.sh makes.
exec ip netns exec oracle python3 "$@"
