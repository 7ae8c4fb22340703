"""One file that holds a home's state, and the way back from it.

A tar archive without compression (tar can list and unpack it), followed by one line with the
sha-256 of all before it: that is compared before anything is parsed. Inside lie the current
generation, the home's library folder, the settings, the desk's records, and `backup.json` with the
size and sum of every file.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from corpus.errors import CodedeskError
from index.catalogue import CATALOGUE, CatalogueWriter
from index.earlier import STORE, move_folders
from index.errors import IndexProblem, NoSpace, lacks_space
from index.home.home import Home, flush_tree
from index.home.manifest import (
    LAYOUT,
    FileSum,
    check_file,
    file_sum,
    measured,
    read_manifest,
    sync_folder,
)

_NAME = "backup.json"
_FORMAT = 1
_SETTINGS, _RECORDS, _LIBRARY, _GENERATION = (
    "settings.toml",
    "desk.sqlite3",
    "library",
    "generation",
)
_MARK = b"\ncodedesk-backup sha256="
_TRAILER = len(_MARK) + 64 + 1
_PIECE = 1 << 20


class BadBackup(CodedeskError):
    """A file that is no backup, or not the one that was written."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path} {what}. Nothing was changed; use another backup.")


@dataclass(frozen=True, slots=True)
class Done:
    """What was backed up or restored. `aside`: the folder with what was replaced, or ''."""

    generation: int
    files: int
    bytes: int
    aside: str = ""


