"""The manifest of a generation: its recipe, its counts, and a sha-256 for every file.

It is written last and read first; a file that does not match it is never parsed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from index.errors import DamagedIndex, IndexMismatch
from index.home.crash import crash_point
from index.home.durable import write_durably

LAYOUT = 2  # of the folder; a newer one is refused. 1 knew only the day of what a sync saw
NAME = "manifest.json"
# The whole file, so that its sum can be compared before any of it is parsed.
_FRAME = re.compile(rb'\{\n "sha256": "([0-9a-f]{64})",\n "manifest": (\{.*\})\n\}', re.DOTALL)


@dataclass(frozen=True, slots=True)
class FileSum:
    """A file's size in bytes and its sha-256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is made of. `files` are named by their path in the generation's folder."""

    generation: int
    created: str  # ISO 8601, UTC
    recipe: Mapping[str, Any]
    counts: Mapping[str, int]
    files: Mapping[str, FileSum]
    next_ids: Mapping[str, int] = field(default_factory=dict)  # ids are never used twice
    searched: Mapping[str, Any] = field(default_factory=dict)  # how each shard of vectors is
    layout: int = LAYOUT

    def write(self, folder: Path) -> None:
        """Write and flush to the disk, under a temporary name first."""
        path = folder / NAME
        text = json.dumps(asdict(self), indent=1, sort_keys=True)
        body = json.dumps({"sha256": _text_sum(text), "manifest": json.loads(text)}, indent=1)
        write_durably(path, body.encode(), step="manifest")
        crash_point("manifest-written")


def read_manifest(folder: Path) -> Manifest:
    """Raises DamagedIndex where it is missing, torn or changed, IndexMismatch where it is newer.

    Nothing of it is parsed before its own sum was compared.
    """
    number = int(folder.name) if folder.name.isdigit() else 0
    try:
        content = (folder / NAME).read_bytes()
    except FileNotFoundError as error:
        raise DamagedIndex(number, NAME, "is missing") from error
    except OSError as error:
        raise DamagedIndex(number, NAME, "cannot be read") from error
    framed = _FRAME.fullmatch(content)
    if framed is None:
        raise DamagedIndex(number, NAME, "is torn or changed")
    # The frame moves every line in by one; no string of JSON holds a line end.
    text = framed[2].replace(b"\n ", b"\n")
    if hashlib.sha256(text).hexdigest().encode() != framed[1]:
        raise DamagedIndex(number, NAME, "does not match its own sum")
    inner = json.loads(text)
    if inner.get("layout", 0) > LAYOUT:
        raise IndexMismatch(
            f"Generation {number} was made by a newer Codedesk. Upgrade this one, or rebuild "
            "the index with `codedesk sync --force`."
        )
    try:
        files = {name: FileSum(**entry) for name, entry in inner.pop("files").items()}
        return Manifest(files=files, **inner)
    except (KeyError, TypeError, AttributeError) as error:
        raise IndexMismatch(
            f"Generation {number} was made by another version of Codedesk. Rebuild it with "
            "`codedesk sync --force`."
        ) from error


def check_file(folder: Path, name: str, manifest: Manifest, *, size_only: bool = False) -> None:
    """Compare one file with the manifest; `size_only` leaves its bytes to be compared when they are
    read. Raises DamagedIndex."""
    expected = manifest.files.get(name)
    if expected is None:
        raise DamagedIndex(manifest.generation, name, "is not in the manifest")
    path = folder / name
    try:
        if path.stat().st_size != expected.size:
            raise DamagedIndex(manifest.generation, name, "has another size than it should")
        if not size_only and file_sum(path) != expected.sha256:
            raise DamagedIndex(manifest.generation, name, "has other bytes than it should")
    except OSError as error:
        raise DamagedIndex(manifest.generation, name, "is missing or cannot be read") from error


def file_sum(path: Path) -> str:
    """The sha-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _text_sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
