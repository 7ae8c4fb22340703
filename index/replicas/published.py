"""What lies at the place that a library is published to.

objects/ab/ab12...            a file, named by the sha-256 of its bytes
states/000007-1f2e3d4c....json what generation 7 is made of: every file with its size and sum
LATEST                        names the state that answers now; replaced at once
UNNEEDED                      objects that no state needed when it was last published

A generation never changes and an object is named by what is in it: whoever reads may come at any
time, and what two publishers write side by side does not mix.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from index.errors import IndexMismatch, IndexProblem
from index.home.manifest import FileSum

FORMAT = 1
LATEST = "LATEST"
STATES = "states"
OBJECTS = "objects"
UNNEEDED = "UNNEEDED"
_SUM = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"(?!\.{1,2}(?:/|$))[^\\/:\0][^\\:\0]*")


class BadState(IndexProblem):
    """What lies there is not what was published."""

    def __init__(self, url: str, what: str) -> None:
        super().__init__(
            f"At {url} {what}. Nothing was taken from there; publish again with "
            "`codedesk publish --to`."
        )


@dataclass(frozen=True, slots=True)
class State:
    """A published state. `files` are those of the generation, `beside` what answers depend on
    outside of it (decisions, names), `originals` the documents, by the sum of their bytes."""

    generation: int
    created: str  # ISO 8601, UTC: when the generation was made
    files: Mapping[str, FileSum]
    beside: Mapping[str, FileSum]
    originals: Mapping[str, int]
    format: int = FORMAT

    def encode(self) -> bytes:
        told: dict[str, Any] = asdict(self)
        for part in ("files", "beside"):
            sums = getattr(self, part)
            told[part] = {name: [entry.size, entry.sha256] for name, entry in sums.items()}
        return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()

    @property
    def objects(self) -> dict[str, int]:
        """All objects that it needs, by sum, with their sizes."""
        parts = (*self.files.values(), *self.beside.values())
        return {**self.originals, **{part.sha256: part.size for part in parts}}


@dataclass(frozen=True, slots=True)
class Latest:
    """What `LATEST` says: the state that answers, its file's sum, who published it and when."""

    state: str
    sha256: str
    generation: int
    publisher: str
    at: str  # ISO 8601, UTC

    def encode(self) -> bytes:
        text = json.dumps(asdict(self), sort_keys=True)
        return json.dumps({"sum": _sum(text.encode()), "latest": text}).encode()


def object_name(sha256: str) -> str:
    return f"{OBJECTS}/{sha256[:2]}/{sha256}"


def state_name(state: State) -> str:
    return f"{STATES}/{state.generation:06d}-{_sum(state.encode())[:16]}.json"


def latest_of(url: str, content: bytes) -> Latest:
    """Raises BadState for what is torn or changed."""
    try:
        raw = json.loads(content)
        if _sum(raw["latest"].encode()) != raw["sum"]:
            raise BadState(url, f"{LATEST} does not match its own sum")
        return Latest(**json.loads(raw["latest"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadState(url, f"{LATEST} cannot be read") from error


def state_of(url: str, content: bytes, latest: Latest) -> State:
    """Raises BadState for other bytes than were published, IndexMismatch for a newer format."""
    if _sum(content) != latest.sha256:
        raise BadState(url, f"{latest.state} is not what {LATEST} names")
    raw = json.loads(content)
    if raw.get("format", 0) > FORMAT:
        raise IndexMismatch("It was published by a newer Codedesk. Upgrade this one.")
    try:
        state = State(
            generation=int(raw["generation"]),
            created=str(raw["created"]),
            files=_sums(raw["files"]),
            beside=_sums(raw["beside"]),
            originals={name: int(size) for name, size in raw["originals"].items()},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadState(url, f"{latest.state} is not put together as a state is") from error
    names = (*state.files, *state.beside)
    if not all(map(_is_allowed, names)) or not all(map(_SUM.fullmatch, state.objects)):
        raise BadState(url, f"{latest.state} names what no state holds")
    return state


def _sums(raw: Mapping[str, Any]) -> dict[str, FileSum]:
    return {name: FileSum(int(size), str(sha256)) for name, (size, sha256) in raw.items()}


def _is_allowed(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and not {"", ".", ".."} & set(name.split("/"))


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
