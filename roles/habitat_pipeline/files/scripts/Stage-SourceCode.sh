#!/usr/bin/env bash
# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Fetches the source of this execution and unpacks it. Old executions are cleared away.
# shellcheck source=roles/habitat_pipeline/files/scripts/lib.sh
source "$HERE/lib.sh"

while IFS= read -r old; do
    remove_containers "${old##*/}"
    rm -rf "$old"
done < <(find "$HOME_DIR/executions" -mindepth 1 -maxdepth 1 -mtime +7 -not -path "$WORK")

size=$(ask_aws "s3://$SOURCE" s3api head-object --bucket "${SOURCE%%/*}" --key "${SOURCE#*/}" --query ContentLength --output text)
[[ $size -le 104857600 ]] || fail "$BAD_CONFIGURATION" "the source has $size bytes, more than the 100 MiB that are allowed"
rm -rf "$SOURCE_DIR"
need_source
folder=$(plan)
printf '%s\n' "${REVISION:-unknown}" >"$WORK/revision"
variable revision "${REVISION:-unknown}"
summary "The source of revision ${REVISION:-unknown} is staged"
say "Staged $(find "$SOURCE_DIR" -type f | wc -l) files; the plan is in $folder"
