"""Which process a job runs in, and whether that process still runs.

A process number alone proves nothing: it is reused, for example after a restart. A process is
identified by its number and its start time.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path


def seen_from_here() -> str:
    """Names those who see the same processes under the same numbers: this machine since it was
    started, and of a container only what runs in it."""
    if sys.platform == "linux":
        with suppress(OSError):
            return f"{_boot()} {Path('/proc/self/ns/pid').readlink()}"
    return socket.gethostname()


def started(pid: int) -> str:
    """When the process with this number started, as the system tells it; "" if none runs."""
    if pid <= 0:
        return ""
    if sys.platform == "win32":
        return _told_by_windows(pid)
    if sys.platform == "linux":
        return _told_by_linux(pid)
    return _told_by_ps(pid)


def is_running(pid: int, since: str) -> bool:
    """Whether the process with this number is still the one that started then."""
    return bool(since) and started(pid) == since


def stop(pid: int, since: str) -> None:
    """Stop the process and those it started, but never another one that has its number now."""
    if not is_running(pid, since):
        return
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(pid)], capture_output=True, check=False)
        return
    with suppress(ProcessLookupError, PermissionError):
        if os.getpgid(pid) == pid:
            os.killpg(pid, signal.SIGTERM)


def _told_by_linux(pid: int) -> str:
    """Clock ticks since boot, and the boot's id. A zombie no longer runs."""
    try:
        # The program's name is in brackets and may itself contain brackets.
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        boot = _boot()
    except OSError:
        return ""
    state, ticks = fields[0], fields[19]
    return "" if state in "ZX" else f"{ticks} {boot}"


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()


def _told_by_ps(pid: int) -> str:
    told = subprocess.run(
        ["ps", "-o", "state=,lstart=", "-p", str(pid)],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
        check=False,
    )
    state, _, since = told.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else " ".join(since.split())


def _told_by_windows(pid: int) -> str:
    script = f"(Get-Process -Id {pid}).StartTime.ToFileTimeUtc()"
    told = subprocess.run(
        ["powershell", "-NoProfile", "-NonInteractive", "-Command", script],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return told.stdout.strip()
