#!/usr/bin/env bash
# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs the action $ACTION of the execution $EXECUTION, once for each $KEY, and leaves a report for the runner.
# One action at a time: the box has one Habitat.
set -euo pipefail
umask 077

HOME_DIR=${HABITAT_PIPELINE_HOME:-/var/lib/habitat-pipeline}
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
WORK=$HOME_DIR/executions/$EXECUTION
RUN=$WORK/$KEY
export HOME_DIR HERE WORK RUN HOME=${HOME:-/root} TMPDIR=$RUN/tmp
mkdir -p "$TMPDIR"

exec 9>"$HOME_DIR/lock"
flock 9

# The same command came twice: what it has come to once, it comes to again.
if [[ -e $RUN/exit ]]; then
    echo "This was done already; its result stands."
    exit "$(<"$RUN/exit")"
fi

report() { # report EXIT: lines NAME=VALUE, an empty line, the end of the error output; it has to be short
    local outcome=succeeded
    [[ $1 == 0 ]] || outcome=failed
    echo "outcome=$outcome"
    for name in cause summary; do
        [[ ! -s $RUN/$name ]] || printf '%s=%s\n' "$name" "$(head -c 600 "$RUN/$name" | tr '\n' ' ')"
    done
    [[ ! -e $RUN/variables ]] || cat "$RUN/variables"
    echo
    [[ $1 == 0 ]] || tail -n 20 "$RUN/errors" | tail -c 1200
}

status=0
# Error output goes to the log and to a file. Nobody but this script holds the lock.
{ bash "$HERE/$ACTION.sh" 2>&1 >&3 3>&- 9>&- | tee "$RUN/errors" >&2 3>&- 9>&-; } 3>&1 || status=$?
report "$status" >"$RUN/report"
echo "$status" >"$RUN/exit"
rm -rf "$TMPDIR"
exit "$status"
