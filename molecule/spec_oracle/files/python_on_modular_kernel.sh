#!/bin/sh
# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Python on a kernel that has loaded two modules. The kernels below containers
# differ, and some load none, so this one file of /proc is replaced.
set -e
if [ "$1" != covered ]; then
    exec unshare --mount "$0" covered "$@"
fi
shift
mount --rbind /proc /mnt
mount -t tmpfs none /proc
ln -s /mnt/* /proc
rm -f /proc/modules
cat >/proc/modules <<'END'
usb_storage 90112 0 - Live 0x0000000000000000
usbcore 348160 1 usb_storage, Live 0x0000000000000000
END
exec python3 "$@"
