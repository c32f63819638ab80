# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small machine below a folder: what the resources read, without root and always the same.

Runs with Python 3.9, because the resources do.
"""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import shutil
import socket
import struct
import typing as t
from pathlib import Path
from unittest import mock

from ansible_collections.containerci.aws.plugins.module_utils._spec.evaluate import Evaluation, Options
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.registry import VOCABULARY

_TCP = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"


def _listener(place: str, state: str, inode: int) -> str:
    return f"   0: {place} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000     0        0 {inode} 1\n"


def _process(pid: int, comm: str, arguments: t.Sequence[str], state: str = "S (sleeping)") -> dict[str, str]:
    status = f"Name:\t{comm}\nState:\t{state}\nPPid:\t1\nUid:\t0\t1000\t0\t0\nGid:\t0\t1000\t0\t0\n"
    return {
        f"/proc/{pid}/comm": f"{comm}\n",
        f"/proc/{pid}/cmdline": "".join(f"{word}\0" for word in arguments),
        f"/proc/{pid}/status": f"{status}VmRSS:\t    2048 kB\nThreads:\t3\n",
        f"/proc/{pid}/stat": f"{pid} ({comm}) S 1 1 1 0 -1 4194560 1 0 0 0 1 1 0 0 20 -5 1 0 1 1 1\n",
    }


FILES = {
    "/proc/net/tcp": _TCP + _listener("00000000:0050", "0A", 101) + _listener("0100007F:1F90", "0A", 102),
    "/proc/net/tcp6": _TCP
    + _listener("00000000000000000000000001000000:0019", "0A", 103)
    # What Java and others open: an IPv6 socket with an IPv4 address.
    + _listener("0000000000000000FFFF00000100007F:1F91", "0A", 104),
    "/proc/net/udp": _TCP + _listener("0100007F:0143", "07", 105),
    "/proc/net/udp6": _TCP,
    "/proc/net/unix": "Num       RefCount Protocol Flags    Type St Inode Path\n"
    "0: 00000002 00000000 00010000 0001 01 201 /run/app.sock\n"
    "0: 00000003 00000000 00000000 0001 03 202 /run/peer.sock\n"
    "0: 00000002 00000000 00010000 0001 01 203 @abstract\n",
    "/proc/net/if_inet6": "fe800000000000000000000000000001 01 40 20 80       lo\n",
    "/proc/net/route": "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
    "lo\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
    "lo\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0\n",
    **_process(1, "systemd", ["/sbin/init"]),
    **_process(20, "app-server", ["/usr/bin/app-server", "--port", "80"]),
    **_process(21, "app-server", ["app-server: worker"]),
    **_process(22, "a-name-that-is-", ["/usr/bin/a-name-that-is-cut"]),
    **_process(23, "ended", [], state="Z (zombie)"),
    "/proc/self/mounts": "/dev/sda1 / ext4 rw,relatime 0 0\n/dev/sdb1 /data\\040one xfs rw,noatime,nodev 0 0\n",
    "/proc/modules": "usb_storage 81920 0 - Live 0x0\nbtrfs 1 0 - Live 0x0\n",
    "/proc/sys/vm/swappiness": "60\n",
    "/proc/sys/net/ipv4/tcp_rmem": "4096\t131072\t6291456\n",
    "/proc/sys/net/ipv4/conf/eth0.100/forwarding": "1\n",
    "/sys/class/net/lo/flags": "0x9\n",
    "/sys/class/net/lo/mtu": "65536\n",
    "/sys/class/net/lo/speed": "1000\n",
    "/sys/class/net/lo/address": "00:00:00:00:00:00\n",
    "/sys/class/net/down/flags": "0x1002\n",
    "/sys/fs/selinux/enforce": "1",
    "/etc/selinux/config": "# a comment\nSELINUX=enforcing\nSELINUXTYPE=targeted\n",
    "/etc/hosts": "127.0.0.1 localhost\n10.1.2.3 db.internal db # the database\n",
    "/etc/fstab": "# a comment\n/dev/sdb1 /data xfs noatime,nodev 0 2\nUUID=1-2 none swap sw 0 0\n",
    "/etc/crontab": "SHELL=/bin/sh\n17 *\t* * *\troot    run-parts /etc/cron.hourly\n",
    "/etc/cron.d/app": "@daily app /usr/bin/app --clean\n",
    "/etc/cron.d/app.dpkg-old": "1 1 1 1 1 app /usr/bin/app --ignored\n",
    "/var/spool/cron/crontabs/app": "# a comment\n15 3 * * *  /usr/local/bin/backup\n",
    "/etc/apt/sources.list": "deb [arch=amd64] http://deb.example.org/debian bookworm main contrib\n"
    "# deb http://deb.example.org/debian sid main\n",
    "/etc/apt/sources.list.d/app.sources": "Types: deb\nURIs: https://app.example.org/apt\nSuites: a\nComponents: b\n",
    "/etc/apt/sources.list.d/off.sources": "Enabled: no\nURIs: https://off.example.org/\nSuites: ./\n",
    "/etc/app.conf": "top = 1\n[server]\nport = 80\nhost = here\n[client]\nport = 81\n",
    "/etc/app.json": '{"jobs": [{"name": "build"}]}\n',
    "/etc/app.properties": "# a comment\nlevel=high\n",
    "/etc/ssh/sshd_config": "# PermitRootLogin yes\nPermitRootLogin no\nPort=22\nMatch User ann\nPermitRootLogin yes\n",
    "/etc/os-release": 'ID=example\nPRETTY_NAME="Example Linux 12"\n',
    "/etc/debian_version": "12.11\n",
    "/etc/login.defs": "UID_MIN\t\t\t 1000\nGID_MIN 1000\n",
    "/etc/passwd": "root:x:0:0:root:/root:/bin/bash\napp:x:1000:1000:The app,,,:/home/app:/bin/sh\n",
    "/etc/group": "root:x:0:\nadm:x:4:\nadminx:x:5:app\napp:x:1000:\n",
    "/etc/shadow": "root:!:19000:1:90:7::20000:\napp:$6$hash:19000::::::\n",
    "/home/app/.ssh/authorized_keys": "# ssh-rsa AAAAold app\n"
    'command="echo ssh-rsa no",no-pty ssh-ed25519 AAAAkey app@laptop\n',
    "/root/.ssh/authorized_keys/a-folder": "",
    "/opt/empty": "",
    "/opt/text": "first\nbegin\ninside\nend\nlast\n",
    "/opt/tool": "#!/bin/sh\n",
    "/var/lib/dpkg/status": "Package: app\nStatus: install ok installed\nArchitecture: amd64\n"
    "Version: 1:9.0.70-2+deb12u1\n\n"
    "Package: gone\nStatus: deinstall ok config-files\nArchitecture: all\nVersion: 1.0-1\n\n"
    "Package: half\nStatus: install ok half-configured\nArchitecture: all\nVersion: 1.0-1\n",
    "/tools/pip3": '#!/bin/sh\necho \'[{"name": "Py_App", "version": "2.32.3"}]\'\n',
    "/tools/iptables-save": "#!/bin/sh\ncat <<END\n*filter\n:INPUT DROP [0:0]\n:OWN - [0:0]\n"
    '-A INPUT -i lo -m comment --comment "from here" -j ACCEPT\nCOMMIT\nEND\n',
    "/tools/ip6tables-save": "#!/bin/sh\nprintf '*filter\\n:INPUT ACCEPT [0:0]\\n'\n",
    # It answers as systemctl does: a block for each unit, and nothing at all when one name cannot be a unit.
    "/tools/systemctl": """#!/bin/sh
