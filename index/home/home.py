"""`$CODEDESK_HOME` on disk: generations, the pointer to the current one, and the writer's lock.

generations/000007/   one immutable state of the index
CURRENT               names the one that answers; replaced atomically
models/               converted models
writer.lock           held while a sync runs; dies with its process
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
from index.home.crash import crash_point
from index.home.manifest import sync_folder, write_durably


class Home:
    """The folder that holds everything Codedesk has built."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.generations = path / "generations"
        self.models = path / "models"

    def make(self) -> None:
        """Make the folders, readable by their owner only. Raises IndexProblem."""
        try:
            self.generations.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.path.chmod(0o700)
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
        number = re.match(rb"\d{6,}", content)
        # Before sums were written there was the number alone.
        if number is None or content not in (_pointer(number[0]), number[0] + b"\n"):
            raise DamagedPointer(self.path / "CURRENT", "is damaged")
        return int(number[0])

    def folder(self, generation: int) -> Path:
        return self.generations / f"{generation:06d}"

    def kept(self) -> list[int]:
        """The published generations on disk, oldest first."""
        if not self.generations.is_dir():
            return []
        names = (entry.name for entry in self.generations.iterdir() if entry.is_dir())
        return sorted(int(name) for name in names if re.fullmatch(r"\d{6,}", name))

    def next_number(self) -> int:
        """A number that no generation has had: folders and the pointer both count."""
        numbers = self.kept()
        with suppress(IndexProblem):
            numbers.append(self.current())
        return max(numbers, default=0) + 1

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
        flush_tree(work)
        crash_point("tree-flushed")
        work.rename(self.folder(generation))
        crash_point("folder-named")
        sync_folder(self.generations)
        crash_point("parent-flushed")

    def prune(self, *, keep: int) -> list[int]:
        """Remove all but the newest `keep` generations, never the current one."""
        current = self.current()
        others = [number for number in self.kept() if number != current]
        doomed = others[: max(0, len(others) - (keep - 1))]
        for number in doomed:
            self.remove(number)
        return doomed

    def remove(self, generation: int) -> None:
        """Remove a generation that does not answer."""
        # Renamed first: a half-removed folder must not look like a generation.
        folder = self.folder(generation)
        grave = folder.with_name(f"{folder.name}.removed")
        folder.rename(grave)
        crash_point("grave-named")
        shutil.rmtree(grave, ignore_errors=True)
        crash_point("grave-emptied")

    def sweep(self) -> list[str]:
        """Remove what a killed writer left behind; give the names. Only for the lock's holder."""
        swept = []
        for leftover in self.leftovers():
            if leftover.is_dir() and not leftover.is_symlink():
                shutil.rmtree(leftover, ignore_errors=True)
            else:
                leftover.unlink(missing_ok=True)
            swept.append(leftover.name)
        return swept

    def leftovers(self) -> list[Path]:
        """What a killed writer left behind, or a living one is working on."""
        found = sorted(self.path.glob(".*.tmp"))
        if self.generations.is_dir():
            found += (
                entry
                for entry in sorted(self.generations.iterdir())
                if entry.is_dir() and re.fullmatch(r"\d{6,}\.(tmp|removed)", entry.name)
            )
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
        """Hold the writer's lock. Raises IndexLocked at once, naming who holds it."""
        from filelock import FileLock, Timeout  # who only reads does not wait for it

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
            yield
        finally:
            with suppress(OSError):
                holder.unlink(missing_ok=True)
            lock.release()


def flush_tree(folder: Path) -> None:
    """Flush every file and folder below to the disk."""
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            sync_folder(path)
            continue
        handle = os.open(path, os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    sync_folder(folder)


def _pointer(number: bytes) -> bytes:
    """What CURRENT holds: the number and the beginning of its sum."""
    return number + b" " + hashlib.sha256(number).hexdigest()[:16].encode("ascii") + b"\n"


def _holder(path: Path) -> str:
    try:
        known = json.loads(path.read_text("utf-8"))
        return f" (process {known['pid']} on {known['host']}, since {known['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
