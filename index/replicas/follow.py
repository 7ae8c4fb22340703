"""Following: a published state is fetched, compared with its sums, and then answers here.

What answers meanwhile stays as it is. Files that are here already are linked, not fetched; one that
was fetched in part goes on where it was. Nothing counts before all of it lies here and matches.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import DamagedIndex, IndexMismatch, IndexProblem, NoSpace, lacks_space
from index.home import Home
from index.home.access import file_mode, make_folders
from index.home.crash import crash_point
from index.home.durable import flush, flush_tree, link, move, unfinished
from index.home.generations import check
from index.home.manifest import NAME as MANIFEST
from index.home.manifest import file_sum, read_manifest
from index.home.originals import ORIGINALS, original_at
from index.home.switch import GENERATION, is_pending, switch
from index.replicas.following import Following, following, note
from index.replicas.publish import BESIDE, Taking, latest_at
from index.replicas.published import BadState, Latest, State, object_name, state_of
from index.replicas.store import Store, shown

FETCHING = "fetching"  # what was fetched and belongs to nothing yet
KEPT = 2  # generations that stay here: the one that answers and the one before


@dataclass(frozen=True, slots=True)
class Followed:
    """What answers now and what it took. `changed`: it is another one than before."""

    generation: int
    changed: bool
    fetched: int
    bytes: int


def follow(
    home: Home, url: str, *, progress: Callable[[Taking], None] = lambda taking: None
) -> Followed:
    """Let what is published at `url` answer here. Once; call it again to go on following.

    Raises IndexProblem (nothing is published there, not what was published, of a newer version),
    Unreachable, NoSpace, IndexLocked; then what answered before still answers, and the note says
    what is wrong.
    """
    home.make()
    known = following(home)
    known = known if known is not None and known.url == shown(url) else Following(shown(url))
    try:
        return _follow(home, url, known, progress)
    except Exception as error:
        problem = NoSpace(home.path) if lacks_space(error) else error
        note(home, following(home) or known, problem=str(problem))
        if problem is not error:
            raise problem from error
        raise


def _follow(home: Home, url: str, known: Following, progress: Callable[[Taking], None]) -> Followed:
    store = Store(url)
    latest = latest_at(store)
    if latest is None:
        raise IndexProblem(
            f"Nothing is published at {shown(url)} yet. Run `codedesk publish --to` there first."
        )
    known = replace(known, latest=latest.generation, published=latest.at)
    note(home, known, reached=True)
    with home.writing():
        home.sweep()
        state = _state(store, latest)
        if _answers(home, state):
            note(home, replace(known, generation=state.generation), reached=True)
            return Followed(state.generation, False, 0, 0)
        fetched, size = 0, 0
        here = _here(home)
        lacking = {s: n for s, n in state.objects.items() if s not in here}
        for number, (sha256, expected) in enumerate(lacking.items(), 1):
            progress(Taking(number, len(lacking), expected))
            here[sha256] = _fetch(store, home, sha256, expected)
            fetched, size = fetched + 1, size + expected
            crash_point("object-fetched")
        _take(home, store, state, here)
        note(home, replace(known, generation=state.generation), reached=True)
        home.prune(keep=KEPT)
        _forget(home, state)
    return Followed(state.generation, True, fetched, size)


def _state(store: Store, latest: Latest) -> State:
    try:
        return state_of(shown(store.url), store.read(latest.state), latest)
    except FileNotFoundError as error:
        raise BadState(shown(store.url), f"{latest.state} is missing") from error


def _answers(home: Home, state: State) -> bool:
    """Whether this very state answers here, whole."""
    try:
        if home.current() != state.generation:
            return False
        folder = home.folder(state.generation)
        if file_sum(folder / MANIFEST) != state.files[MANIFEST].sha256:
            return False
        check(home, state.generation)
    except (IndexProblem, OSError, KeyError):
        return False
    beside = {name for name in BESIDE if (home.path / name).is_file()}
    if beside != set(state.beside):
        return False
    if any(file_sum(home.path / name) != state.beside[name].sha256 for name in beside):
        return False
    return all(original_at(home, sha256).is_file() for sha256 in state.originals)


def _here(home: Home) -> dict[str, Path]:
    """Files of this home by the sums that they are said to have; each is compared before it
    counts."""
    found: dict[str, Path] = {}
    for number in home.kept():
        folder = home.folder(number)
        with suppress(DamagedIndex, IndexMismatch, OSError):
            for name, entry in read_manifest(folder).files.items():
                found[entry.sha256] = folder / name
    for path in (*_files(home.path / ORIGINALS), *_files(home.path / FETCHING)):
        if len(path.name) == 64:
            found[path.name] = path
    return found


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else iter(())


def _fetch(store: Store, home: Home, sha256: str, size: int) -> Path:
    """Fetch an object, going on with what is here of it. Raises BadState for other bytes."""
    place = home.path / FETCHING / sha256
    make_folders(place.parent, home.path)
    part = place.with_name(f"{sha256}.part")
    for fresh in (False, True):
        if fresh:
            part.unlink(missing_ok=True)
        start = part.stat().st_size if part.is_file() else 0
        try:
            _append(store, object_name(sha256), part, start=start, mode=file_mode(home.path))
        except FileNotFoundError as error:
            raise BadState(
                shown(store.url), f"the file {object_name(sha256)} is missing"
            ) from error
        if part.stat().st_size == size and file_sum(part) == sha256:
            move(part, place)
            return place
    part.unlink(missing_ok=True)
    raise BadState(shown(store.url), f"{object_name(sha256)} is not what was published")


def _append(store: Store, name: str, part: Path, *, start: int, mode: int) -> None:
    flags = os.O_CREAT | os.O_APPEND | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(part, flags, mode), "ab") as target:
        for piece in store.pieces(name, start=start):
            target.write(piece)
            crash_point("piece-fetched")
        target.flush()
        flush(target.fileno())


def _take(home: Home, store: Store, state: State, here: Mapping[str, Path]) -> None:
    """Put the state together from what is here, compare it, and let it answer."""
    for sha256 in state.originals:
        if not original_at(home, sha256).is_file():
            make_folders(original_at(home, sha256).parent, home.path)
            _put(here, home, store, sha256, state.originals[sha256], original_at(home, sha256))
    work = unfinished(home.path / "follow")
    try:
        parts = {f"{GENERATION}/{name}": entry for name, entry in state.files.items()}
        for name, entry in {**parts, **state.beside}.items():
            make_folders((work / name).parent, home.path)
            _put(here, home, store, entry.sha256, entry.size, work / name)
        crash_point("state-put-together")
        flush_tree(work)
        _make_room(home, state)
        if state.generation in home.kept():  # it was rolled back to, or only decisions changed
            shutil.rmtree(work / GENERATION)
        before = unfinished(home.path / "followed").name
        aside = switch(home, work, state.generation, aside=before, parts=BESIDE)
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)
    finally:
        if not is_pending(home):
            shutil.rmtree(work, ignore_errors=True)


def _put(
    here: Mapping[str, Path], home: Home, store: Store, sha256: str, size: int, target: Path
) -> None:
    """A file at `target` with these bytes: linked from what is here or, where that is damaged,
    fetched."""
    link(here[sha256], target)
    if target.stat().st_size == size and file_sum(target) == sha256:
        return
    target.unlink()
    link(_fetch(store, home, sha256, size), target)


def _make_room(home: Home, state: State) -> None:
    """Remove a generation of the same number that is another one, or damaged."""
    if state.generation not in home.kept():
        return
    with suppress(IndexProblem, OSError):
        same = file_sum(home.folder(state.generation) / MANIFEST) == state.files[MANIFEST].sha256
        if same:
            check(home, state.generation)
            return
    home.remove(state.generation)
    marked = home.generations / f"{state.generation:06d}.unwanted"
    marked.unlink(missing_ok=True)  # the number is given again, to what was published under it


def _forget(home: Home, state: State) -> None:
    """What was fetched lies where it belongs now; originals that nothing shows any more go."""
    shutil.rmtree(home.path / FETCHING, ignore_errors=True)
    for path in _files(home.path / ORIGINALS):
        if path.name not in state.originals:
            path.unlink(missing_ok=True)
