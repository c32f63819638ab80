# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of an upstream's speed is left behind the proxy of role nginx_proxy, with and without TLS.

The upstream is another NGINX that answers at once, so this is the dearest case. All is in one container on its
loopback, and wrk asks each in turn for some seconds.

scripts/base_image && scripts/run python benchmarks/nginx_proxy.py [ROUNDS]
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from proxy_config import configuration  # noqa: E402

BOX = "containerci_benchmark_nginx_proxy"
IMAGE = "containerci/debian-systemd:bookworm"
SECONDS = 3
CONNECTIONS = 16
FOLDER = "/etc/nginx_proxy"

UPSTREAM = """
worker_processes auto;
pid /run/upstream.pid;
events {}
http {
  access_log off;
  server { listen 127.0.0.1:8080; location / { return 200 "%s"; } }
}
""" % ("0123456789abcdef" * 64)

SETUP = f"""
apt-get update -qq
apt-get install -y -qq --no-install-recommends nginx-light wrk openssl
mkdir -p {FOLDER}/tls
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 1 -subj /CN=localhost \
  -keyout {FOLDER}/tls/self_signed.key -out {FOLDER}/tls/self_signed.pem
"""

ADDRESSES = {
    "the upstream alone": "http://127.0.0.1:8080/",
    "behind the proxy": "http://127.0.0.1:8000/",
    "behind the proxy, with TLS": "https://127.0.0.1:8443/",
}


def proxy(name: str, **options: t.Any) -> str:
    """The configuration of the role, beside other proxies in one box."""
    facts = {"ansible_facts": {"os_family": "Debian"}}
    return configuration({**facts, **options}).replace("/run/nginx.pid", f"/run/{name}.pid")


def configurations() -> dict[str, str]:
    tls = {"nginx_proxy_tls": "self_signed", "nginx_proxy_http_port": 8001, "nginx_proxy_https_port": 8443}
    return {
        "upstream": UPSTREAM,
        "plain": proxy("plain", nginx_proxy_http_port=8000, nginx_proxy_health_port=8002),
        "tls": proxy("tls", nginx_proxy_health_port=8003, **tls),
    }


def inside(*command: str, stdin: str = "") -> str:
    done = subprocess.run(["docker", "exec", "-i", BOX, *command], input=stdin, text=True, capture_output=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def network() -> str:
    known = subprocess.run(["docker", "network", "inspect", "bridge"], capture_output=True)
    return "host" if known.returncode else "bridge"


def start() -> None:
    subprocess.run(
        ["docker", "run", "--detach", f"--name={BOX}", f"--network={network()}", IMAGE, "sleep", "infinity"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    inside("sh", "-ec", SETUP)
    for name, text in configurations().items():
        inside("sh", "-c", f"cat > {FOLDER}/{name}.conf", stdin=text)
        inside("nginx", "-c", f"{FOLDER}/{name}.conf")


def measure(address: str) -> tuple[float, float]:
    """Requests in a second, and how many milliseconds half of them took at most."""
    told = inside("wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", address)
    if "Non-2xx" in told or "Socket errors" in told:
        sys.exit(f"{address} did not answer well:\n{told}")
    rate, half = re.search(r"Requests/sec:\s+([\d.]+)", told), re.search(r"50%\s+([\d.]+)(us|ms|s)\n", told)
    if not rate or not half:
        sys.exit(f"wrk cannot be understood:\n{told}")
    return float(rate[1]), float(half[1]) * {"us": 0.001, "ms": 1, "s": 1000}[half[2]]


def main(rounds: int) -> None:
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in ADDRESSES}
    try:
        start()
        for _ in range(rounds):
            for name, address in ADDRESSES.items():
                seen[name].append(measure(address))
    finally:
        subprocess.run(["docker", "rm", "--force", BOX], capture_output=True)
    medians = {name: [statistics.median(part) for part in zip(*found, strict=True)] for name, found in seen.items()}
    alone, alone_half = medians["the upstream alone"]
    for name, (rate, half) in medians.items():
        print(f"{name}: {rate / alone:.2f} of the requests, {half / alone_half:.1f} times as long (median of {rounds})")
        print(f"  here {rate:.0f} requests in a second, half of them within {half:.2f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
