#!/usr/bin/env bash
# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Uploads the very package that was built and tested, promotes it, and asks the depot whether that is so.
# hab says "uploaded" of things that it has skipped.
# shellcheck source=roles/habitat_pipeline/files/scripts/lib.sh
source "$HERE/lib.sh"

need_package
# as hab does: an URL without a path means /v1
API=${BUILDER_URL%/}
[[ $API == *://*/* ]] || API=$API/v1
API=$API/depot
token=$(secret builder-token)
[[ -n $token ]] || fail "$BAD_CONFIGURATION" "$SECRETS_PATH/builder-token is not in Parameter Store"

with_token() { # with_token COMMAND...: for this command alone; what it says keeps its stream
    { HAB_AUTH_TOKEN=$token "$@" 2>&1 >&3 3>&- | without "$token" >&2 3>&-; } 3>&1 | without "$token"
}

# The token travels in a pipe: arguments can be read by everybody.
depot() { # depot PATH: the answer, and its HTTP status on a last line
    printf 'header = "Authorization: Bearer %s"\n' "$token" |
        curl --silent --show-error --max-time 60 --config - --write-out '\n%{http_code}' "$API/$1?target=$PKG_TARGET"
}

expect() { # expect PATH WHAT: prints the answer
    local answer
    answer=$(depot "$1") || fail "$BUSY" "Builder does not answer"
    case ${answer##*$'\n'} in
        200) printf '%s' "${answer%$'\n'*}" ;;
        401 | 403) fail "$NO_PERMISSION" "Builder refuses the token: $2 cannot be read" ;;
        404) fail 1 "$2 is not there, although hab said so" ;;
        *) fail "$BUSY" "Builder answered ${answer##*$'\n'} when asked for $2" ;;
    esac
}

with_token hab pkg upload "$HART" || fail 1 "the upload of $PKG_IDENT failed"
sum=$(hab pkg hash "$HART" | cut -d ' ' -f 1)
found=$(expect "pkgs/$PKG_IDENT" "$PKG_IDENT")
[[ $found == *"\"$sum\""* ]] || fail 1 "Builder has another package under $PKG_IDENT: its checksum differs"

with_token hab pkg promote "$PKG_IDENT" "$CHANNEL" "$PKG_TARGET" || fail 1 "the promotion of $PKG_IDENT to $CHANNEL failed"
IFS=/ read -r origin rest <<<"$PKG_IDENT"
expect "channels/$origin/$CHANNEL/pkgs/$rest" "$PKG_IDENT in the channel $CHANNEL" >/dev/null

variable pkg_ident "$PKG_IDENT"
variable channel "$CHANNEL"
summary "$PKG_IDENT is published in the channel $CHANNEL"
