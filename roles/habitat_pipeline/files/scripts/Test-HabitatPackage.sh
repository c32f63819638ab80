#!/usr/bin/env bash
# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs the tests of the source against the container. The container goes, whatever comes of it.
# shellcheck source=roles/habitat_pipeline/files/scripts/lib.sh
source "$HERE/lib.sh"

trap 'remove_containers "$EXECUTION"' EXIT
need_source
need_package
[[ -d $SOURCE_DIR/tests ]] || fail "$BAD_CONFIGURATION" "the source has no folder tests"
[[ -e $WORK/port ]] || fail "$BUSY" "the test environment is not on this box any more: run Acceptance again"
SERVICE_URL=http://127.0.0.1:$(<"$WORK/port")
export SERVICE_URL PKG_IDENT

status=0
bats --formatter tap --recursive "$SOURCE_DIR/tests" >"$TMPDIR/results.tap" || status=$?
cat "$TMPDIR/results.tap"
(cd "$TMPDIR" && python3 -m zipfile -c report.zip results.tap)
store "$TMPDIR/report.zip" "$TEST_REPORT"

all=$(grep -cE '^(not )?ok ' "$TMPDIR/results.tap" || true)
bad=$(grep -E '^not ok ' "$TMPDIR/results.tap" || true)
if [[ -n $bad ]]; then
    cat "$TMPDIR/results.tap" >&2
    fail 1 "$(wc -l <<<"$bad") of $all tests failed: $(head -n 3 <<<"$bad" | sed -E 's/^not ok [0-9]+ //' | paste -sd ,)"
fi
[[ $status == 0 && $all -gt 0 ]] || fail 1 "bats ended with exit code $status after $all tests"
summary "$all tests of $PKG_IDENT passed"
