# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

FORMATS = ["documentation", "json", "tap", "markdown", "html"]
PACKAGE_MANAGERS = ["auto", "apk", "apt", "dnf", "dpkg", "pacman", "rpm", "yum"]
SERVICE_MANAGERS = ["auto", "systemd", "openrc", "sysv", "none"]

#: the options of server_spec and aws_spec, documented in the fragment _spec
COMMON: dict[str, dict[str, t.Any]] = {
    "spec": {"type": "raw", "no_log": True},
    "src": {"type": "list", "elements": "str"},
    "name": {"type": "str"},
    "tags": {"type": "list", "elements": "str"},
    "skip_tags": {"type": "list", "elements": "str"},
    "only": {"type": "list", "elements": "str"},
    "fail_on": {"type": "str", "choices": ["failure", "error", "never"], "default": "failure"},
    "fail_fast": {"type": "bool", "default": False},
    "max_failures": {"type": "int", "default": 0},
    "allow_empty": {"type": "bool", "default": False},
    "expected_examples": {"type": "int"},
    "on_unsupported": {"type": "str", "choices": ["error", "skip"], "default": "error"},
    "offline": {"type": "bool", "default": False},
    "timeout": {"type": "float", "default": 10.0},
    "max_time": {"type": "float", "default": 0.0},
    "forks": {"type": "int", "default": 4},
    "return": {"type": "str", "choices": ["problems", "all", "summary"], "default": "problems"},
    "junit_dir": {"type": "path"},
    "junit_file": {"type": "path"},
    "report_dir": {"type": "path"},
    "report_formats": {"type": "list", "elements": "str", "choices": FORMATS},
    "color": {"type": "str", "choices": ["auto", "always", "never"], "default": "auto"},
    "validate_only": {"type": "bool", "default": False},
    "redact": {"type": "list", "elements": "str"},
    "eventually": {"type": "raw"},
    "display": {"type": "str", "choices": ["documentation", "progress", "none"], "default": "documentation"},
    "read_only": {"type": "bool", "default": False},
    "resource_paths": {"type": "list", "elements": "path"},
}

#: the options of server_spec alone
SERVER: dict[str, dict[str, t.Any]] = {
    "search_paths": {"type": "list", "elements": "path"},
    "package_manager": {"type": "str", "choices": PACKAGE_MANAGERS, "default": "auto"},
    "service_manager": {"type": "str", "choices": SERVICE_MANAGERS, "default": "auto"},
}

#: the options of aws_spec alone
AWS: dict[str, dict[str, t.Any]] = {
    "defaults": {"type": "dict", "options": {"tags": {"type": "dict"}, "vpc": {"type": "str"}}},
}
