"""Looks at everything under a home and says what is wrong and what to do about it.

Only what a killed writer left behind is removed, and only while no writer is at work.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from corpus.text.clean import printable
from index.agreement import disagreement
from index.audience.rules import read_rules
from index.audience.sight import EVERYTHING, Sight
from index.care.consistency import disagreements
from index.embedded import EmbeddedLibrary as Library
from index.errors import IndexLocked, IndexMismatch, IndexProblem, ModelProblem, NoIndex
from index.home import Home
from index.home.access import file_mode, shared_bits, too_open
from index.home.generations import check
from index.model.conversions import sweep
from index.model.embedder import Embedder
from index.model.source import DEFAULT_MODEL, converted_model, verify
from index.opening import open_last_good

GOOD, NOTE, PROBLEM = "good", "note", "problem"
_LEAST_FREE = 100_000_000  # bytes
_PRIVATE = ("library", "disabled", "generations", "jobs", "evaluations")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `level`: good, note or problem; `remedy` says what to do."""

    area: str
    level: str
    text: str
    remedy: str = ""


def examine(
    home: Home,
    *,
    model: str = DEFAULT_MODEL,
    precision: str = "auto",
    sight: Sight = EVERYTHING,
) -> list[Finding]:
    """Every finding, in the order of looking; of documents only those that may be seen are told.
    Nothing that is wrong with a home makes it raise."""
    if not home.path.is_dir():
        return [Finding("home", PROBLEM, f"There is no {home.path}.", "Run `codedesk sync`.")]
    looks = (_home, _lock, _orphans, _generations, _pointer, _space)
    findings = [finding for look in looks for finding in _looked(look, home)]
    try:
        with open_last_good(home) as library:
            seen = seen_by(sight, library)
            findings += [*_warnings(library), *_contents(library, seen), *_folders(seen)]
            return [*findings, *_model(home, model, precision, library)]
    except (IndexProblem, OSError) as problem:
        findings.append(_wrong("index", problem, "Run `codedesk sync --force`."))
    return [*findings, *_model(home, model, precision, None)]


def seen_by(sight: Sight, library: Library) -> Library:
    """A library as somebody sees it, under the rules of its home."""
    return library.without(library.audiences(read_rules(library.home.path)).hidden_from(sight))


def _looked(look: Callable[[Home], Iterator[Finding]], home: Home) -> Iterator[Finding]:
    """What a look finds; a folder that cannot be read is a finding, and the next look goes on."""
    try:
        yield from look(home)
    except OSError as problem:
        yield _wrong("home", problem, "Change the permissions of the folder.")


def _home(home: Home) -> Iterator[Finding]:
    """Whether others may read what is private. Windows keeps a user's folders apart by itself."""
    if os.name == "nt":
        return
    inside = [home.path / name for name in _PRIVATE]
    inside += [*home.path.glob("desk.sqlite3*"), *home.path.glob("*.log")]
    bits = shared_bits(home.path)
    if not too_open(home.path, home.path):  # then nobody comes to what lies in it
        if bits:
            yield from _shared(home, inside)
        else:
            yield Finding("permissions", GOOD, f"{home.path} is private to its owner.")
        return
    remedy = f"Run `chmod -R {'o' if bits else 'go'}-rwx '{home.path}'`."
    for path in (path for path in inside if too_open(path, home.path)):
        text = f"Other users of this machine may look into {path}."
        yield Finding("permissions", PROBLEM, text, remedy)
    text = f"Other users of this machine may see the names of what lies in {home.path}."
    yield Finding("permissions", NOTE, text, remedy)


def _shared(home: Home, inside: list[Path]) -> Iterator[Finding]:
    """A home that a group shares: who that is, and what it cannot use although it should."""
    mode = home.path.stat().st_mode
    what = "read and change" if mode & stat.S_IWGRP else "read"
    text = f"{home.path} is shared: the members of the group {_group(home.path)} may {what} it."
    yield Finding("permissions", NOTE, text)
    wanted = file_mode(home.path) & 0o070
    closed = [p for p in inside if p.exists() and p.stat().st_mode & wanted != wanted]
    for path in closed:
        yield Finding(
            "permissions",
            PROBLEM,
            f"The group that shares the home cannot use {path}.",
            f"Run `chmod -R g={'rwX' if mode & stat.S_IWGRP else 'rX'} '{path}'` as its owner.",
        )
    if mode & stat.S_IWGRP and not mode & stat.S_ISGID:
        yield Finding(
            "permissions",
            NOTE,
            f"What is made in {home.path} belongs to the group of whoever made it.",
            f"Run `chmod -R g+s '{home.path}'` on its folders, so that it belongs to the home's.",
        )


def _group(path: Path) -> str:
    try:
        return path.group()
    except (KeyError, OSError, NotImplementedError):
        return str(path.stat().st_gid)


def _lock(home: Home) -> Iterator[Finding]:
    left_by = home.holder()
    left = [path.name for path in home.leftovers()]
    try:
        with home.writing():
            swept = [*home.sweep(), *sweep(home.models)]
    except IndexLocked as locked:
        yield Finding("writer", NOTE, str(locked))
        return
    except (IndexProblem, OSError) as problem:
        yield _wrong("writer", problem, "Change the permissions of the folder.")
        if left:
            yield Finding("leftovers", NOTE, f"A killed sync left {', '.join(left)} behind.")
        return
    if left_by:
        yield Finding("writer", NOTE, f"The last writer{left_by} died before it was done.")
    for name in swept:
        yield Finding("leftovers", NOTE, f"Swept {name}, which a killed command had left behind.")
    if not swept:
        yield Finding("leftovers", GOOD, "Nothing half made lies about.")


