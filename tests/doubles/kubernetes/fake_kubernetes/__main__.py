# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m fake_kubernetes --ca FILE --ca-key FILE --name NAME: run the double until it is stopped."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from fake_kubernetes.cluster import Cluster
from fake_kubernetes.server import FakeKubernetes


def main() -> None:
    parser = argparse.ArgumentParser(prog="fake_kubernetes", description="A double of the API of a Kubernetes cluster")
    parser.add_argument("--ca", type=Path, required=True, help="certificate of the cluster's CA")
    parser.add_argument("--ca-key", type=Path, required=True)
    parser.add_argument("--name", required=True, help="DNS name of the API")
    parser.add_argument("--port", type=int, default=6443)
    parser.add_argument("--controllers", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--ready-after", type=float, default=0, help="seconds until the API is healthy")
    parser.add_argument("--pid-file", type=Path, help="where to write the number of the process")
    given = parser.parse_args()
    if given.pid_file:
        given.pid_file.write_text(str(os.getpid()))
    cluster = Cluster(given.controllers, given.workers)
    FakeKubernetes(given.ca, given.ca_key, given.name, cluster, given.port, given.ready_after).serve()


if __name__ == "__main__":
    main()
