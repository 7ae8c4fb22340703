"""The way back from a backup: checked to the last byte, then put in place as one step."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from corpus.errors import CodedeskError
from index.care.archive import unpack, what_is_wrong
from index.care.backup import ABOUT, FOLDERS, FORMAT, Done
from index.embedded.catalogue import CATALOGUE
from index.embedded.catalogue_writing import CatalogueWriter
from index.embedded.earlier import STORE, move_folders
from index.errors import NoSpace, lacks_space
from index.home.access import file_mode, make_folders
from index.home.crash import crash_point
from index.home.durable import flush_tree, unfinished
from index.home.home import Home
from index.home.manifest import LAYOUT, FileSum, measured, read_manifest
from index.home.switch import GENERATION, PARTS, is_pending, parts_of, switch

_LIBRARY = PARTS["library"]


class BadBackup(CodedeskError):
    """A file that is no backup, or not the one that was written."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path} {what}. Nothing was changed; use another backup.")


@dataclass(frozen=True, slots=True)
class _About:
    """What `backup.json` says: of which home and generation it is, and the sums of its files."""

    format: int
    generation: int
    home: str
    files: Mapping[str, FileSum]


def restore(home: Home, file: Path, *, own: Mapping[str, Path] | None = None) -> Done:
    """Put the state of a backup in place of the home's. `own` are library folders by name that
    lie elsewhere on this machine than on the one that wrote the backup.

    Raises BadBackup before anything is changed, IndexLocked while a sync runs. What is replaced is
    moved into a folder beside it; the generations that were there stay. Whatever interrupts it, the
    old state answers or the new one, each with its own library and settings: see switch.py.
    """
    if wrong := what_is_wrong(file):
        raise BadBackup(file, wrong)
    size = file.stat().st_size  # now: one in the library moves aside with it
    with home.writing():
        home.sweep()
        work = unfinished(home.path / "restore")
        try:
            make_folders(work, home.path)
            about = _unpack(file, work, home)
            crash_point("restore-unpacked")
            number = max(home.next_number(), about.generation)
            _move_in(home, work / GENERATION, number, about, own or {})
            flush_tree(work)
            named = f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
            parts = parts_of(about.format)
            if PARTS["private"] not in about.files:  # the rules of now hold: those may close it
                parts = tuple(name for name in parts if name != PARTS["private"])
            aside = switch(home, work, number, aside=named, parts=parts)
        except Exception as error:
            if lacks_space(error):
                raise NoSpace(home.path) from error
            raise
        finally:
            if not is_pending(home):
                shutil.rmtree(work, ignore_errors=True)
    return Done(number, len(about.files), size, str(aside or ""))


def _unpack(file: Path, work: Path, home: Home) -> _About:
    """Write the members below `work` and compare each with its sum."""
    found: dict[str, FileSum] = {}
    try:
        with tarfile.open(file, mode="r:") as tar:
            for member in tar:
                if not member.isfile() or not _is_allowed(member.name) or member.name in found:
                    raise BadBackup(file, f"holds what no backup holds ({member.name[:80]!r})")
                found[member.name] = _extract(tar, member, work / member.name, home)
        about = _read_about(work / ABOUT)
        found.pop(ABOUT)
        if about.format > FORMAT:
            raise BadBackup(file, "was made by a newer Codedesk; upgrade this one")
        if found != about.files:
            raise BadBackup(file, "does not hold what it lists")
        manifest = read_manifest(work / GENERATION)
        if any(found[f"{GENERATION}/{name}"] != known for name, known in manifest.files.items()):
            raise BadBackup(file, "holds a generation that is not what was published")
    except (
        tarfile.TarError,
        KeyError,
        ValueError,
        TypeError,
        EOFError,
        FileNotFoundError,
    ) as error:
        raise BadBackup(file, "is not put together as a backup is") from error
    return about


def _read_about(path: Path) -> _About:
    raw = json.loads(path.read_text("utf-8"))
    files = {name: FileSum(**entry) for name, entry in raw["files"].items()}
    return _About(int(raw["format"]), int(raw["generation"]), str(raw["home"]), files)


def _is_allowed(name: str) -> bool:
    """Whether a member lies where a backup may write; never outside the work folder."""
    parts = PurePosixPath(name).parts
    if "\\" in name or "\0" in name or not parts or name != "/".join(parts):
        return False
    if any(part in ("..", ".", "/") or ":" in part[1:2] for part in parts):
        return False
    if len(parts) == 1:
        return name == ABOUT or (name in PARTS.values() and name not in FOLDERS)
    return parts[0] in (*FOLDERS, GENERATION)


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path, home: Home) -> FileSum:
    source = tar.extractfile(member)
    if source is None:
        raise tarfile.ReadError(member.name)
    make_folders(target.parent, home.path)
    created = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    with source, os.fdopen(os.open(target, created, file_mode(home.path)), "wb") as file:
        return unpack(source, file)


def _move_in(home: Home, folder: Path, number: int, about: _About, own: Mapping[str, Path]) -> None:
    """Let the generation have its new number, and know where the library lies on this machine."""
    manifest = read_manifest(folder)
    is_earlier = manifest.layout < LAYOUT
    listing = folder / (STORE if is_earlier else CATALOGUE)
    with closing(sqlite3.connect(listing)) as connection:
        known = dict(connection.execute("SELECT name, path FROM folders"))
    places = {**own, _LIBRARY: home.path / _LIBRARY}
    was = str(Path(about.home) / _LIBRARY)
    moved = {
        name: str(place.resolve())
        for name, place in places.items()
        if name in known and (name != _LIBRARY or known[name] == was)
    }
    if is_earlier:
        move_folders(folder, moved)
    else:
        catalogue = CatalogueWriter(listing)
        for name, place in moved.items():
            catalogue.move_folder(name, known[name], place)
        catalogue.finish()
    files = {**manifest.files, listing.name: measured(listing)}
    replace(manifest, generation=number, files=files).write(folder)
