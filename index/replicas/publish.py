"""Publishing: what answers here is put where others follow it, so that no crash does harm.

First the files that are not there yet, then the state that lists them, last the pointer to it. So
what the pointer names is whole at any moment.
"""

from __future__ import annotations

import hashlib
import json
import socket
import uuid
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from index.embedded import EmbeddedLibrary
from index.errors import DamagedIndex, IndexProblem
from index.home import Home
from index.home.crash import crash_point
from index.home.durable import write_durably
from index.home.held import hold
from index.home.manifest import NAME as MANIFEST
from index.home.manifest import FileSum, measured
from index.home.switch import PARTS
from index.replicas.published import (
    LATEST,
    OBJECTS,
    STATES,
    UNNEEDED,
    Latest,
    State,
    latest_of,
    object_name,
    state_name,
)
from index.replicas.store import Store, shown

BESIDE = (
    PARTS["editions"],
    PARTS["names"],
    PARTS["private"],
)  # what answers depend on outside of the generation
KEPT = 3  # states that stay there: who is fetching an earlier one can end
_ME = "publisher.json"


@dataclass(frozen=True, slots=True)
class Published:
    """What was published. `sent` are the files that were not there, `removed` those that no state
    needs any more; `again`: it was there already."""

    generation: int
    state: str
    sent: int
    bytes: int
    removed: int
    again: bool


@dataclass(frozen=True, slots=True)
class Taking:
    """An object on its way: how many there are to send, and which one this is."""

    number: int
    count: int
    bytes: int


def publish(
    home: Home,
    url: str,
    *,
    take_over: bool = False,
    originals: bool = True,
    progress: Callable[[Taking], None] = lambda taking: None,
) -> Published:
    """Publish the generation that answers. A sync may run meanwhile.

    A place has one publisher: another home's is taken only with `take_over`. With `originals` the
    documents' files go too, so that pages can be shown. Raises IndexProblem, Unreachable, NoSpace;
    then what was published before still stands.
    """
    store = Store(url)
    before = latest_at(store)
    me = _publisher(home)
    if before is not None and before.publisher != me and not take_over:
        raise IndexProblem(
            f"{shown(url)} is published to by {before.publisher}, last on {before.at}. Stop that "
            "one and publish with --take-over, or name another place."
        )
    with ExitStack() as opened:
        state, sources = _gather(home, opened, originals=originals)
        name = state_name(state)
        if before is not None and before.publisher == me and before.state == name:
            return Published(state.generation, name, 0, 0, 0, again=True)
        there = store.sizes(OBJECTS)
        lacking = [
            sha256
            for sha256, size in state.objects.items()
            if there.get(object_name(sha256)) != size
        ]
        for number, sha256 in enumerate(lacking, 1):
            progress(Taking(number, len(lacking), state.objects[sha256]))
            store.upload(object_name(sha256), sources(opened, sha256))
            crash_point("object-sent")
    _all_there(store, state)
    content = state.encode()
    store.write(name, content)
    crash_point("state-sent")
    latest = Latest(
        state=name,
        sha256=hashlib.sha256(content).hexdigest(),
        generation=state.generation,
        publisher=me,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    store.write(LATEST, latest.encode())
    crash_point("latest-sent")
    removed = _prune(store, state, there)
    sent = sum(state.objects[sha256] for sha256 in lacking)
    return Published(state.generation, name, len(lacking), sent, removed, again=False)


def latest_at(store: Store) -> Latest | None:
    """What answers there; None where nothing was published. Raises BadState, Unreachable."""
    try:
        return latest_of(shown(store.url), store.read(LATEST))
    except FileNotFoundError:
        return None


Sources = Callable[[ExitStack, str], IO[bytes]]


def _gather(home: Home, opened: ExitStack, *, originals: bool) -> tuple[State, Sources]:
    """The state as it is now, and how each of its objects is opened."""
    manifest, held = hold(home, opened)
    own = {name: entry for name, entry in manifest.files.items()}
    own[MANIFEST] = _sum_of(held[MANIFEST])
    beside = {name: measured(home.path / name) for name in BESIDE if (home.path / name).is_file()}
    files = _originals(home, manifest.generation) if originals else {}
    paths: dict[str, Path] = {entry.sha256: home.path / name for name, entry in beside.items()}
    paths |= files
    of_generation = {entry.sha256: held[name] for name, entry in own.items()}
    state = State(
        generation=manifest.generation,
        created=manifest.created,
        files=own,
        beside=beside,
        originals={sha256: path.stat().st_size for sha256, path in files.items()},
    )

    def source(stack: ExitStack, sha256: str) -> IO[bytes]:
        file = of_generation.get(sha256) or stack.enter_context(paths[sha256].open("rb"))
        if _sum_of(file).sha256 != sha256:
            name = next((n for n, e in own.items() if e.sha256 == sha256), paths.get(sha256))
            raise DamagedIndex(manifest.generation, str(name), "has other bytes than it should")
        return file

    return state, source


def _originals(home: Home, generation: int) -> Mapping[str, Path]:
    """The files that the newest versions were read from and that still lie there, by their sum."""
    found = {}
    with EmbeddedLibrary(home, generation) as library:
        for version in library.versions.values():
            path = Path(version.path)
            if path.is_file() and measured(path).sha256 == version.sha256:
                found[version.sha256] = path
    return found


def _sum_of(file: IO[bytes]) -> FileSum:
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    return FileSum(file.tell(), digest)


def _all_there(store: Store, state: State) -> None:
    there = store.sizes(OBJECTS)
    missing = [s for s, size in state.objects.items() if there.get(object_name(s)) != size]
    if missing:
        raise IndexProblem(
            f"{len(missing)} of {len(state.objects)} files are not whole at {shown(store.url)} "
            "after they were sent. Nothing was published; run the command again."
        )


def _prune(store: Store, state: State, there: Mapping[str, int]) -> int:
    """Remove states but the newest few, and objects that none of them needs. Gives how many went.

    An object goes the second time that it is found unneeded: it may be one of another publisher,
    who takes over, sends it now, and will name it.
    """
    names = sorted(store.sizes(STATES))
    newest = [name for name in names if name != state_name(state)][-(KEPT - 1) :]
    needed = set(state.objects)
    for name in newest:
        needed |= _objects_of(store.read(name))
    for name in names:
        if name not in (*newest, state_name(state)):
            store.remove(name)
    unneeded = {name for name in there if name.rpartition("/")[2] not in needed}
    doomed = unneeded & _found_unneeded(store)
    for name in doomed:
        store.remove(name)
    store.write(UNNEEDED, json.dumps(sorted(unneeded - doomed)).encode())
    return len(doomed)


def _found_unneeded(store: Store) -> set[str]:
    try:
        return set(json.loads(store.read(UNNEEDED)))
    except (FileNotFoundError, ValueError, TypeError):
        return set()


def _objects_of(content: bytes) -> set[str]:
    raw = json.loads(content)
    sums = {sha256 for part in ("files", "beside") for _, sha256 in raw[part].values()}
    return sums | set(raw["originals"])


def _publisher(home: Home) -> str:
    """Who publishes, the same each time: the machine's name and a number of this home's own."""
    path = home.path / _ME
    try:
        return str(json.loads(path.read_text("utf-8"))["publisher"])
    except (OSError, ValueError, KeyError):
        name = f"{socket.gethostname()} ({uuid.uuid4().hex[:12]})"
        write_durably(path, json.dumps({"publisher": name}).encode())
        return name