def back_up(home: Home, target: Path) -> Done:
    """Write the current state to `target`, in one step. A sync may run meanwhile.

    Raises IndexProblem where there is no whole generation to write, OSError.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("xb") as file:
            temporary.chmod(0o600)
            generation, sums = _write(home, file)
            digest = _sum_of(temporary, file)
            file.write(_MARK + digest.encode("ascii") + b"\n")
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        temporary.replace(target)
        sync_folder(target.absolute().parent)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, Exception) and lacks_space(error):
            raise NoSpace(target) from error
        raise
    return Done(generation, len(sums), size)


def _sum_of(path: Path, file: IO[bytes]) -> str:
    file.flush()
    return file_sum(path)


def _write(home: Home, file: IO[bytes]) -> tuple[int, dict[str, FileSum]]:
    sums: dict[str, FileSum] = {}
    with (
        ExitStack() as opened,
        tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        generation, held = _hold(home, opened)
        for name, source in held:
            _add(tar, sums, f"{_GENERATION}/{name}", source)
        for name, source in _beside(home, opened):
            _add(tar, sums, name, source)
        about = {
            "format": _FORMAT,
            "generation": generation,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "home": str(home.path.resolve()),
            "files": {name: asdict(entry) for name, entry in sums.items()},
        }
        with tempfile.TemporaryFile() as listing:
            listing.write(json.dumps(about, indent=1).encode())
            listing.seek(0)
            _add(tar, {}, _NAME, listing)
    return generation, sums


def _hold(home: Home, opened: ExitStack) -> tuple[int, list[tuple[str, IO[bytes]]]]:
    """The files of the current generation, checked and held open: pruning cannot take them."""
    while True:
        generation = home.current()
        folder = home.folder(generation)
        try:
            manifest = read_manifest(folder)
            names = ["manifest.json", *manifest.files]
            held: list[tuple[str, IO[bytes]]] = [
                (name, opened.enter_context((folder / name).open("rb"))) for name in names
            ]
            for name in manifest.files:
                check_file(folder, name, manifest)
            return generation, held
        except (IndexProblem, OSError):
            if home.current() == generation:
                raise


def _beside(home: Home, opened: ExitStack) -> Iterator[tuple[str, IO[bytes]]]:
    """Settings, records and the library folder; what vanishes meanwhile is left out."""
    settings = home.path / _SETTINGS
    if settings.is_file():
        yield _SETTINGS, opened.enter_context(settings.open("rb"))
    if (home.path / _RECORDS).is_file():
        folder = opened.enter_context(tempfile.TemporaryDirectory())
        copy = Path(folder) / _RECORDS
        with (
            closing(sqlite3.connect(home.path / _RECORDS)) as source,
            closing(sqlite3.connect(copy)) as kept,
        ):
            source.backup(kept)
        yield _RECORDS, opened.enter_context(copy.open("rb"))
    own = home.path / _LIBRARY
    for path in sorted(own.rglob("*")) if own.is_dir() else []:
        with suppress(FileNotFoundError):
            if path.is_file() and not path.is_symlink():
                with path.open("rb") as file:
                    yield f"{_LIBRARY}/{path.relative_to(own).as_posix()}", file


def _add(tar: tarfile.TarFile, sums: dict[str, FileSum], name: str, source: IO[bytes]) -> None:
    """Copied first: a file of the library may grow while it is read, and its size goes ahead."""
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(source, copy, _PIECE)
        size = copy.tell()
        copy.seek(0)
        sums[name] = FileSum(size, hashlib.file_digest(copy, "sha256").hexdigest())
        copy.seek(0)
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        tar.addfile(entry, copy)


def restore(home: Home, file: Path, *, own: Mapping[str, Path] | None = None) -> Done:
    """Put the state of a backup in place of the home's. `own` are library folders by name that
    lie elsewhere on this machine than on the one that wrote the backup.

    Raises BadBackup before anything is changed, IndexLocked while a sync runs. What is replaced is
    moved into a folder beside it; the generations that were there stay.
    """
    _check_whole(file)
    with home.writing():
        home.sweep()
        work = home.path / f".restore.{os.getpid()}.tmp"
        try:
            work.mkdir(mode=0o700)
            about = _unpack(file, work)
            number = max(home.next_number(), int(about["generation"]))
            _move_in(home, work / _GENERATION, number, about, own or {})
            aside = _replace(home, work)
            home.publish(work / _GENERATION, number)
        except Exception as error:
            if lacks_space(error):
                raise NoSpace(home.path) from error
            raise
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return Done(number, len(about["files"]), file.stat().st_size, str(aside or ""))


def _check_whole(file: Path) -> None:
    """Compare the file with its last line. Raises BadBackup."""
    try:
        size = file.stat().st_size - _TRAILER
        with file.open("rb") as source:
            digest, left = hashlib.sha256(), size
            while left > 0 and (piece := source.read(min(left, _PIECE))):
                digest.update(piece)
                left -= len(piece)
            trailer = source.read()
    except OSError as error:
        raise BadBackup(file, f"cannot be read ({error.strerror})") from error
    if size <= 0 or not trailer.startswith(_MARK):
        raise BadBackup(file, "is no backup of Codedesk, or its end is missing")
    if trailer != _MARK + digest.hexdigest().encode("ascii") + b"\n":
        raise BadBackup(file, "is damaged: it is not what was written")


def _unpack(file: Path, work: Path) -> dict[str, Any]:
    """Write the members below `work` and compare each with its sum; gives `backup.json`."""
    found: dict[str, FileSum] = {}
    try:
        with tarfile.open(file, mode="r:") as tar:
            for member in tar:
                if not member.isfile() or not _is_allowed(member.name) or member.name in found:
                    raise BadBackup(file, f"holds what no backup holds ({member.name[:80]!r})")
                found[member.name] = _extract(tar, member, work / member.name)
        about: dict[str, Any] = json.loads((work / _NAME).read_text("utf-8"))
        found.pop(_NAME)
        if about["format"] > _FORMAT:
            raise BadBackup(file, "was made by a newer Codedesk; upgrade this one")
        if found != {name: FileSum(**entry) for name, entry in about["files"].items()}:
            raise BadBackup(file, "does not hold what it lists")
    except (
        tarfile.TarError,
        KeyError,
        ValueError,
        TypeError,
        EOFError,
        FileNotFoundError,
    ) as error:
        raise BadBackup(file, "is not put together as a backup is") from error
    manifest = read_manifest(work / _GENERATION)
    for name in manifest.files:
        check_file(work / _GENERATION, name, manifest)
    return about


def _is_allowed(name: str) -> bool:
    """Whether a member lies where a backup may write; never outside the work folder."""
    parts = PurePosixPath(name).parts
    if "\\" in name or "\0" in name or not parts or name != "/".join(parts):
        return False
    if any(part in ("..", ".", "/") or ":" in part[1:2] for part in parts):
        return False
    if len(parts) == 1:
        return name in (_NAME, _SETTINGS, _RECORDS)
    return parts[0] in (_LIBRARY, _GENERATION)


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> FileSum:
    source = tar.extractfile(member)
    if source is None:
        raise tarfile.ReadError(member.name)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = os.open(
        target, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600
    )
    with source, os.fdopen(private, "wb") as file:
        shutil.copyfileobj(source, file, _PIECE)
    return FileSum(target.stat().st_size, file_sum(target))


def _move_in(
    home: Home, folder: Path, number: int, about: Mapping[str, Any], own: Mapping[str, Path]
) -> None:
    """Let the generation have its new number, and know where the library lies on this machine."""
    manifest = read_manifest(folder)
    is_earlier = manifest.layout < LAYOUT
    listing = folder / (STORE if is_earlier else CATALOGUE)
    with closing(sqlite3.connect(listing)) as connection:
        known = dict(connection.execute("SELECT name, path FROM folders"))
    places = {**own, _LIBRARY: home.path / _LIBRARY}
    was = str(Path(about["home"]) / _LIBRARY)
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


def _replace(home: Home, work: Path) -> Path | None:
    """Put library, settings and records in place; what was there moves aside, nothing is lost."""
    flush_tree(work)
    aside = home.path / f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    for name in (_LIBRARY, _SETTINGS, _RECORDS):
        for old in (home.path / name, home.path / f"{name}-wal", home.path / f"{name}-shm"):
            if old.exists():
                aside.mkdir(mode=0o700, exist_ok=True)
                old.rename(aside / old.name)
        if (work / name).exists():
            (work / name).rename(home.path / name)
    sync_folder(home.path)
    return aside if aside.exists() else None
