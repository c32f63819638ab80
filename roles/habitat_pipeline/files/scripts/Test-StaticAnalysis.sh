#!/usr/bin/env bash
# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Looks at plan, hooks and scripts without running them.
# shellcheck source=roles/habitat_pipeline/files/scripts/lib.sh
source "$HERE/lib.sh"

# A plan sets variables for hab, has no first line and uses what hab defines.
EXCLUDED=SC1090,SC1091,SC2034,SC2148,SC2154

need_source
folder=$(plan)

literal() { # literal NAME: what the plan sets it to, if that is a plain word
    sed -nE "s/^$1=[\"']?([A-Za-z0-9_.-]+)[\"']?[[:space:]]*(#.*)?$/\1/p" "$folder/plan.sh" | tail -n 1
}

# Hooks are templates: what stands in braces is no shell.
scripts() {
    printf '%s\n' "$folder/plan.sh"
    find "$folder/hooks" -type f 2>/dev/null || true
    find "$SOURCE_DIR" -name '*.sh' -not -path "$SOURCE_DIR/results/*" -not -path "$folder/plan.sh"
}

checked=0
while IFS= read -r file; do
    name=${file#"$SOURCE_DIR"/}
    copy=$TMPDIR/${name//\//_}
    sed -E 's/\{\{[^}]*\}\}/value/g' "$file" >"$copy"
    found=$(bash -n "$copy" 2>&1) || fail 1 "$name has a syntax error: $(head -n 1 <<<"${found//$copy: /}")"
    found=$(shellcheck --shell=bash --severity=warning --exclude="$EXCLUDED" --format=gcc "$copy" 2>&1) || {
        printf '%s\n' "${found//$copy/$name}" >&2
        fail 1 "shellcheck refuses $name: $(head -n 1 <<<"${found//$copy/$name}")"
    }
    checked=$((checked + 1))
done < <(scripts)

[[ $(literal pkg_origin) == "$ORIGIN" ]] || fail 1 "pkg_origin in plan.sh is '$(literal pkg_origin)', but this pipeline builds for '$ORIGIN'"
[[ $(literal pkg_name) =~ ^[A-Za-z0-9_-]+$ ]] || fail 1 "pkg_name in plan.sh has to be a plain word"
summary "$checked files of $ORIGIN/$(literal pkg_name) are in order"
say "Checked $checked files"
