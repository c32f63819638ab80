# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # hab reads the one half, and sets the other
#
# A page on NGINX. The pipeline checks, builds, tests and publishes it.
pkg_origin=mytutorial
pkg_name=mytutorialapp
pkg_version="1.0.0"
pkg_description="A hello-world page on NGINX"
pkg_maintainer="containerci.aws contributors"
pkg_license=("GPL-3.0-or-later")
pkg_deps=(core/nginx)
pkg_svc_user=root
pkg_svc_group=root
pkg_exports=([port]=listening_port)

do_build() {
    return 0
}

do_install() {
    cp -r "$PLAN_CONTEXT/../www" "$pkg_prefix/www"
}
