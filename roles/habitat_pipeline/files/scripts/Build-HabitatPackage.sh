#!/usr/bin/env bash
# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds the package without any token, and hands it on with all that proves what it is.
# shellcheck source=roles/habitat_pipeline/files/scripts/lib.sh
source "$HERE/lib.sh"

need_source
rm -rf "$SOURCE_DIR/results" "$PACKAGE_DIR"
cd "$SOURCE_DIR"
status=0
umask 022 # of what is built
hab pkg build --keys "$ORIGIN" --refresh-channel "$REFRESH_CHANNEL" . || status=$?
case $status in
    0) ;;
    31) fail 1 "the dependencies of the package cannot be resolved from the channel $REFRESH_CHANNEL" ;;
    35) fail "$BAD_CONFIGURATION" "there is no signing key of the origin $ORIGIN on the build box" ;;
    42) fail "$BAD_CONFIGURATION" "the plan is missing, or there are two" ;;
    *) fail 1 "hab pkg build ended with exit code $status" ;;
esac

[[ -f results/last_build.env ]] || fail 1 "the build says that it succeeded, but left no results/last_build.env"
read_build results/last_build.env
[[ -f results/$PKG_ARTIFACT ]] || fail 1 "the build says that it made $PKG_ARTIFACT, but it is not there"
sum=$(sha256sum "results/$PKG_ARTIFACT" | cut -d ' ' -f 1)
[[ -z $PKG_SHA256 || $PKG_SHA256 == "$sum" ]] || fail 1 "the checksum of $PKG_ARTIFACT is not the one in last_build.env"
hab pkg verify "results/$PKG_ARTIFACT" || fail 1 "the signature of $PKG_ARTIFACT does not hold"
signer=$(sed -n 2p "results/$PKG_ARTIFACT" | tr -d '\0' | head -c 300)
[[ $signer =~ ^$ORIGIN-[0-9]{14}$ ]] || fail 1 "$PKG_ARTIFACT is not signed with a key of $ORIGIN"

umask 077
mkdir "$TMPDIR/package"
cp "results/$PKG_ARTIFACT" results/last_build.env "$TMPDIR/package"
cp "$KEYS/$signer.pub" "$TMPDIR/package/key.pub"
[[ ! -e $WORK/revision ]] || cp "$WORK/revision" "$TMPDIR/package"
cd "$TMPDIR/package"
sha256sum -- * >"$TMPDIR/SHA256SUMS"
mv "$TMPDIR/SHA256SUMS" .
python3 -m zipfile -c "$TMPDIR/package.zip" ./*
store "$TMPDIR/package.zip" "$PACKAGE"

variable pkg_ident "$PKG_IDENT"
variable pkg_artifact "$PKG_ARTIFACT"
variable sha256 "$sum"
summary "Built $PKG_IDENT, signed with $signer"
