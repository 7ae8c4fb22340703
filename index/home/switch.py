"""A whole state put in place of another: generation, library folder, settings, records.

Each part is moved by a rename, and several renames are not one step. So nothing is touched until
all of the new state lies on the disk; then `restore.json` says what is to be done, and from there
on the new state is the one. Whoever comes next, in the same process or the next command after a
power cut, does what is left: every step looks whether it was done already.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import IndexLocked, IndexProblem
from index.home.access import folder_mode
from index.home.crash import crash_point
from index.home.durable import link, move, sync_folder, write_durably

if TYPE_CHECKING:
    from index.home.home import Home

NOTE = "restore.json"
GENERATION = "generation"  # its folder's name in the work folder
# What belongs to a state besides its generation. Records first: a desk may hold them open, and then
# nothing has been moved yet.
PARTS = {
    "records": "desk.sqlite3",
    "settings": "settings.toml",
    "questions": "questions.jsonl",
    "editions": "editions.json",
    "names": "names.toml",
    "private": "private.toml",
    "library": "library",
    "disabled": "disabled",
    "trash": "trash",
}
# All that a backup of an earlier format holds: with one, the rest stays as it is.
_EARLIER: Mapping[int, tuple[str, ...]] = {
    1: ("records", "settings", "library"),
    2: tuple(part for part in PARTS if part != "trash"),
}
# Who may see what: there is no moment at which there are no rules.
_RULES = PARTS["private"]
_BESIDE_RECORDS = ("desk.sqlite3-wal", "desk.sqlite3-shm")
_WAITS, _PAUSE = 200, 0.05


@dataclass(frozen=True, slots=True)
class Switch:
    """What is to be done: `work` holds what comes, `aside` is for what goes, both folders of the
    home; `goes` and `comes` name entries of the home."""

    generation: int
    work: str
    aside: str
    goes: tuple[str, ...]
    comes: tuple[str, ...]


def switch(
    home: Home, work: Path, generation: int, *, aside: str, parts: Sequence[str]
) -> Path | None:
    """Put the flushed state in `work` in place of those parts of the home's; gives the folder with
    what it replaced, if any.

    Raises OSError where something cannot be moved; then all is as it was.
    """
    names = [*parts, *(_BESIDE_RECORDS if PARTS["records"] in parts else ())]
    plan = Switch(
        generation=generation,
        work=work.name,
        aside=aside,
        goes=tuple(name for name in names if _is_there(home.path / name)),
        comes=tuple(name for name in parts if _is_there(work / name)),
    )
    note = json.dumps(asdict(plan), indent=1).encode()
    write_durably(home.path / NOTE, note, step="restore-noted")
    crash_point("restore-noted")
    try:
        _carry_out(home, plan)
    except OSError:
        if not _answers(home, plan):
            _take_back(home, plan)
        raise
    return home.path / aside if plan.goes else None


def _answers(home: Home, plan: Switch) -> bool:
    try:
        return home.current() == plan.generation
    except IndexProblem:
        return False


def parts_of(format: int) -> tuple[str, ...]:
    """The entries of a home that a backup of this format puts in place."""
    return tuple(PARTS[part] for part in _EARLIER.get(format, tuple(PARTS)))


def is_pending(home: Home) -> bool:
    """Whether a restore has begun to move things and is not done."""
    return _is_there(home.path / NOTE)


def finish(home: Home) -> None:
    """Do what an interrupted restore left to do. Only for the lock's holder.

    Raises IndexProblem where that is not possible.
    """
    if not is_pending(home):
        return
    try:
        raw = json.loads((home.path / NOTE).read_text("utf-8"))
        plan = Switch(**raw | {name: tuple(raw[name]) for name in ("goes", "comes")})
    except (ValueError, TypeError, KeyError) as error:
        raise IndexProblem(
            f"A restore was interrupted, and {home.path / NOTE}, which says how far it was, is "
            "damaged. Move that file elsewhere and restore the backup again."
        ) from error
    try:
        _carry_out(home, plan)
    except OSError as error:
        raise _unfinished_restore(home, error) from error


def settle(home: Home) -> None:
    """Let nobody read half of two states: finish a restore that was interrupted, or wait for the
    end of one that is under way. Raises IndexProblem."""
    for left in reversed(range(_WAITS)):
        if not is_pending(home):
            return
        try:
            with home.writing():
                return
        except IndexLocked:
            if not left:
                raise
            time.sleep(_PAUSE)
        except OSError as error:
            raise _unfinished_restore(home, error) from error


def _unfinished_restore(home: Home, error: OSError) -> IndexProblem:
    return IndexProblem(
        f"A restore into {home.path} was interrupted and cannot be finished: "
        f"{error.strerror or error}. End other programs that use this folder, see that it may be "
        "written to, and run the command again."
    )


def _carry_out(home: Home, plan: Switch) -> None:
    work, aside = home.path / plan.work, home.path / plan.aside
    if plan.goes:
        aside.mkdir(exist_ok=True, mode=folder_mode(home.path))
        sync_folder(home.path)
    crash_point("aside-made")
    for part, name in PARTS.items():
        in_one_step = name == _RULES and name in plan.comes
        for going in (name, *(_BESIDE_RECORDS if part == "records" else ())):
            here = home.path / going
            if going in plan.goes and _is_there(here) and not _is_there(aside / going):
                (link if in_one_step else move)(here, aside / going)
        crash_point(f"{part}-aside")
        if name in plan.comes and _is_there(work / name):
            if not in_one_step:
                _clear(home.path / name, aside)
            move(work / name, home.path / name)
        crash_point(f"{part}-in")
    for folder in (work, aside, home.path):
        if folder.is_dir():
            sync_folder(folder)
    crash_point("parts-flushed")
    if (work / GENERATION).is_dir():
        home.place(work / GENERATION, plan.generation)
    home.point_to(plan.generation)
    crash_point("restore-done")
    (home.path / NOTE).unlink()
    sync_folder(home.path)
    crash_point("restore-forgotten")
    shutil.rmtree(work, ignore_errors=True)


def _clear(place: Path, aside: Path) -> None:
    """Move away what somebody made in a place between the going and the coming."""
    if _is_there(place):
        aside.mkdir(exist_ok=True)
        move(place, _free(aside / place.name))


def _free(path: Path) -> Path:
    names = (path.with_name(f"{path.name}.{number}") for number in range(1, 1_000_000))
    return next(name for name in names if not _is_there(name))


def _take_back(home: Home, plan: Switch) -> None:
    """Undo what was done, the other way round. Where that fails too, the note stays: then the next
    command goes on from there."""
    with suppress(OSError):
        for there, back in _moves_back(home, plan):
            if _is_there(there) and not _is_there(back):
                move(there, back)
        with suppress(OSError):
            (home.path / plan.aside).rmdir()
        sync_folder(home.path)
        (home.path / NOTE).unlink()
        sync_folder(home.path)


def _moves_back(home: Home, plan: Switch) -> Iterator[tuple[Path, Path]]:
    work, aside = home.path / plan.work, home.path / plan.aside
    yield home.folder(plan.generation), work / GENERATION
    for name in plan.comes:
        yield home.path / name, work / name
    for name in plan.goes:
        yield aside / name, home.path / name


def _is_there(path: Path) -> bool:
    return os.path.lexists(path)
