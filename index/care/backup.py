"""One file that holds a home's state: see archive.py for how, and restore.py for the way back.

Inside lie the current generation, the home's library folder, the files put aside from it and those
in the trash, the settings, the own golden questions, the desk's records, and `backup.json` with the
size and sum of every file.
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO

from index.care.archive import Archive
from index.errors import DamagedIndex, IndexProblem, NoSpace, lacks_space
from index.home.durable import (
    claim,
    flush,
    is_being_written,
    is_unfinished,
    move,
    sync_folder,
    unfinished,
)
from index.home.held import hold
from index.home.home import Home
from index.home.switch import GENERATION, PARTS

ABOUT = "backup.json"
_PRIVATE = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0)
FORMAT = 3  # 1 knew neither own questions nor files put aside, 2 no trash
_RECORDS = PARTS["records"]
_FILES = tuple(PARTS[part] for part in ("settings", "questions", "editions", "names", "private"))
FOLDERS = (PARTS["library"], PARTS["disabled"], PARTS["trash"])


@dataclass(frozen=True, slots=True)
class Done:
    """What was backed up or restored. `aside`: the folder with what was replaced, or ''."""

    generation: int
    files: int
    bytes: int
    aside: str = ""


def back_up(home: Home, target: Path, *, records: Callable[[Path], None] | None = None) -> Done:
    """Write the current state to `target`, in one step. A sync may run meanwhile.

    `records` writes a file of the desk's records, where they are not the home's own. All that it
    needs is room beside `target`. Raises IndexProblem where there is no whole generation to write,
    OSError.
    """
    if target.is_dir():
        raise IndexProblem(f"{target} is a folder. Name the file that is to be written.")
    _sweep(target)
    temporary = unfinished(target)
    try:
        private = os.open(temporary, _PRIVATE, 0o600)
        with os.fdopen(private, "w+b") as file:
            claim(file.fileno())
            archive = Archive(file)
            generation = _write(home, archive, target, records or partial(_own_records, home))
            size = archive.finish()
            file.flush()
            flush(file.fileno())
        move(temporary, target)
        sync_folder(target.absolute().parent)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, Exception) and lacks_space(error):
            raise NoSpace(target) from error
        raise
    return Done(generation, len(archive.sums), size)


def _sweep(target: Path) -> None:
    """Remove what killed backups to the same place left there."""
    for left in target.absolute().parent.glob(".*.tmp"):
        ours = is_unfinished(left.name) and left.name.startswith(f".{target.name}.")
        if ours and not is_being_written(left):
            with suppress(OSError):
                left.unlink()


def _write(home: Home, archive: Archive, target: Path, records: Callable[[Path], None]) -> int:
    with ExitStack() as opened:
        manifest, held = hold(home, opened)
        for name, source in held.items():
            copied = archive.add(f"{GENERATION}/{name}", source)
            if name in manifest.files and copied != manifest.files[name]:
                raise DamagedIndex(manifest.generation, name, "has other bytes than it should")
        for name, source in _beside(home, opened, target, records):
            archive.add(name, source)
    about = {
        "format": FORMAT,
        "generation": manifest.generation,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "home": str(home.path.resolve()),
        "files": {name: asdict(entry) for name, entry in archive.sums.items()},
    }
    archive.add_text(ABOUT, json.dumps(about, indent=1))
    return manifest.generation


def _beside(
    home: Home, opened: ExitStack, target: Path, records: Callable[[Path], None]
) -> Iterator[tuple[str, IO[bytes]]]:
    """What belongs to the state besides its generation; what vanishes meanwhile is left out."""
    copy = _copy_of_records(records, opened, target)
    if copy.is_file():
        yield _RECORDS, opened.enter_context(copy.open("rb"))
    for path in _paths(home):
        with suppress(FileNotFoundError):
            if path.is_file() and not path.is_symlink() and not _is(path, target):
                with path.open("rb") as file:
                    yield path.relative_to(home.path).as_posix(), file


def _paths(home: Home) -> Iterator[Path]:
    yield from (home.path / name for name in _FILES)
    for folder in FOLDERS:
        for path in sorted((home.path / folder).rglob("*")):
            if not any(map(is_unfinished, path.relative_to(home.path).parts)):
                yield path


def _copy_of_records(records: Callable[[Path], None], opened: ExitStack, target: Path) -> Path:
    """A copy as of one moment: a desk may write to the records meanwhile."""
    folder = opened.enter_context(
        tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=f".{target.name}.")
    )
    copy = Path(folder) / _RECORDS
    records(copy)
    return copy


def _own_records(home: Home, copy: Path) -> None:
    if (home.path / _RECORDS).is_file():
        with (
            closing(sqlite3.connect(home.path / _RECORDS)) as source,
            closing(sqlite3.connect(copy)) as kept,
        ):
            source.backup(kept)


def _is(path: Path, target: Path) -> bool:
    """Whether a file of the library is an earlier backup that this one replaces."""
    return target.exists() and path.samefile(target)
