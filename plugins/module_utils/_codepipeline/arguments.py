# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

# The long options of codepipeline_stage, which doc_fragments/_codepipeline_stage.py documents.

from __future__ import annotations

import typing as t

Spec = dict[str, dict[str, t.Any]]

_TEXTS: dict[str, t.Any] = {"type": "list", "elements": "str"}
_RESULT: dict[str, t.Any] = {"type": "str", "choices": ["FAIL", "ROLLBACK", "RETRY", "SKIP"]}

_VARIABLE: Spec = {
    "name": {"type": "str", "required": True},
    "value": {"type": "str", "required": True},
    "type": {"type": "str", "choices": ["PLAINTEXT", "SECRETS_MANAGER"]},
}

_ACTION: Spec = {
    "name": {"type": "str", "required": True},
    "category": {
        "type": "str",
        "required": True,
        "choices": ["Source", "Build", "Deploy", "Test", "Invoke", "Approval", "Compute"],
    },
    "owner": {"type": "str", "choices": ["AWS", "ThirdParty", "Custom"], "default": "AWS"},
    "provider": {"type": "str", "required": True},
    "version": {"type": "str", "default": "1"},
    "run_order": {"type": "int"},
    "configuration": {"type": "dict"},
    "input_artifacts": _TEXTS,
    "output_artifacts": {"type": "list", "elements": "raw"},
    "commands": _TEXTS,
    "output_variables": _TEXTS,
    "environment_variables": {"type": "list", "elements": "dict", "options": _VARIABLE},
    "role_arn": {"type": "str"},
    "region": {"type": "str"},
    "namespace": {"type": "str"},
    "timeout_in_minutes": {"type": "int"},
}

_RULE: Spec = {
    "name": {"type": "str", "required": True},
    "provider": {"type": "str", "required": True},
    "version": {"type": "str", "default": "1"},
    "configuration": {"type": "dict"},
    "commands": _TEXTS,
    "input_artifacts": _TEXTS,
    "role_arn": {"type": "str"},
    "region": {"type": "str"},
    "timeout_in_minutes": {"type": "int"},
}

_CONDITIONS: Spec = {
    "conditions": {
        "type": "list",
        "elements": "dict",
        "options": {
            "result": _RESULT,
            "rules": {"type": "list", "elements": "dict", "required": True, "options": _RULE},
        },
    }
}

_RETRY: dict[str, t.Any] = {"type": "str", "choices": ["FAILED_ACTIONS", "ALL_ACTIONS"]}

ACTIONS: Spec = {"actions": {"type": "list", "elements": "dict", "options": _ACTION}}

APPROVAL: Spec = {
    "approval": {
        "type": "dict",
        "options": {
            "name": {"type": "str"},
            "notification_arn": {"type": "str"},
            "custom_data": {"type": "str"},
            "external_entity_link": {"type": "str"},
            "timeout_in_minutes": {"type": "int"},
        },
    }
}

CONDITIONS: Spec = {
    "before_entry": {"type": "dict", "options": _CONDITIONS},
    "on_success": {"type": "dict", "options": _CONDITIONS},
    "on_failure": {"type": "dict", "options": {**_CONDITIONS, "result": _RESULT, "retry_mode": _RETRY}},
}
