# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs beside the requests: processes of functions, commands and builds, and the threads that follow them.

A reset ends all of it. Whoever ends a process ends its whole group, so that nothing is left behind.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_stopping = threading.Event()
_lock = threading.Lock()
_processes: set[Process] = set()
_threads: set[threading.Thread] = set()
_folders: list[tempfile.TemporaryDirectory[str]] = []


class Stopped(Exception):
    """Everything is being reset: leave off at once."""


@dataclass(frozen=True)
class Result:
    """code is negative when a signal ended the process."""

    code: int
    output: bytes
    errors: bytes
    timed_out: bool = False


class Process:
    """A running command. Input and output are files: children may keep those open for ever."""

    def __init__(
        self,
        command: list[str],
        environment: dict[str, str],
        folder: Path,
        *,
        merged: bool = False,
        given: bytes = b"",
    ) -> None:
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 (closed by wait)
        self._errors = self._output if merged else tempfile.TemporaryFile()  # noqa: SIM115
        with _lock:
            if _stopping.is_set():
                raise Stopped
            with _file(given) as source:
                self._process = subprocess.Popen(
                    command,
                    env=environment,
                    cwd=folder,
                    stdin=source,
                    stdout=self._output,
                    stderr=self._errors,
                    start_new_session=True,
                )
            _processes.add(self)

    def stop(self) -> None:
        """End the command and all that it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def wait(self, seconds: float | None = None) -> Result:
        """The result; the command is ended when it takes longer."""
        timed_out = False
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            timed_out = True
            self.stop()
            self._process.wait()
        with _lock:
            _processes.discard(self)
        output = _content(self._output)
        errors = b"" if self._errors is self._output else _content(self._errors)
        return Result(self._process.returncode, output, errors, timed_out)


def _file(content: bytes) -> Any:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by the caller)
    file.write(content)
    file.seek(0)
    return file


def _content(file: Any) -> bytes:
    with file:
        file.seek(0)
        content: bytes = file.read()
    return content


def background(work: Callable[..., object], *arguments: Any) -> None:
    """Run work in a thread that a reset ends."""

    def run() -> None:
        try:
            work(*arguments)
        except Stopped:
            pass
        except Exception:  # nobody waits for the thread: the log of the server is the only place to say it
            traceback.print_exc()
        finally:
            with _lock:
                _threads.discard(threading.current_thread())

    thread = threading.Thread(target=run, daemon=True)
    with _lock:
        if _stopping.is_set():
            raise Stopped
        _threads.add(thread)
        thread.start()  # before anyone can want to join it


def new_folder(prefix: str) -> Path:
    """A folder that stays until a reset."""
    folder = tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)
    _folders.append(folder)
    return Path(folder.name)


def pause(seconds: float) -> None:
    """Sleep, unless everything is being reset."""
    if _stopping.wait(seconds):
        raise Stopped


def stop_all() -> None:
    """End every process and thread, and return when they have ended and the folders are gone."""
    with _lock:
        _stopping.set()
        processes, threads = list(_processes), list(_threads)
    for process in processes:
        process.stop()
    for thread in threads:
        thread.join(10)
    while _folders:
        _folders.pop().cleanup()
    _stopping.clear()
