# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it takes to render a whole cluster: keys, certificates, the configurations of all machines and the template.

Each contender is a process of its own. The bare one starts Python and loads the two libraries that are needed.

scripts/run python benchmarks/kube_render.py [ROUNDS]
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

TREE = Path(os.environ["ANSIBLE_COLLECTIONS_PATH"])
BARE = "import yaml; from cryptography import x509; from cryptography.hazmat.primitives import hashes, serialization"
RENDER = """
import datetime
from ansible_collections.containerci.aws.plugins.module_utils._kube import nodes, pki, validation
from ansible_collections.containerci.aws.plugins.module_utils._kube.pki_shapes import Wish
from ansible_collections.containerci.aws.plugins.module_utils._kube.render import render

cluster, findings = validation.validate({
    "clusterName": "benchmark", "externalDNSName": "api.example.com", "region": "eu-central-1", "keyName": "operators",
    "availabilityZone": "eu-central-1a", "kmsKeyArn": "arn:aws:kms:eu-central-1:123456789012:key/benchmark",
    "ami": "ami-0123456789abcdef0", "sysextSHA256": "0" * 64, "ecrProviderSHA256": "0" * 64, "tlsKeyType": "KEY_TYPE",
})
assert cluster, str(findings)
now = datetime.datetime.now(datetime.timezone.utc)
wish = Wish(cluster)
texts = pki.carry_out(wish, pki.plan(wish, {}, now), {}, now)
secrets = nodes.Secrets(pki.ca_hash(texts), pki.token(texts), pki.on_controllers(texts))
assert len(render(cluster, secrets, cluster.os.ami, "bucket").template) > 10_000
"""
CONTENDERS = {
    "bare": BARE,
    "ECDSA P-256": RENDER.replace("KEY_TYPE", "ecdsa-p256"),
    "RSA 2048": RENDER.replace("KEY_TYPE", "rsa-2048"),
}


def run(program: str) -> tuple[float, float]:
    """Seconds, and the most memory in MiB, of a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(TREE)}
    start = time.perf_counter()
    child = os.posix_spawn(sys.executable, [sys.executable, "-c", program], environment)
    _child, status, usage = os.wait4(child, 0)
    if status:
        sys.exit("A render failed.")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def main(rounds: int) -> None:
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in CONTENDERS}
    for program in CONTENDERS.values():
        run(program)
    for _ in range(rounds):
        for name, program in CONTENDERS.items():
            runs[name].append(run(program))
    medians = {name: [statistics.median(values) for values in zip(*found, strict=True)] for name, found in runs.items()}
    seconds, memory = medians["bare"]
    print(f"ratio to Python with the libraries, here {seconds:.2f} s and {memory:.0f} MiB (median of {rounds})")
    for name in ("ECDSA P-256", "RSA 2048"):
        time_ratio, memory_ratio = medians[name][0] / seconds, medians[name][1] / memory
        print(f"{name:12} time {time_ratio:.2f}  memory {memory_ratio:.2f}")
    print(f"ECDSA P-256 : RSA 2048 = {medians['ECDSA P-256'][0] / medians['RSA 2048'][0]:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
