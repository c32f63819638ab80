# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What looks like a secret, and what does not."""

from __future__ import annotations

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._spec.generate.choice import Notes
from ansible_collections.containerci.aws.plugins.module_utils._spec.generate.confidential import (
    looks_secret,
    publishable,
    without_secrets,
)


@pytest.mark.parametrize(
    "text",
    [
        "0 4 * * * PGPASSWORD=x pg_dump",
        "0 4 * * * MYSQL_PWD=x mysqldump --all-databases",
        "0 4 * * * mysqldump -uroot -phunter2 db",
        "0 4 * * * job --password hunter2",
        "0 4 * * * job --api-key=hunter2",
        "0 4 * * * job -secret hunter2",
        "0 4 * * * job --access_key hunter2",
        '0 4 * * * curl -d \'{"token": "hunter2"}\' x',
        "0 4 * * * curl -H 'Authorization: Bearer hunter2' x",
        "0 4 * * * curl -u me:hunter2 x",
        "0 4 * * * curl --user=me:hunter2 x",
        "0 4 * * * curl https://me:hunter2@example.org/",
        "0 4 * * * git pull https://:hunter2@example.org/",
        "0 4 * * * sshpass -p hunter2 ssh x",
        "0 4 * * * job AKIAIOSFODNN7EXAMPLE",
        "0 4 * * * curl https://hooks.slack.com/services/T0/B0/x",
        "0 4 * * * curl https://ping.example.org?3e6be9de-8139-11d1-9106-a43f08d823a6",
        f"0 4 * * * curl -d {'a1' * 20} x",
        "//me:hunter2@filer/share",
    ],
)
def test_secrets(text: str) -> None:
    assert looks_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        "15 3 * * * /usr/local/bin/backup --all",
        "@daily certbot renew --quiet",
        "0 4 * * * mysqldump --defaults-file=/etc/my.cnf --protocol=tcp -P 3306 db",
        "0 4 * * * rsync -a -p /srv backup:/srv",
        "0 4 * * * /usr/lib/x86_64-linux-gnu/some/rather-long/path_of_a_program_with_words_in_it_and_more",
        "0 4 * * * curl https://example.org:8443/ping@home",
        "0 4 * * * sudo -u deploy /opt/compass build",
        "UUID=3e6be9de-8139-11d1-9106-a43f08d823a6",
        "filer:/export",
        f"'{'a1' * 32}'",
    ],
)
def test_no_secrets(text: str) -> None:
    assert not looks_secret(text)


def test_facts_that_look_secret_or_cannot_be_written_are_left_out_with_a_note() -> None:
    notes = Notes()
    facts = {
        "cron": [{"user": "a", "entry": "@daily x"}, {"user": "a", "entry": "@daily x --password y"}],
        "file": [{"path": "/etc/\udcff"}, {"path": "/etc/password=x"}],
    }
    assert publishable(facts, notes) == {
        "cron": [{"user": "a", "entry": "@daily x"}],
        "file": [{"path": "/etc/password=x"}],
    }
    assert notes == [
        "a line of cron a is left out: it may hold a secret",
        "a file is left out, because its name or value has characters that cannot be printed",
    ]


def test_outcomes_do_not_tell_the_rest_of_a_crontab() -> None:
    outcomes = [{"checks": [{"got": "@daily a, @daily b --password hunter2"}, {"got": "0644"}, {}]}, {"checks": []}]
    assert without_secrets(outcomes) == [{"checks": [{"got": "VALUE HIDDEN"}, {"got": "0644"}, {}]}, {"checks": []}]
