# shellcheck shell=bash
# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the scripts of the actions share. Exit codes are those of sysexits.h; the runner tells them apart.
set -Eeuo pipefail
umask 077

NO_INPUT=66 BUSY=75 NO_PERMISSION=77 BAD_CONFIGURATION=78
SOURCE_DIR=$WORK/source PACKAGE_DIR=$WORK/package
KEYS=${FS_ROOT:-}/hab/cache/keys # as hab understands it
CONTAINER=habitat-$EXECUTION LABEL=habitat-pipeline.execution
export KEYS NO_INPUT BUSY NO_PERMISSION BAD_CONFIGURATION SOURCE_DIR PACKAGE_DIR CONTAINER LABEL

# hab gets these words and no others of its kind. Where the licence is not accepted, it says so instead of asking.
for name in $(compgen -e HAB_) DEBUG RUST_LOG; do
    unset "$name"
done
export HAB_NONINTERACTIVE=true HAB_NOCOLORING=true HAB_GLYPH_STYLE=limited LC_ALL=C.UTF-8
if [[ ${ACCEPT_LICENSE:-false} == true ]]; then
    export HAB_LICENSE=accept-no-persist
fi
if [[ -n ${BUILDER_URL:-} ]]; then
    export HAB_BLDR_URL=$BUILDER_URL
fi

say() { printf '%s\n' "$*"; }

fail() { # fail EXIT CAUSE
    printf '%s' "$2" >"$RUN/cause"
    printf 'error: %s\n' "$2" >&2
    exit "$1"
}

unforeseen() { # unforeseen EXIT LINE COMMAND
    [[ -e $RUN/cause ]] || printf '%s' "$3 ended with exit code $1 (${BASH_SOURCE[1]##*/}, line $2)" >"$RUN/cause"
}
trap 'unforeseen "$?" "$LINENO" "${BASH_COMMAND%% *}"' ERR

summary() { printf '%s' "$*" >"$RUN/summary"; }

variable() { printf 'variable.%s=%s\n' "$1" "$2" >>"$RUN/variables"; }

# Runs a command of the AWS CLI; tells apart why it failed.
ask_aws() { # ask_aws WHAT COMMAND...
    local what=$1 errors=$RUN/tmp/aws
    shift
    if aws "$@" 2>"$errors"; then
        return
    fi
    cat "$errors" >&2
    case $(<"$errors") in
        *NoSuchKey* | *NoSuchBucket* | *NoSuchVersion* | *ParameterNotFound* | *'(404)'*) fail "$NO_INPUT" "$what does not exist" ;;
        *AccessDenied*) fail "$NO_PERMISSION" "the build box may not read or write $what" ;;
        *) fail "$BUSY" "AWS did not give or take $what" ;;
    esac
}

fetch() { # fetch BUCKET/KEY FILE
    ask_aws "s3://$1" s3api get-object --bucket "${1%%/*}" --key "${1#*/}" "$2" >/dev/null
}

store() { # store FILE BUCKET/KEY
    ask_aws "s3://$2" s3api put-object --bucket "${2%%/*}" --key "${2#*/}" --body "$1" >/dev/null
}

# Prints a value of Parameter Store, or nothing if there is none.
secret() { # secret NAME
    local errors=$RUN/tmp/secret
    aws ssm get-parameter --name "$SECRETS_PATH/$1" --with-decryption --query Parameter.Value --output text 2>"$errors" && return
    grep -q ParameterNotFound "$errors" && return
    cat "$errors" >&2
    fail "$NO_PERMISSION" "$SECRETS_PATH/$1 cannot be read from Parameter Store"
}

# Copies its input with a secret blotted out; a function of bash has no arguments that others could see.
without() { # without SECRET
    local line
    while IFS= read -r line || [[ -n $line ]]; do
        printf '%s\n' "${line//"$1"/****}"
    done
}

# The source of this execution, fetched unless it is there: another box may have staged it.
need_source() {
    if [[ -d $SOURCE_DIR ]]; then
        return
    fi
    fetch "$SOURCE" "$TMPDIR/source.zip"
    unpack "$TMPDIR/source.zip" "$TMPDIR/source"
    mv -T "$TMPDIR/source" "$SOURCE_DIR"
}

# The package of this execution, as it was built: the one artifact that all later actions are about.
need_package() {
    if [[ ! -d $PACKAGE_DIR ]]; then
        fetch "$PACKAGE" "$TMPDIR/package.zip"
        unpack "$TMPDIR/package.zip" "$TMPDIR/package"
        (cd "$TMPDIR/package" && sha256sum --check --quiet SHA256SUMS) ||
            fail 1 "the package is not what was built: its checksums differ"
        mv -T "$TMPDIR/package" "$PACKAGE_DIR"
    fi
    read_build "$PACKAGE_DIR/last_build.env"
    HART=$PACKAGE_DIR/$PKG_ARTIFACT
    import_keys <"$PACKAGE_DIR/key.pub"
    hab pkg verify "$HART" || fail 1 "the signature of $PKG_ARTIFACT does not hold"
}

# With ordinary modes, which go into the package; the folder above keeps others out.
unpack() { # unpack ZIP FOLDER
    local cause=$RUN/tmp/cause
    (umask 022 && python3 "$HERE/unpack.py" "$1" "$2") 2>"$cause" || fail "$BAD_CONFIGURATION" "$(tail -n 1 "$cause")"
}

import_keys() { hab origin key import >/dev/null || fail "$BAD_CONFIGURATION" "hab refused a key"; }

# The words of a build, from lines KEY=value that are never run.
read_build() { # read_build FILE
    local line
    PKG_IDENT='' PKG_ARTIFACT='' PKG_SHA256='' PKG_TARGET=x86_64-linux
    while IFS= read -r line; do
        [[ $line =~ ^(pkg_[a-z0-9_]+)=[\"\']?([A-Za-z0-9_./-]*)[\"\']?$ ]] || continue
        case ${BASH_REMATCH[1]} in
            pkg_ident) PKG_IDENT=${BASH_REMATCH[2]} ;;
            pkg_artifact) PKG_ARTIFACT=${BASH_REMATCH[2]} ;;
            pkg_sha256sum) PKG_SHA256=${BASH_REMATCH[2]} ;;
            pkg_target) PKG_TARGET=${BASH_REMATCH[2]} ;;
        esac
    done <"$1"
    [[ $PKG_IDENT =~ ^[^/]+/[^/]+/[^/]+/[0-9]{14}$ && $PKG_ARTIFACT == *.hart && $PKG_ARTIFACT != */* ]] ||
        fail 1 "last_build.env does not name the package"
    export PKG_IDENT PKG_ARTIFACT PKG_SHA256 PKG_TARGET
}

plan() { # the folder with plan.sh, where hab looks for it
    local folder
    for folder in "$SOURCE_DIR" "$SOURCE_DIR/habitat"; do
        if [[ -f $folder/plan.sh ]]; then
            printf '%s\n' "$folder"
            return
        fi
    done
    fail "$BAD_CONFIGURATION" "the source has neither plan.sh nor habitat/plan.sh"
}

# The containers of one execution, and no others.
remove_containers() { # remove_containers EXECUTION
    local found
    found=$(docker ps --all --quiet --filter "label=$LABEL=$1")
    [[ -z $found ]] || xargs docker rm --force >/dev/null <<<"$found"
}