def _orphans(home: Home) -> Iterator[Finding]:
    """Generations that never became current, and folders that are none."""
    kept = home.kept()
    with suppress(IndexProblem):
        for number in [number for number in kept if number > home.current()]:
            text = f"Generation {number} is newer than the one that answers."
            yield Finding(
                "orphans",
                NOTE,
                f"{text} It was rolled back, or its sync died before it became current.",
                f"`codedesk rollback {number}` lets it answer; later syncs remove it.",
            )
    if not home.generations.is_dir():
        return
    known = {home.folder(number).name for number in kept} | {left.name for left in home.leftovers()}
    known |= {entry.name for entry in home.unwanted()}
    for name in sorted({entry.name for entry in home.generations.iterdir()} - known):
        yield Finding(
            "orphans",
            NOTE,
            f"{printable(name)} in {home.generations} is no generation and is never looked at.",
            "Move it elsewhere, or delete it.",
        )


def _generations(home: Home) -> Iterator[Finding]:
    for number in home.kept():
        try:
            files = len(check(home, number).files)
            yield Finding("checksums", GOOD, f"Generation {number}: {files} files are as written.")
        except IndexMismatch as mismatch:  # where it is the current one, that is a problem below
            yield Finding("checksums", NOTE, str(mismatch))
        except (IndexProblem, OSError) as problem:
            if home.folder(number).is_dir():  # else it was pruned while it was looked at
                yield _wrong("checksums", problem, "Run `codedesk sync --force` or `rollback`.")


def _pointer(home: Home) -> Iterator[Finding]:
    try:
        current = home.current()
    except NoIndex as problem:
        yield _wrong("current", problem, "")
    except IndexProblem as problem:
        yield _wrong("current", problem, "")
    else:
        if home.folder(current).is_dir():
            yield Finding("current", GOOD, f"Generation {current} is the current one.")
        else:
            yield Finding(
                "current",
                PROBLEM,
                f"CURRENT names generation {current}, which is not there.",
                "Run `codedesk rollback`.",
            )


def _space(home: Home) -> Iterator[Finding]:
    free = shutil.disk_usage(home.path).free
    newest = home.kept()[-1:]
    size = sum(_size(home.folder(number)) for number in newest)
    needed = max(_LEAST_FREE, 2 * size)
    text = f"{free / 1e6:,.0f} MB are free; the next sync may need {needed / 1e6:,.0f} MB."
    if free < needed:
        yield Finding("space", PROBLEM, text, "Free some space on that disk.")
    else:
        yield Finding("space", GOOD, text)


def _warnings(library: Library) -> Iterator[Finding]:
    for warning in library.warnings:
        remedy = "Run `codedesk sync --force` or `rollback`."
        yield Finding("index", PROBLEM, warning, remedy)


def _contents(library: Library, seen: Library) -> Iterator[Finding]:
    wrong = list(disagreements(library))
    for what in wrong:
        told = f"The index is damaged: {what}." if seen is library else "The index is damaged."
        yield Finding("contents", PROBLEM, told, "Run `codedesk sync --force`.")
    if not wrong:
        counts = seen.about.counts
        text = f"{counts['documents']:,} documents; {counts['passages']:,} passages, each with its"
        yield Finding("contents", GOOD, f"{text} text, words, vector and tokens.")


def _folders(library: Library) -> Iterator[Finding]:
    for name, path in library.folders().items():
        if not Path(path).is_dir():
            yield Finding(
                "folders",
                PROBLEM,
                f"The library folder {path} ({name}) is missing; its documents stay as they were.",
                "Bring it back, or take it out with `codedesk forget FOLDER`.",
            )
    failed = [state for state in library.files() if state.is_unread]
    if failed:
        text = f"{len(failed)} files could not be read and are not searched."
        yield Finding("files", NOTE, text, "`codedesk status` lists them with their reasons.")


def _model(home: Home, name: str, precision: str, library: Library | None) -> Iterator[Finding]:
    """Whether the model is whole, and the one that the index was made with."""
    try:
        model = converted_model(home.models, name=name, precision=precision)
        verify(model)
        differs = _differs(home, library, Embedder(model, precision=precision))
    except (ModelProblem, OSError, RuntimeError) as problem:  # the last is OpenVINO's
        yield _wrong("model", problem, "Delete the model's folder; the next command makes it anew.")
        return
    if differs:
        yield Finding("model", PROBLEM, differs, "Run `codedesk sync` to make it anew.")
    else:
        yield Finding("model", GOOD, f"{model.card.name} {model.card.revision} is as published.")


def _differs(home: Home, library: Library | None, embedder: Embedder) -> str:
    """Why the model's vectors do not belong with the index's; "" where they do."""
    if library is None:
        return ""
    return disagreement(home, library.about.recipe.get("embedder"), embedder, lambda: library)


def _wrong(area: str, problem: Exception, remedy: str) -> Finding:
    """A problem in its own words; most say themselves what to do."""
    text = str(problem)
    if isinstance(problem, OSError):
        text = f"{problem.strerror or problem}: {problem.filename or 'the index'}."
    return Finding(area, PROBLEM, text, "" if "`" in text else remedy)


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except OSError:
            continue  # pruned meanwhile
    return total