echo called >>"$0.calls"
[ "$1 $2 $3" = "show --no-pager --" ] || { echo "systemctl: unknown arguments $*" >&2; exit 1; }
shift 3
for unit; do
    case $unit in
        *@.*) echo "Failed to get properties: Unit name $unit is not valid." >&2; exit 1 ;;
    esac
done
between=
for unit; do
    printf "$between"
    between='\\n'
    cat "$0.units/$unit" 2>/dev/null ||
        printf 'Id=%s\\nLoadState=not-found\\nActiveState=inactive\\nSubState=dead\\nMainPID=0\\n' "$unit"
done
""",
    "/tools/systemctl.units/app.service": "Id=app.service\nLoadState=loaded\nActiveState=active\nSubState=running\n"
    "UnitFileState=enabled\nMainPID=20\nUser=app\nRestart=always\n",
    "/tools/systemctl.units/off.service": "Id=off.service\nLoadState=loaded\nActiveState=failed\nSubState=failed\n"
    "UnitFileState=disabled\nMainPID=0\n",
    "/tools/systemctl.units/masked.service": "Id=masked.service\nLoadState=masked\nActiveState=inactive\n"
    "SubState=dead\nUnitFileState=masked\nMainPID=0\n",
    "/lib/systemd/system/off.service": "[Service]\nExecStart=/bin/off\n[Install]\nWantedBy=multi-user.target\n",
}
LINKS = {
    "/etc/link": "app.conf",
    "/etc/dangling": "nowhere",
    "/etc/loop": "loop",
    "/dev/null": "/dev/null",
    "/proc/20/exe": "/usr/bin/app-server",
    "/proc/20/fd/3": "socket:[101]",
}
MODES = {"/etc/app.conf": 0o640, "/opt/tool": 0o755, "/opt/text": 0o604, "/etc/shadow": 0o640}
FOLDERS = ("/run/systemd/system", "/data one")


def build(root: Path) -> None:
    """Write the whole machine below root."""
    for path, text in FILES.items():
        _write(root, path, text)
    for path in FOLDERS:
        _below(root, path).mkdir(parents=True)
    for path, target in LINKS.items():
        place = _below(root, path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)
    for path, mode in MODES.items():
        _below(root, path).chmod(mode)
    root.chmod(0o755)
    os.mkfifo(_below(root, "/opt/pipe"))
    with _inside(_below(root, "/opt")), socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")


def _below(root: Path, path: str) -> Path:
    return root / path.lstrip("/")


def _write(root: Path, path: str, text: str) -> None:
    place = _below(root, path)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    place.chmod(0o755 if path.startswith("/tools/") else 0o644)


@contextlib.contextmanager
def _inside(folder: Path) -> t.Iterator[None]:
    """A socket has a short path, so it is bound to a relative one."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def host(root: Path, **options: t.Any) -> Host:
    """The machine as the resources see it; of the tools of the real one it has only the shell and its helpers."""
    found = Host(root=str(root), timeout=5, **options)
    found.search_path = f"{root}/tools:/usr/bin:/bin"
    return found


