"""Looks at everything under a home and says what is wrong and what to do about it.

Only what a killed writer left behind is removed, and only while no writer is at work.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.embedder import Embedder
from index.errors import IndexLocked, IndexProblem, ModelProblem, NoIndex
from index.home import Home
from index.keep import check
from index.library import Library
from index.model import DEFAULT_MODEL, converted_model, verify
from index.opening import open_last_good

GOOD, NOTE, PROBLEM = "good", "note", "problem"
_LEAST_FREE = 100_000_000  # bytes
_AT_ONCE = 4096  # passages whose vectors are looked at together
_SHOWN = 5  # examples of one kind of damage


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `level`: good, note or problem; `remedy` says what to do."""

    area: str
    level: str
    text: str
    remedy: str = ""


def examine(home: Home, *, model: str = DEFAULT_MODEL) -> list[Finding]:
    """Every finding, in the order of looking. Nothing that is wrong with a home makes it raise."""
    if not home.path.is_dir():
        return [Finding("home", PROBLEM, f"There is no {home.path}.", "Run `codedesk sync`.")]
    findings = [*_home(home), *_lock(home), *_generations(home), *_pointer(home), *_space(home)]
    library = None
    try:
        library = open_last_good(home)
    except (IndexProblem, OSError) as problem:
        findings.append(_wrong("index", problem, "Run `codedesk sync --force`."))
    if library:
        for warning in library.warnings:
            findings.append(
                Finding("index", PROBLEM, warning, "Run `codedesk sync --force` or `rollback`.")
            )
        findings += [*_contents(library), *_folders(library)]
    return [*findings, *_model(home, model, library)]


def _home(home: Home) -> Iterator[Finding]:
    """Whether others may read what is private. Windows keeps a user's folders apart by itself."""
    if os.name == "nt":
        return
    private = [home.path, *home.path.glob("desk.sqlite3*"), *home.path.glob("*.log")]
    opened = [path for path in private if stat.S_IMODE(path.stat().st_mode) & 0o077]
    for path in opened:
        yield Finding(
            "permissions",
            PROBLEM,
            f"Other users of this machine may look into {path}.",
            f"Run `chmod -R go-rwx '{home.path}'`.",
        )
    if not opened:
        yield Finding("permissions", GOOD, f"{home.path} is private to its owner.")


def _lock(home: Home) -> Iterator[Finding]:
    left_by = home.holder()
    left = [path.name for path in home.leftovers()]
    try:
        with home.writing():
            swept = home.sweep()
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


def _generations(home: Home) -> Iterator[Finding]:
    for number in home.kept():
        try:
            files = len(check(home, number).files)
            yield Finding("checksums", GOOD, f"Generation {number}: {files} files are as written.")
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


def _contents(library: Library) -> Iterator[Finding]:
    counted = {**library.store.counts(), **{k: len(v) for k, v in library.ids().items()}}
    expected = dict(library.manifest.counts)
    expected |= dict.fromkeys(("words", "vectors", "tokens"), expected.get("passages", 0))
    for name in sorted(expected):
        if counted.get(name) != expected[name]:
            yield _broken(f"{counted.get(name)} {name} where {expected[name]} should be")
    known = set(library.ids()["passages"])
    for name, ids in library.ids().items():
        strange = known.symmetric_difference(ids)
        if strange:
            yield _broken(f"{name} and passages differ in {len(strange)} ids")
    wrong = [*_wrong_passages(library), *_wrong_vectors(library, sorted(known))]
    for what in wrong[:_SHOWN]:
        yield _broken(what)
    lost = library.store.mentions_without_passage()
    if lost:
        yield _broken(f"{lost} code mentions belong to no passage")
    if counted.items() >= expected.items() and not wrong:
        yield Finding(
            "contents",
            GOOD,
            f"{counted['documents']:,} documents; {counted['passages']:,} passages, each with its "
            "text, words, vector and tokens.",
        )


def _wrong_passages(library: Library) -> Iterator[str]:
    for version in library.versions.values():
        text = library.store.text(version.id)
        at = 0
        for passage in library.passages_of(version.id):
            span = passage.content.span
            if span.end > len(text) or not library.verify(passage):
                yield f"passage {passage.id} of {version.document} is not what was split"
            if text[at : span.start].strip():
                yield f"no passage of {version.document} holds characters {at} to {span.start}"
            at = max(at, span.end)
        if text[at:].strip():
            yield f"no passage of {version.document} holds what follows character {at}"


def _wrong_vectors(library: Library, ids: list[int]) -> Iterator[str]:
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        try:
            lengths = np.linalg.norm(library.vectors(part), axis=1)
        except KeyError as error:
            yield f"passage {error} has no vector"
            continue
        for identity, length in zip(part, lengths, strict=True):
            if not abs(float(length) - 1.0) < 1e-3:
                yield f"the vector of passage {identity} has length {length:.3f}"


def _folders(library: Library) -> Iterator[Finding]:
    for name, path in library.store.folders().items():
        if not Path(path).is_dir():
            yield Finding(
                "folders",
                PROBLEM,
                f"The library folder {path} ({name}) is missing; its documents stay as they were.",
                "Bring it back, or take it out with `codedesk forget FOLDER`.",
            )
    failed = [state for state in library.files() if state.state == "failed"]
    if failed:
        text = f"{len(failed)} files could not be read and are not searched."
        yield Finding("files", NOTE, text, "`codedesk status` lists them with their reasons.")


def _model(home: Home, name: str, library: Library | None) -> Iterator[Finding]:
    try:
        model = converted_model(home.models, name=name)
        verify(model)
    except (ModelProblem, OSError) as problem:
        yield _wrong("model", problem, "")
        return
    built = library.manifest.recipe.get("embedder") if library else None
    if built is not None and built != Embedder(model).recipe():
        yield Finding(
            "model",
            PROBLEM,
            f"The index was made with another model or engine than {model.card.name} "
            f"{model.card.revision}, which is set.",
            "Run `codedesk sync` to make it anew.",
        )
    else:
        yield Finding("model", GOOD, f"{model.card.name} {model.card.revision} is as published.")


def _broken(what: str) -> Finding:
    return Finding(
        "contents", PROBLEM, f"The index is damaged: {what}.", "Run `codedesk sync --force`."
    )


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
