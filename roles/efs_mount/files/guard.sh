# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# guard show|set|clear DIRECTORY: keeps a mount point from being written to while nothing is mounted on it.
# It runs in a mount namespace of its own, where it takes off what is mounted. Nobody else sees that.
while umount -c -i -l "$2" 2>/dev/null; do :; done

immutable() { case $(lsattr -d "$1" 2>/dev/null | cut -d ' ' -f 1) in *i*) true ;; *) false ;; esac; }

case $1 in
    show)
        if immutable "$2"; then echo immutable
        elif [ -e "$2/NOT_MOUNTED" ]; then echo marked
        elif [ -d "$2" ]; then echo open
        else echo missing; fi
        [ -z "$(find "$2" -mindepth 1 -maxdepth 1 ! -name NOT_MOUNTED 2>/dev/null)" ] || echo occupied
        ;;
    set)
        mkdir -p "$2" || exit
        if chattr +i "$2" 2>/dev/null; then echo immutable
        else
            echo "Nothing is mounted here now. Files written here would be hidden later." >"$2/NOT_MOUNTED" || exit
            chmod 0000 "$2" && echo marked
        fi
        ;;
    clear)
        chattr -i "$2" 2>/dev/null
        if [ -e "$2/NOT_MOUNTED" ]; then rm "$2/NOT_MOUNTED" && chmod 0755 "$2"; fi
        ;;
esac