@contextlib.contextmanager
def changed(
    root: Path,
    without: t.Sequence[str] = (),
    broken: t.Sequence[str] = (),
    files: t.Mapping[str, str] | None = None,
    netlink: bool = True,
    resolver: str = "",
    attributes: int | None = None,
) -> t.Iterator[None]:
    """The machine without some files, with broken ones (they cannot be read), with others, or without netlink;
    resolver says what becomes of the name none.test, attributes what the file system says of files (chattr)."""
    saved = root / "saved"
    saved.mkdir()
    paths = [*without, *broken, *(files or {})]
    for number, path in enumerate(paths):
        if os.path.lexists(_below(root, path)):
            _below(root, path).rename(saved / str(number))
    added = [_first_missing(_below(root, path)) for path in [*broken, *(files or {})]]
    for path in broken:
        _below(root, path).mkdir(parents=True)
    for path, text in (files or {}).items():
        _write(root, path, text)
    try:
        with _system(netlink, resolver, attributes):
            yield
    finally:
        for place in added:
            _remove(place)
        for number, path in enumerate(paths):
            if os.path.lexists(saved / str(number)):
                (saved / str(number)).rename(_below(root, path))
        saved.rmdir()


@contextlib.contextmanager
def _system(netlink: bool, resolver: str, attributes: int | None) -> t.Iterator[None]:
    with contextlib.ExitStack() as stack:
        if not netlink:
            stack.enter_context(mock.patch.object(socket, "AF_NETLINK", 12345))
        if resolver:
            stack.enter_context(mock.patch.object(socket, "getaddrinfo", _resolver(resolver)))
        if attributes is not None:
            stack.enter_context(mock.patch("fcntl.ioctl", _file_attributes(attributes)))
        yield


