"""What was deleted or replaced in the home's own library, kept for a while to be put back.

An entry is a folder in `$CODEDESK_HOME/trash/`: the file, its sidecars, and `entry.json`, which
says what it was. The entry is whole before the file leaves the library: whatever interrupts it,
nothing is lost.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.json import decode, encode

from corpus.errors import CodedeskError
from corpus.metadata.told import Told
from corpus.reading.read import groups_of
from index.home.access import make_folders
from index.home.durable import move, unfinished, write_durably
from ui.state import own_library

_ENTRY = "entry.json"
_HALF_MADE = timedelta(days=1)  # no writer takes longer: it was killed
DELETED, REPLACED = "deleted", "replaced"


class Thrown(Struct, frozen=True):
    """What was thrown away: the document by its place below the library folder, what was done to
    it, when (UTC, ISO 8601), and what people had said of it."""

    name: str
    action: str
    at: str
    key: str = ""
    told: tuple[Told, ...] = ()

    def until(self, days: int) -> datetime:
        """When it is removed for good."""
        return datetime.fromisoformat(self.at) + timedelta(days=days)


def throw(home: Path, path: Path, *, action: str, told: Sequence[Told] = ()) -> Thrown:
    """Keep a copy of a file of the library folder, and of its sidecars, in the trash."""
    now = datetime.now(UTC)
    folder = home / "trash"
    make_folders(folder, home)
    key = f"{now:%Y%m%dT%H%M%S%f}"
    name = path.relative_to(own_library.own_folder(home)).as_posix()
    entry = Thrown(name, action, now.isoformat(timespec="seconds"), key, tuple(told))
    work = unfinished(folder / key)
    make_folders(work, home)
    for source in (path, *own_library.sidecars(path)):
        with suppress(FileNotFoundError):
            write_durably(work / source.name, source.read_bytes())
    write_durably(work / _ENTRY, encode(entry))
    move(work, folder / key)
    return entry


def thrown(home: Path) -> list[Thrown]:
    """What is in the trash, newest first."""
    found = []
    for path in (home / "trash").glob(f"*/{_ENTRY}"):
        with suppress(OSError, ValueError):
            if not _is_half_made(path.parent):
                found.append(decode(path.read_bytes(), type=Thrown))
    return sorted(found, key=lambda one: one.key, reverse=True)


def groups(home: Path, entry: Thrown) -> tuple[str, ...] | None:
    """The groups that may see what was thrown away, as it says itself; None where nobody can
    tell."""
    return groups_of(home / "trash" / entry.key / Path(entry.name).name)


def put_back(home: Path, key: str) -> Thrown:
    """Put a file and its sidecars back in their place; what stands there now goes into the trash.
    Raises CodedeskError where the entry is gone."""
    entry = next((one for one in thrown(home) if one.key == key), None)
    if entry is None:
        raise CodedeskError("It is no longer in the trash.")
    folder = home / "trash" / key
    target = own_library.path_of(home, f"library/{entry.name}")
    if target.exists():
        throw(home, target, action=REPLACED)
        for sidecar in own_library.sidecars(target):
            sidecar.unlink(missing_ok=True)
    make_folders(target.parent, home)
    for source in sorted(folder.iterdir()):
        if source.name != _ENTRY:
            write_durably(target.with_name(source.name), source.read_bytes())
    _remove(folder)
    return entry


def empty(home: Path, *, days: int) -> list[Thrown]:
    """Remove for good what was thrown away more than so many days ago, and half-made entries."""
    now = datetime.now(UTC)
    over = [one for one in thrown(home) if one.until(days) <= now]
    for one in over:
        _remove(home / "trash" / one.key)
    for left in filter(_is_half_made, (home / "trash").glob("*")):
        with suppress(OSError):
            if datetime.fromtimestamp(left.stat().st_mtime, UTC) + _HALF_MADE < now:
                shutil.rmtree(left)
    return over


def _is_half_made(folder: Path) -> bool:
    return folder.suffix == ".tmp"


def _remove(folder: Path) -> None:
    (folder / _ENTRY).unlink(missing_ok=True)  # first: what is half removed is no entry
    shutil.rmtree(folder, ignore_errors=True)
