# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
#
# Sourced by the other scripts.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
STATE=$ROOT/.ansible
VENV=$ROOT/.venv
TREE=$STATE/tree
cd "$ROOT"

say() { printf '%s\n' "$*"; }

fail() {
    printf 'Error: %s\n' "$*" >&2
    exit 1
}

on_debian_as_root() { [[ -f /etc/debian_version && $(id -u) == 0 ]]; }

install_debian_packages() {
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; } >"$STATE/log/apt.log" 2>&1 ||
        fail "apt-get could not install $*; see .ansible/log/apt.log."
}

# Makes the checkout importable as a collection and puts its tools first on PATH.
enter_environment() {
    local level=${1:-run}
    "$ROOT/scripts/environment" "$level"
    mkdir -p "$TREE/ansible_collections/containerci"
    ln -sfn "$ROOT" "$TREE/ansible_collections/containerci/aws"
    unset PYTHONHOME PYTHONPATH
    export VIRTUAL_ENV=$VENV
    export PATH=$VENV/bin:$PATH
    export ANSIBLE_CONFIG=$ROOT/ansible.cfg
    export ANSIBLE_HOME=$STATE/home/.ansible
    export ANSIBLE_COLLECTIONS_PATH=$TREE
    [[ -t 1 ]] || export NO_COLOR=1 ANSIBLE_NOCOLOR=1 PY_COLORS=0
}

free_port() {
    "$VENV/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Starts the embedded AWS if need be and points every AWS tool of this shell at it.
use_embedded_aws() {
    "$ROOT/scripts/embedded_aws" start "$@"
    eval "$("$ROOT/scripts/embedded_aws" env "$@")"
}

# Makes sure that there is an image for boxes, and says which network they get.
prepare_boxes() {
    "$ROOT/scripts/base_image"
    CONTAINERCI_BOX_NETWORK=host
    ! docker network inspect bridge >/dev/null 2>&1 || CONTAINERCI_BOX_NETWORK=bridge
    export CONTAINERCI_BOX_NETWORK
}

mkdir -p "$STATE/log" "$STATE/cache"

# Runs one check after the other, failing ones included; finish_checks tells the result.
failed_checks=()

check() {
    local name=$1
    shift
    say "- $name"
    "$@" || failed_checks+=("$name")
}

finish_checks() {
    [[ ${#failed_checks[@]} == 0 ]] || fail "These checks found something: $(printf '%s, ' "${failed_checks[@]}" | sed 's/, $//')."
}

# Files of the project, committed or about to be: project_files [PATHSPEC...]
project_files() {
    local file
    git ls-files --cached --others --exclude-standard -- "$@" | sort -u | while read -r file; do
        [[ ! -e $file && ! -L $file ]] || printf '%s\n' "$file"
    done
}

# run_pytest DIRECTORY... -- [ARGUMENTS]: on two workers; directories without tests are no failure.
run_pytest() {
    local directories=() status=0
    while [[ $1 != -- ]]; do
        [[ ! -d $1 ]] || directories+=("$1")
        shift
    done
    shift
    [[ ${#directories[@]} -gt 0 ]] || { say "There are no such tests yet."; return 0; }
    HYPOTHESIS_STORAGE_DIRECTORY=$STATE/cache/hypothesis pytest -n 2 -o cache_dir="$STATE/cache/pytest" "${directories[@]}" "$@" || status=$?
    [[ $status == 0 || $status == 5 ]]
}