def _resolver(answer: str) -> t.Callable[..., t.NoReturn]:
    number = {"knows it does not exist": socket.EAI_NONAME, "does not answer": socket.EAI_AGAIN}[answer]

    def look_up(name: t.Any, *_settings: t.Any, **_more: t.Any) -> t.NoReturn:
        assert name == "none.test"
        raise socket.gaierror(number, answer)

    return look_up


def _file_attributes(attributes: int) -> t.Callable[..., bytes]:
    def ioctl(_handle: int, request: int, given: bytes) -> bytes:
        assert (request, len(given)) == (0x80086601, 8), "FS_IOC_GETFLAGS"
        return struct.pack("=Q", attributes)

    return ioctl


def _first_missing(place: Path) -> Path:
    """The place, or the highest folder on the way to it that does not exist yet."""
    return place if place.parent.exists() else _first_missing(place.parent)


def _remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def outcomes(root: Path, case: t.Mapping[str, t.Any]) -> list[dict[str, t.Any]]:
    """What becomes of the examples of a case: {examples, host, change}."""
    with changed(root, **case["change"]), name_service(root):
        return evaluate(host(root, **case["host"]), case["examples"])


def evaluate(world: Host, examples: t.Sequence[dict[str, t.Any]], **options: t.Any) -> list[dict[str, t.Any]]:
    return Evaluation(VOCABULARY, world, Options(**{"timeout": 5, **options})).run(examples)


@contextlib.contextmanager
def name_service(root: Path) -> t.Iterator[None]:
    """The accounts of the machine instead of those of the real one, and a name for who runs the tests."""
    users = [pwd.struct_passwd(_numbers(line, 2, 3)) for line in _lines(root, "/etc/passwd")]
    groups = [
        grp.struct_group([*_numbers(line, 2)[:3], line.split(":")[3].split(",") if line.split(":")[3] else []])
        for line in _lines(root, "/etc/group")
    ]
    if os.getuid():
        users.append(pwd.struct_passwd(("tester", "x", os.getuid(), os.getgid(), "", "/", "/bin/sh")))
        groups.append(grp.struct_group(("tester", "x", os.getgid(), [])))
    doubles = {
        "pwd.getpwnam": _look_up(users, "pw_name"),
        "pwd.getpwuid": _look_up(users, "pw_uid"),
        "pwd.getpwall": lambda: list(users),
        "grp.getgrnam": _look_up(groups, "gr_name"),
        "grp.getgrgid": _look_up(groups, "gr_gid"),
        "grp.getgrall": lambda: list(groups),
    }
    with contextlib.ExitStack() as stack:
        for name, double in doubles.items():
            stack.enter_context(mock.patch(name, double))
        yield


def _lines(root: Path, path: str) -> list[str]:
    return _below(root, path).read_text().splitlines()


def _numbers(line: str, *columns: int) -> list[t.Any]:
    return [int(field) if column in columns else field for column, field in enumerate(line.split(":"))]


def _look_up(entries: t.Sequence[t.Any], field: str) -> t.Callable[[t.Any], t.Any]:
    def look_up(wanted: t.Any) -> t.Any:
        for entry in entries:
            if getattr(entry, field) == wanted:
                return entry
        raise KeyError(wanted)

    return look_up
