# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small Debian server below a folder: a web server from a package, an application server that no package brought."""

from __future__ import annotations

import hashlib
import typing as t
from pathlib import Path

from ansible_collections.containerci.aws.plugins.module_utils._spec.generate.choice import PATTERNS, Choice
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host

Files = dict[str, str]

_ROW = "   0: {}:{:04X} 00000000:0000 {} 00000000:00000000 00:00000000 00000000 {:5} 0 {} 1\n"
_TABLE = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
ANY, LOOPBACK, ANY6 = "00000000", "0100007F", "0" * 32
LINK_LOCAL6 = "000080FE000000000000000000000001"


def sockets(*rows: tuple[str, int, int, int], waits: str = "0A") -> str:
    """A table of the kernel: address, port, user, inode."""
    return _TABLE + "".join(_ROW.format(address, port, waits, user, inode) for address, port, user, inode in rows)


def process(pid: int, name: str, user: int, group: str) -> Files:
    return {
        f"/proc/{pid}/comm": f"{name}\n",
        f"/proc/{pid}/cmdline": f"/usr/sbin/{name}\0--password=hunter2\0",
        f"/proc/{pid}/status": f"Name:\t{name}\nUid:\t0\t{user}\t0\t0\n",
        f"/proc/{pid}/cgroup": f"0::/docker/1/system.slice/{group}\n",
        f"/proc/{pid}/environ": "TOKEN=hunter2\0",
    }


def package(name: str, priority: str = "optional", more: str = "", status: str = "installed") -> str:
    fields = {"Package": name, "Status": f"install ok {status}", "Priority": priority, "Version": "1.10-1"}
    return "".join(f"{key}: {value}\n" for key, value in fields.items()) + f"{more}\n"


