"""The folder of converted models: what lies there for nothing is swept, what is in use never.

A process that uses a conversion holds its card open under a shared lock, which dies with it. Who
sweeps must have the lock alone; on Windows a folder with an open file cannot be renamed at all.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

CONVERSION = 7  # counts up when the conversion changes what it writes
CARD = "card.json"
WORK = ".converting-"
_REMOVED = ".removed-"
_COPIED = re.compile(r"\..+-\d+")  # by an earlier Codedesk, which was killed at it


def held(folder: Path) -> IO[bytes]:
    """The conversion's card, open: until it is closed the folder stays. Raises OSError."""
    while True:
        card = (folder / CARD).open("rb")
        if fcntl is None:
            return card
        with suppress(OSError):  # a disk without locks
            fcntl.flock(card, fcntl.LOCK_SH)
        # It may have been swept between the opening and the lock.
        with suppress(FileNotFoundError):
            if (folder / CARD).stat().st_ino == os.fstat(card.fileno()).st_ino:
                return card
        card.close()


@contextmanager
def converting(models: Path, *, wait: bool) -> Iterator[None]:
    """The lock of who writes into the folder. Raises filelock.Timeout where another has it and
    `wait` is false."""
    from filelock import FileLock  # who only asks does not wait for it

    with FileLock(models / "converting.lock", timeout=-1 if wait else 0):
        yield


def sweep(models: Path) -> list[str]:
    """Remove what killed conversions left behind, and the conversions that no present Codedesk can
    use and no process does; give the names. Nothing where another process converts."""
    if not models.is_dir():
        return []
    swept = []
    with suppress(OSError), converting(models, wait=False):  # Timeout is an OSError
        for entry in sorted(models.iterdir()):
            if (_is_left(entry) and _removed(entry)) or (_is_old(entry) and _unless_used(entry)):
                swept.append(entry.name)
    return swept


def _is_left(entry: Path) -> bool:
    name = entry.name
    known = name.startswith((WORK, _REMOVED)) or _COPIED.fullmatch(name)
    return bool(known) and entry.is_dir() and not entry.is_symlink()


def _is_old(folder: Path) -> bool:
    """Whether it is a conversion, and one of an earlier kind."""
    try:
        card = json.loads((folder / CARD).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(card, dict) and card.get("conversion", 0) < CONVERSION


def _unless_used(folder: Path) -> bool:
    """Remove a conversion that no process uses."""
    if fcntl is None:
        return _removed(folder)
    with (folder / CARD).open("rb") as card:
        try:
            fcntl.flock(card, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return _removed(folder)


def _removed(folder: Path) -> bool:
    """Rename, then remove: a half-removed conversion must not look like one."""
    grave = folder
    if not folder.name.startswith("."):
        grave = folder.with_name(f"{_REMOVED}{folder.name}")
        try:
            folder.rename(grave)
        except OSError:
            return False
    shutil.rmtree(grave, ignore_errors=True)
    return True
