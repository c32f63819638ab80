#!/usr/bin/env bash
# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes hab ready: its version, its licence, the signing key of the origin.
# shellcheck source=roles/habitat_pipeline/files/scripts/lib.sh
source "$HERE/lib.sh"

NAME="^$ORIGIN-[0-9]{14}\$"

signing_key() { # the newest secret key of exactly this origin, if there is one
    find "$KEYS" -maxdepth 1 -name "$ORIGIN-*.sig.key" -printf '%f\n' 2>/dev/null | sed 's/[.]sig[.]key$//' | grep -E "$NAME" | sort | tail -n 1 || true
}

# The two texts of a key travel in variables of this shell and in pipes: never in arguments, never in files.
import_key() { # import_key SECRET PUBLIC
    local name
    name=$(sed -n 2p <<<"$2")
    [[ $name =~ $NAME ]] || fail "$BAD_CONFIGURATION" "$SECRETS_PATH/origin-public-key is no key of the origin $ORIGIN"
    [[ $1 == SIG-SEC-1$'\n'"$name"$'\n'* ]] ||
        fail "$BAD_CONFIGURATION" "$SECRETS_PATH/origin-secret-key is not the secret half of $name"
    if [[ -e $KEYS/$name.sig.key && -e $KEYS/$name.pub ]]; then
        say "The key $name is there"
        return
    fi
    printf '%s' "$2" | import_keys
    printf '%s' "$1" | import_keys
    [[ -e $KEYS/$name.sig.key ]] || fail 1 "the key $name was imported and is not there"
    say "Imported the key $name"
}

hab --version || fail "$BAD_CONFIGURATION" "hab is not installed on the build box"
[[ $ACCEPT_LICENSE == true ]] || fail "$BAD_CONFIGURATION" "the licence of Habitat is not accepted"

if [[ $CREATE_ORIGIN == true ]]; then
    token=$(secret builder-token)
    [[ -n $token ]] || fail "$BAD_CONFIGURATION" "$SECRETS_PATH/builder-token is needed to create the origin $ORIGIN"
    HAB_AUTH_TOKEN=$token hab origin create "$ORIGIN" 2>&1 | without "$token"
fi

secret_key=$(secret origin-secret-key)
if [[ -n $secret_key ]]; then
    import_key "$secret_key" "$(secret origin-public-key)"
elif [[ -z $(signing_key) && $GENERATE_KEY == true ]]; then
    hab origin key generate "$ORIGIN"
fi
name=$(signing_key)
[[ -n $name ]] || fail "$BAD_CONFIGURATION" "there is no signing key of the origin $ORIGIN: put it into $SECRETS_PATH/origin-secret-key"
summary "Habitat is ready and signs with $name"
