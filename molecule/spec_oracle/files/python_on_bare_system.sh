#!/bin/sh
# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Python where systemd does not run, and without the tools that look at the network.
set -e
if [ "$1" != hidden ]; then
    exec unshare --mount "$0" hidden "$@"
fi
shift
mount -t tmpfs none /run/systemd
for tool in ss nc iptables; do
    mount --bind /dev/null "$(readlink -e "$(command -v "$tool")")"
done
exec python3 "$@"