NGINX_CONF = "worker_processes 4;\n"
MIME = "types {}\n"
DPKG = "".join(
    (
        package("bash", "required"),
        package("cron", "important"),
        package("nginx", more="Depends: nginx-common (>= 1), libc6 | musl:any\n"),
        package(
            "nginx-common",
            more="Conffiles:\n"
            f" /etc/nginx/nginx.conf {'0' * 32}\n"
            f" /etc/nginx/mime.types {hashlib.md5(MIME.encode()).hexdigest()}\n"
            f" /etc/nginx/old.conf {'0' * 32} obsolete\n"
            f" /etc/nginx/deleted.conf {'0' * 32}\n",
        ),
        package("libc6"),
        package("libauto"),
        package("redis"),
        package("gone", status="config-files"),
    )
)
UNIT = "Id={0}\nLoadState=loaded\nActiveState={1}\nSubState={2}\nUnitFileState={3}\nFragmentPath={4}\nUser={5}\n"
UNITS = {
    "nginx.service": ("active", "running", "enabled", "/lib/systemd/system/nginx.service", ""),
    "cron.service": ("active", "running", "enabled", "/lib/systemd/system/cron.service", ""),
    "jboss.service": ("active", "running", "disabled", "/etc/systemd/system/jboss.service", "jboss"),
    "firewall.service": ("active", "exited", "enabled", "/lib/systemd/system/firewall.service", ""),
    "stopped.service": ("inactive", "dead", "disabled", "/lib/systemd/system/stopped.service", ""),
    "helper.service": ("active", "running", "static", "/lib/systemd/system/helper.service", ""),
    "systemd-pstore.service": ("inactive", "dead", "enabled", "/lib/systemd/system/systemd-pstore.service", ""),
    "nightly.timer": ("active", "waiting", "enabled", "/etc/systemd/system/nightly.timer", ""),
    "pg@15-main.service": ("active", "running", "enabled-runtime", "/lib/systemd/system/pg@.service", "postgres"),
}
_FILE_STATES = {unit: row[2] for unit, row in UNITS.items() if "@" not in unit} | {
    "pg@.service": "enabled",
    "web.service": "alias",
}
SYSTEMCTL = """#!/bin/sh
case "$1" in
    show) shift 3; for unit; do printf "$between"; between='\\n'; /bin/cat "$0.units/$unit" || exit 1; done ;;
    *) /bin/cat "$0.$1" ;;
esac
"""
FILES: Files = {
    "/proc/net/tcp": sockets((ANY, 80, 0, 1), (LOOPBACK, 9990, 999, 2), (LOOPBACK, 8080, 999, 3), (ANY, 50000, 999, 4)),
    "/proc/net/tcp6": sockets((ANY6, 80, 0, 5), (LINK_LOCAL6, 546, 0, 6)),
    "/proc/net/udp": sockets((ANY, 68, 0, 7), (ANY, 40000, 0, 8), waits="07"),
    "/proc/net/udp6": sockets(),
    "/proc/sys/net/ipv4/ip_local_port_range": "32768\t60999\n",
    "/proc/sys/net/ipv4/ip_forward": "1\n",
    "/proc/sys/vm/swappiness": "10\n",
    "/proc/sys/net/ipv6/conf/all/stable_secret": "hunter2\n",
    "/proc/self/mounts": "overlay / overlay rw,relatime 0 0\nproc /proc proc rw 0 0\n/dev/sda1 /etc/hosts ext4 rw 0 0\n"
    "/dev/sdb1 /data xfs rw,noatime,nodev,attr2 0 0\nfiler:/share /share nfs4 rw,vers=4.2 0 0\n"
    "//me:hunter2@filer/x /cifs cifs rw 0 0\ntmpfs /run tmpfs rw 0 0\n/dev/loop1 /snap/core squashfs ro 0 0\n",
    "/etc/fstab": "# a comment\nUUID=1-2 /data xfs noatime,nodev,nofail,password=hunter2 0 2\nUUID=3 none swap sw 0 0\n"
    "/dev/sdc1 /later ext4 defaults 0 2\n",
    "/proc/modules": "br_netfilter 1 0 - Live 0x0\nother 1 0 - Live 0x0\n",
    "/etc/modules": "br_netfilter\nmissing\n# a comment\n",
    "/etc/sysctl.d/50-app.conf": "# a comment\nvm.swappiness = 60\n-net.ipv4.ip_forward=1\n"
    "net.ipv4.conf.*.rp_filter=1\nnet/ipv6/conf/all/stable_secret=hunter2\n",
    "/etc/debian_version": "12.5\n",
    "/etc/crontab": "17 * * * * root cd / && run-parts --report /etc/cron.hourly\n",
    "/etc/cron.d/app": "@daily jboss /opt/jboss/clean\n",
    "/var/spool/cron/crontabs/deploy": "15 3 * * *  /usr/local/bin/backup\n0 4 * * * curl -u me:hunter2 https://x/\n",
    "/etc/passwd": "root:x:0:0:root:/root:/bin/bash\nsync:x:4:65534:sync:/bin:/bin/sync\n"
    "www-data:x:33:33::/var/www:/usr/sbin/nologin\npostgres:x:70:70::/var/lib/pg:/usr/sbin/nologin\n"
    "jboss:x:999:999::/opt/jboss:/usr/sbin/nologin\ndeploy:x:1000:1000:,,,:/home/deploy:/bin/bash\n"
    "idle:x:1001:1001::/nonexistent:/bin/false\n",
    "/etc/group": "root:x:0:\nadm:x:4:deploy\nwww-data:x:33:\npostgres:x:70:\njboss:x:999:\ndeploy:x:1000:\n"
    "idle:x:1001:\nnogroup:x:65534:\n",
    "/etc/shadow": "deploy:$6$hunter2:19000::::::\n",
    "/etc/nginx/nginx.conf": NGINX_CONF,
    "/etc/nginx/mime.types": MIME,
    "/etc/nginx/old.conf": "old\n",
    "/etc/systemd/system/jboss.service": "[Service]\nEnvironment=PASSWORD=hunter2\n[Install]\n",
    "/etc/systemd/system/nightly.timer": "[Timer]\n",
    "/var/lib/dpkg/status": DPKG,
    "/var/lib/apt/extended_states": "Package: libauto\nArchitecture: amd64\nAuto-Installed: 1\n\n"
    "Package: redis\nArchitecture: amd64\nAuto-Installed: 0\n",
    "/var/lib/dpkg/info/nginx-common.list": "/.\n/etc/nginx/nginx.conf\n/lib/systemd/system/nginx.service\n",
    "/var/lib/dpkg/info/cron.list": "/lib/systemd/system/cron.service\n",
    "/var/lib/dpkg/info/redis.list": "/lib/systemd/system/redis.service\n",
    **process(10, "nginx", 0, "nginx.service"),
    **process(11, "nginx", 33, "nginx.service"),
    **process(20, "java", 999, "jboss.service"),
    "/tools/systemctl": SYSTEMCTL,
    "/tools/systemctl.list-unit-files": "".join(f"{unit} {state} -\n" for unit, state in _FILE_STATES.items()),
    "/tools/systemctl.list-units": "".join(f"{unit} loaded {row[0]} {row[1]} text\n" for unit, row in UNITS.items())
    + "auditd.service not-found inactive dead auditd\nrun-r1.service loaded active running transient\n",
    **{f"/tools/systemctl.units/{unit}": UNIT.format(unit, *row) for unit, row in UNITS.items()},
}
# The sockets of jboss are not to be seen, as in a container.
LINKS = {"/proc/10/fd/3": "socket:[1]", "/proc/11/fd/3": "socket:[1]", "/proc/10/fd/4": "socket:[5]"}


def build(root: Path, files: Files, links: Files) -> None:
    for path, text in files.items():
        place = root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        place.chmod(0o755 if path == "/tools/systemctl" else 0o644)
    for path, target in links.items():
        place = root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)
    for folder in ("/data", "/share", "/cifs", "/run/systemd/system"):
        (root / folder.lstrip("/")).mkdir(parents=True, exist_ok=True)


def choice(**options: t.Any) -> Choice:
    nothing = dict.fromkeys([*PATTERNS.values(), "resources", "ports", "from"])
    return Choice.read({**nothing, "checksums": False, **options})


def host(root: Path) -> Host:
    found = Host(root=str(root))
    found.search_path = f"{root}/tools"
    return found
