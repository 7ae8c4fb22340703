"""Files that a power cut cannot tear: written under a name of their own, flushed, then renamed."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from pathlib import Path, PurePath
from urllib.parse import quote_from_bytes

from index.home.crash import crash_point

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_UNFINISHED = re.compile(r"\..+\.[0-9a-f]{16}\.tmp", re.DOTALL)
_UNFINISHED_EARLIER = re.compile(r"\..+\.[0-9]+\.tmp", re.DOTALL)  # the process's number
# Windows does not rename what somebody holds open, were it a virus scanner for a moment.
_RENAMES, _PAUSE = (40 if os.name == "nt" else 1), 0.05
_WRITES = 3


def write_durably(path: Path, content: bytes, *, step: str | None = None) -> None:
    """Replace a file so that after a power cut it is the old or the new one, whole; of several
    writers, in threads or processes, the last one wins.

    `step` names the crash points between the parts; see index.home.crash.
    """
    for left in reversed(range(_WRITES)):
        temporary = unfinished(path)
        try:
            with temporary.open("xb") as file:
                claim(file.fileno())
                file.write(content)
                file.flush()
                flush(file.fileno())
                if step:
                    crash_point(f"{step}-unnamed")
                if fcntl:  # Windows renames nothing that is open, and removes nothing either
                    move(temporary, path)
            if not fcntl:
                move(temporary, path)
            break
        except FileNotFoundError:
            # A sweep may have come between the making of the file and the claim to it.
            if not left or not path.parent.is_dir():
                raise
        finally:
            temporary.unlink(missing_ok=True)
    if step == "pointer":
        crash_point("pointer-replaced")
    sync_folder(path.parent)


def unfinished(path: Path) -> Path:
    """A name beside a file for what is to become it: no other writer has it."""
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")


def is_unfinished(name: str, *, earlier: bool = False) -> bool:
    """Whether a file has such a name, or with `earlier` the kind that there was before: the sweep
    knows what a killed writer left by it."""
    old = earlier and _UNFINISHED_EARLIER.fullmatch(name)
    return bool(old or _UNFINISHED.fullmatch(name))


def is_being_written(path: Path) -> bool:
    """Whether a living writer is at work on an unfinished file. Windows lets none be removed."""
    if not path.is_file() or path.is_symlink():
        return False
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not claim(handle)
    finally:
        os.close(handle)


def move(source: Path, target: Path, *, tries: int = _RENAMES) -> None:
    """Rename. Where somebody holds it open for a moment, it is tried again.

    Raises PermissionError where it stays held.
    """
    for left in reversed(range(tries)):
        try:
            source.replace(target)
            return
        except PermissionError:
            if not left:
                raise
            time.sleep(_PAUSE)


def link(source: Path, target: Path) -> None:
    """A second name for a file that never changes; a copy where there are no hard links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def sqlite_uri(path: PurePath) -> str:
    """The address by which SQLite opens a file, without its options.

    Not `as_uri`: of a folder on a server that makes an address with a host, which SQLite refuses.
    Windows takes every drive that is mapped to a server for such a folder when it resolves a path.
    """
    name = path.as_posix()
    if name.startswith("//?/UNC/"):  # the long way to write a path of Windows
        name = name.replace("//?/UNC/", "//", 1)
    name = name.removeprefix("//?/")
    root = "" if name.startswith("/") else "/"
    return f"file://{root}{quote_from_bytes(os.fsencode(name), safe='/:')}"


def flush(handle: int) -> None:
    """Bring an open file to the disk itself. On macOS `fsync` stops at the drive's cache."""
    whole = getattr(fcntl, "F_FULLFSYNC", None)
    if whole is not None:
        try:
            fcntl.fcntl(handle, whole)
            return
        except OSError:  # not known to every file system, a network's for one
            pass
    os.fsync(handle)


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable. Windows has no such call and does not need it."""
    if os.name != "nt":
        _flush_path(folder, os.O_RDONLY)


def flush_tree(folder: Path) -> None:
    """Flush every file and folder below to the disk."""
    # Windows flushes only what is open for writing; elsewhere a file may be another user's.
    way = os.O_RDWR if os.name == "nt" else os.O_RDONLY
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            sync_folder(path)
        else:
            _flush_path(path, way)
    sync_folder(folder)


def claim(handle: int) -> bool:
    """Take an open file for this process, until it is closed; say whether nobody else had it."""
    if not fcntl:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def _flush_path(path: Path, way: int) -> None:
    handle = os.open(path, way)
    try:
        flush(handle)
    finally:
        os.close(handle)
