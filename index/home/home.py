"""`$CODEDESK_HOME` on disk: generations, the pointer to the current one, and the writer's lock.

generations/000007/           one immutable state of the index
generations/000007.unwanted   that one is removed; its files go, or its number is not given again
CURRENT                       names the one that answers; replaced atomically
models/                       converted models
restore.json                  a restore that is not done yet; see switch.py
writer.lock                   held while a sync runs; dies with its process
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from index.errors import DamagedPointer, IndexLocked, IndexProblem, NoIndex
from index.home.access import folder_mode, grant
from index.home.crash import crash_point
from index.home.durable import (
    flush_tree,
    is_being_written,
    is_unfinished,
    move,
    sync_folder,
    write_durably,
)

_WRITTEN_TO = ("jobs", "evaluations", "disabled", "library")  # besides the home itself
_DAY = 86_400  # seconds
_NUMBERED = re.compile(r"([0-9]{6,})(?:\.(tmp|removed|unwanted))?")


class Home:
    """The folder that holds everything Codedesk has built."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.generations = path / "generations"
        self.models = path / "models"

    def make(self) -> None:
        """Make the folders: a home for its owner alone; one that is there keeps its permissions.

        Raises IndexProblem.
        """
        try:
            if not self.path.is_dir():
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self.path.mkdir(exist_ok=True, mode=0o700)
            self.generations.mkdir(exist_ok=True, mode=folder_mode(self.path))
        except OSError as error:
            raise IndexProblem(
                f"Cannot write to {self.path}: {error.strerror}. Choose another folder with "
                "CODEDESK_HOME, or change its permissions."
            ) from error

    def current(self) -> int:
        """The number of the generation that answers. Raises NoIndex, DamagedPointer.

        The number carries its own sum: one flipped bit would name another generation.
        """
        try:
            content = (self.path / "CURRENT").read_bytes()
        except FileNotFoundError as error:
            if not self.kept():
                raise NoIndex(self.path) from error
            raise DamagedPointer(self.path / "CURRENT", "is missing") from error
        except OSError as error:
            raise DamagedPointer(self.path / "CURRENT", "cannot be read") from error
        number = re.match(rb"[0-9]{6,}", content)
        # Before sums were written there was the number alone.
        if number is None or content not in (_pointer(number[0]), number[0] + b"\n"):
            raise DamagedPointer(self.path / "CURRENT", "is damaged")
        return int(number[0])

    def folder(self, generation: int) -> Path:
        return self.generations / f"{generation:06d}"

    def kept(self) -> list[int]:
        """The published generations on disk, oldest first; not those that were removed."""
        return sorted(set(self._numbered(None)) - set(self._numbered("unwanted")))

    def _numbered(self, ending: str | None) -> list[int]:
        """The numbers of the entries with this ending; without one, of the folders."""
        if not self.generations.is_dir():
            return []
        found = ((entry, _NUMBERED.fullmatch(entry.name)) for entry in self.generations.iterdir())
        return [
            int(named[1])
            for entry, named in found
            if named and named[2] == ending and (ending or entry.is_dir())
        ]

    def next_number(self) -> int:
        """A number that no generation has had: folders, marks and the pointer count."""
        return self._highest() + 1

    def _highest(self) -> int:
        numbers = [*self._numbered(None), *self._numbered("unwanted")]
        with suppress(IndexProblem):
            numbers.append(self.current())
        return max(numbers, default=0)

    def point_to(self, generation: int) -> None:
        """Make this generation the one that answers, in one step."""
        write_durably(
            self.path / "CURRENT", _pointer(f"{generation:06d}".encode("ascii")), step="pointer"
        )
        crash_point("pointer-flushed")

    def publish(self, work: Path, generation: int) -> None:
        """Turn a finished work folder into a generation and make it current."""
        self.place(work, generation)
        self.point_to(generation)

    def place(self, work: Path, generation: int) -> None:
        """Turn a finished work folder into a generation; which one answers stays as it is."""
        grant(work, self.path)
        flush_tree(work)
        crash_point("tree-flushed")
        move(work, self.folder(generation))
        crash_point("folder-named")
        sync_folder(self.generations)
        crash_point("parent-flushed")

    def prune(self, *, keep: int, since: float | None = None) -> list[int]:
        """Remove all but the newest `keep` generations and the last one of each day (UTC) after
        `since` (seconds since 1970), never the current one."""
        current = self.current()
        others = [number for number in self.kept() if number != current]
        doomed = others[: max(0, len(others) - (keep - 1))]
        if since is not None:
            placed = {number: self.folder(number).stat().st_mtime for number in self.kept()}
            last = {int(at // _DAY): number for number, at in placed.items() if at >= since}
            doomed = [number for number in doomed if number not in last.values()]
        for number in doomed:
            self.remove(number)
        return doomed

    def remove(self, generation: int) -> None:
        """Remove a generation that does not answer.

        Windows lets no folder go of which a file is open, as at a desk. It is then marked: it does
        not count any more, and later syncs try again. The newest is marked as well, else the next
        one would get its number, and with it what was noted of it.
        """
        folder = self.folder(generation)
        if generation == self._highest():
            self._mark(generation)
        # Renamed first: a half-removed folder must not look like a generation.
        grave = folder.with_name(f"{folder.name}.removed")
        try:
            move(folder, grave, tries=1)
        except PermissionError:
            self._mark(generation)
            return
        crash_point("grave-named")
        shutil.rmtree(grave, ignore_errors=True)
        crash_point("grave-emptied")

    def unwanted(self) -> list[Path]:
        """The marks of removed generations, and those folders that were held open until now."""
        marked = self._numbered("unwanted")
        folders = (self.folder(number) for number in marked)
        return [*map(self._marked, marked), *(folder for folder in folders if folder.is_dir())]

    def _mark(self, generation: int) -> None:
        if not self._marked(generation).exists():
            write_durably(self._marked(generation), b"")

    def _marked(self, generation: int) -> Path:
        return self.generations / f"{generation:06d}.unwanted"

    def sweep(self) -> list[str]:
        """Remove what a killed writer left behind and generations that were held open when they
        were removed; give the names. Only for the lock's holder."""
        swept = [left.name for left in self.leftovers() if _remove(left)]
        for number in self._numbered("unwanted"):
            folder = self.folder(number)
            if folder.is_dir():
                self.remove(number)
                swept += [] if folder.is_dir() else [folder.name]
            if not folder.is_dir() and number < self._highest():
                self._marked(number).unlink()
        return swept

    def leftovers(self) -> list[Path]:
        """What a killed writer left behind, or a living one is working on."""
        found = [
            entry
            for entry in sorted(self.path.glob(".*.tmp"))
            if is_unfinished(entry.name, earlier=True)
        ]
        for name in _WRITTEN_TO:
            inside = sorted((self.path / name).rglob(".*.tmp"))
            found += (entry for entry in inside if is_unfinished(entry.name))
        if self.generations.is_dir():
            found += (entry for entry in sorted(self.generations.iterdir()) if _is_half_made(entry))
        return found

    def holder(self) -> str:
        """Who wrote last, or writes now, in words; '' when nobody said so."""
        return _holder(self.path / "writer.json")

    def _named(self) -> str:
        """The holder's name, which is written a moment after the lock is taken."""
        for _ in range(40):
            if known := self.holder():
                return known
            time.sleep(0.05)
        return ""

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's lock; what an interrupted restore left to do is done first.

        Raises IndexLocked at once, naming who holds it.
        """
        from filelock import FileLock, Timeout  # who only reads does not wait for it

        from index.home.switch import finish

        self.make()
        lock = FileLock(self.path / "writer.lock", timeout=0)
        holder = self.path / "writer.json"
        try:
            lock.acquire()
        except Timeout as error:
            raise IndexLocked(
                f"Another process is writing the index{self._named()}. Wait until it is done."
            ) from error
        try:
            write_durably(
                holder,
                json.dumps(
                    {
                        "pid": os.getpid(),
                        "host": socket.gethostname(),
                        "since": datetime.now(UTC).isoformat(timespec="seconds"),
                    }
                ).encode(),
            )
            crash_point("locked")
            finish(self)
            yield
        finally:
            with suppress(OSError):
                holder.unlink(missing_ok=True)
            lock.release()


def _is_half_made(entry: Path) -> bool:
    """Whether an entry among the generations is none, or no longer one."""
    named = _NUMBERED.fullmatch(entry.name)
    return is_unfinished(entry.name) or bool(named and named[2] in ("tmp", "removed"))


def _remove(leftover: Path) -> bool:
    """Remove a file or a folder that nobody works on; say whether it is gone now."""
    if is_being_written(leftover):
        return False
    if leftover.is_dir() and not leftover.is_symlink():
        shutil.rmtree(leftover, ignore_errors=True)
    else:
        with suppress(PermissionError):  # on Windows: somebody works on it
            leftover.unlink(missing_ok=True)
    return not os.path.lexists(leftover)


def _pointer(number: bytes) -> bytes:
    """What CURRENT holds: the number and the beginning of its sum."""
    return number + b" " + hashlib.sha256(number).hexdigest()[:16].encode("ascii") + b"\n"


def _holder(path: Path) -> str:
    try:
        known = json.loads(path.read_text("utf-8"))
        return f" (process {known['pid']} on {known['host']}, since {known['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
