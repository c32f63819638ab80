# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# $SERVICE_URL is the page in the container of this execution.

@test "the page says hello" {
    run curl --silent --fail "$SERVICE_URL/"
    [ "$status" -eq 0 ]
    [[ "$output" == *"<h1>Hello, world</h1>"* ]]
}

@test "what is not there is not found" {
    run curl --silent --output /dev/null --write-out '%{http_code}' "$SERVICE_URL/missing"
    [ "$output" = 404 ]
}
