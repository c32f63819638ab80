# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.
"""The kubeconfig of the administrator, and what of any file may be shown."""

from __future__ import annotations

import base64
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster
from ansible_collections.containerci.aws.plugins.module_utils._kube.ignition import without_secrets
from ansible_collections.containerci.aws.plugins.module_utils._kube.yaml_text import to_yaml

#: what begins with "-----BEGIN ", once it is encoded
_ENCODED_PEM = re.compile(r"LS0tLS1CRUdJTi[A-Za-z0-9+/]+={0,2}")


def render(cluster: Cluster, texts: t.Mapping[str, str]) -> str:
    """With everything inside, so that it works wherever it is copied to; texts are those of the credentials."""
    prefix = f"kube-aws-{cluster.name}"
    return to_yaml(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {
                    "name": f"{prefix}-cluster",
                    "cluster": {
                        "server": f"https://{cluster.external_dns_name}:{cluster.api_port}",
                        "certificate-authority-data": _encoded(texts["ca.pem"]),
                    },
                }
            ],
            "users": [
                {
                    "name": f"{prefix}-admin",
                    "user": {
                        "client-certificate-data": _encoded(texts["admin.pem"]),
                        "client-key-data": _encoded(texts["admin-key.pem"]),
                    },
                }
            ],
            "contexts": [
                {
                    "name": f"{prefix}-context",
                    "context": {"cluster": f"{prefix}-cluster", "user": f"{prefix}-admin"},
                }
            ],
            "current-context": f"{prefix}-context",
        }
    )


def public_view(text: str) -> str:
    """The text with the fingerprint of each private key and token in its place, also of those that are encoded."""
    return without_secrets(_ENCODED_PEM.sub(lambda match: _decoded_key(match[0]), text))


def _decoded_key(encoded: str) -> str:
    """The fingerprint of an encoded key; an encoded certificate stays as it is."""
    decoded = base64.b64decode(encoded + "=" * (-len(encoded) % 4)).decode(errors="replace")
    return without_secrets(decoded).strip() if "PRIVATE KEY-----" in decoded else encoded


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
