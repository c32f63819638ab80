#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
#
# Reads a plan and runs its callbacks, as far as this double builds: plan_build.sh PLAN PREFIX ANSWERS
# PREFIX is the folder that becomes the package; ANSWERS gets one `name=value` for each thing that the plan says.

set -eu

plan=$1
pkg_prefix=$2
answers=$3

PLAN_CONTEXT=$(cd "$(dirname "$plan")" && pwd)
SRC_PATH=$PWD
HAB_CACHE_SRC_PATH=$(mktemp -d)
CACHE_PATH=$HAB_CACHE_SRC_PATH
trap 'rm -rf "$HAB_CACHE_SRC_PATH"' EXIT
export PLAN_CONTEXT SRC_PATH HAB_CACHE_SRC_PATH CACHE_PATH pkg_prefix

build_line() { printf '   %s: %s\n' "${pkg_name:-plan}" "$*"; }
warn() { printf '   %s: WARN %s\n' "${pkg_name:-plan}" "$*" >&2; }
exit_with() { printf 'ERROR: %s\n' "$1" >&2; exit "${2:-1}"; }
attach() { :; }
fix_interpreter() { :; }
pkg_path_for() { printf '/hab/pkgs/%s' "$1"; }
update_pkg_version() { pkg_version=$(pkg_version); }

for callback in before begin download verify clean unpack setup_environment prepare build check install after strip end; do
    eval "do_${callback}() { :; }; do_default_${callback}() { :; }"
done

# As in the real tool, these are maps already.
# shellcheck disable=SC2034
declare -A pkg_exports=() pkg_binds=() pkg_binds_optional=()
# shellcheck source=/dev/null
source "$plan"

if [[ "$(type -t pkg_version)" == function && -z "${pkg_version:-}" ]]; then
    update_pkg_version
fi
pkg_origin=${pkg_origin:-${HAB_ORIGIN:-}}

for name in pkg_origin pkg_name pkg_version pkg_svc_user pkg_svc_group pkg_svc_run; do
    printf '%s=%s\n' "$name" "${!name:-}"
done >"$answers"
for name in pkg_deps pkg_build_deps pkg_bin_dirs; do
    declare -n list=$name
    printf '%s=%s\n' "$name" "${list[*]:-}"
done >>"$answers"
for name in pkg_exports pkg_binds pkg_binds_optional; do
    declare -n map=$name
    for key in "${!map[@]}"; do
        printf '%s=%s=%s\n' "$name" "$key" "${map[$key]}"
    done >>"$answers"
done

if [[ "${FAKE_HAB_ONLY_READ:-}" == 1 ]]; then
    exit 0
fi
for callback in begin before download verify clean unpack prepare build check install strip after end; do
    "do_$callback"
done
