#!/usr/bin/env bash
# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs the very package that was built in a container that only this box can reach.
# shellcheck source=roles/habitat_pipeline/files/scripts/lib.sh
source "$HERE/lib.sh"

need_package
remove_containers "$EXECUTION"
rm -rf "$WORK/export"
mkdir "$WORK/export"
cd "$WORK/export"
hab pkg export container "$HART"
# name:tag of the image, from lines KEY=value that are never run
image=$(sed -nE 's/^name=["'"'"']?([A-Za-z0-9_./-]+)["'"'"']?$/\1/p' results/last_container_export.env)
IFS=/ read -r _ _ version release <<<"$PKG_IDENT"
[[ -n $image ]] || fail 1 "the export left no name of an image"
image=$image:$version-$release

docker run --detach --name "$CONTAINER" --label "$LABEL=$EXECUTION" --env HAB_LICENSE=accept-no-persist     --publish "127.0.0.1::$SERVICE_PORT" "$image" >/dev/null || fail 1 "the container of $image did not start"
port=$(docker port "$CONTAINER" "$SERVICE_PORT/tcp")
port=${port##*:}
url=http://127.0.0.1:$port$HEALTH_PATH
for ((second = 0; second < 60; second++)); do
    if curl --silent --fail --max-time 5 --output /dev/null "$url"; then
        printf '%s\n' "$port" >"$WORK/port"
        variable image "$image"
        summary "$PKG_IDENT answers"
        exit
    fi
    sleep 1
done
docker logs "$CONTAINER" >&2 || true
remove_containers "$EXECUTION"
fail 1 "the service did not answer on $HEALTH_PATH within 60 seconds"
