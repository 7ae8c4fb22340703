"""`$CODEDESK_HOME` on disk: generations, the pointer to the current one, and the writer's lock.

generations/000007/   one immutable state of the index
CURRENT               names the one that answers; replaced atomically
models/               converted models
writer.lock           held while a sync runs; dies with its process
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import IndexLocked, IndexProblem, NoIndex
from index.manifest import sync_folder, write_durably

_CRASH_AT = "CODEDESK_CRASH_AT"  # tests set it to a step's name: the process dies there


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
        """The number of the generation that answers. Raises NoIndex, IndexProblem."""
        try:
            text = (self.path / "CURRENT").read_text("ascii").strip()
        except FileNotFoundError as error:
            raise NoIndex(self.path) from error
        except (OSError, ValueError):
            text = ""
        if not re.fullmatch(r"\d{6,}", text):
            raise IndexProblem(
                f"{self.path / 'CURRENT'} is damaged. `codedesk rollback` chooses a kept "
                "generation again."
            )
        return int(text)

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
        crash_point("before-pointer")
        write_durably(self.path / "CURRENT", f"{generation:06d}\n".encode("ascii"))
        crash_point("after-pointer")

    def publish(self, work: Path, generation: int) -> None:
        """Turn a finished work folder into a generation and make it current."""
        flush_tree(work)
        crash_point("before-rename")
        work.rename(self.folder(generation))
        sync_folder(self.generations)
        crash_point("after-rename")
        self.point_to(generation)

    def prune(self, *, keep: int) -> list[int]:
        """Remove all but the newest `keep` generations, never the current one."""
        current = self.current()
        others = [number for number in self.kept() if number != current]
        doomed = others[: max(0, len(others) - (keep - 1))]
        for number in doomed:
            # Renamed first: a half-removed folder must not look like a generation.
            doomed_folder = self.folder(number)
            grave = doomed_folder.with_name(f"{doomed_folder.name}.removed")
            crash_point("before-prune")
            doomed_folder.rename(grave)
            shutil.rmtree(grave, ignore_errors=True)
        return doomed

    def sweep(self) -> list[str]:
        """Remove what a killed writer left behind; give the names. Only for the lock's holder."""
        swept = []
        if self.generations.is_dir():
            for entry in sorted(self.generations.iterdir()):
                if entry.is_dir() and re.fullmatch(r"\d{6,}\.(tmp|removed)", entry.name):
                    shutil.rmtree(entry, ignore_errors=True)
                    swept.append(entry.name)
        for leftover in sorted(self.path.glob(".*.tmp")):
            leftover.unlink(missing_ok=True)
            swept.append(leftover.name)
        return swept

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's lock. Raises IndexLocked at once, naming who holds it."""
        self.make()
        lock = FileLock(self.path / "writer.lock", timeout=0)
        holder = self.path / "writer.json"
        try:
            lock.acquire()
        except Timeout as error:
            raise IndexLocked(
                f"Another process is writing the index{_holder(holder)}. Wait until it is done."
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
            yield
        finally:
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


def crash_point(step: str) -> None:
    """Die here, as a power cut would, when a test asked for it through the environment."""
    if os.environ.get(_CRASH_AT) == step:
        os._exit(137)


def _holder(path: Path) -> str:
    try:
        known = json.loads(path.read_text("utf-8"))
        return f" (process {known['pid']} on {known['host']}, since {known['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
