"""The manifest of a generation: its recipe, its counts, and a sha-256 for every file.

It is written last and read first; a file that does not match it is never parsed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from index.errors import DamagedIndex, IndexMismatch

LAYOUT = 1  # of the folder; a newer one is refused, not guessed at
NAME = "manifest.json"


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
    layout: int = LAYOUT

    def write(self, folder: Path) -> None:
        """Write and flush to the disk, under a temporary name first."""
        path = folder / NAME
        text = json.dumps(asdict(self), indent=1, sort_keys=True)
        body = json.dumps({"sha256": _text_sum(text), "manifest": json.loads(text)}, indent=1)
        write_durably(path, body.encode())


def read_manifest(folder: Path) -> Manifest:
    """Raises DamagedIndex where it is missing, torn or changed, IndexMismatch where it is newer."""
    number = int(folder.name) if folder.name.isdigit() else 0
    try:
        outer = json.loads((folder / NAME).read_text("utf-8"))
        inner = outer["manifest"]
        if inner.get("layout", 0) > LAYOUT:
            raise IndexMismatch(
                f"Generation {number} was made by a newer Codedesk. Upgrade this one, or rebuild "
                "the index with `codedesk sync --force`."
            )
        text = json.dumps(inner, indent=1, sort_keys=True)
        if outer["sha256"] != _text_sum(text):
            raise DamagedIndex(number, NAME, "does not match its own sum")
        files = {name: FileSum(**entry) for name, entry in inner.pop("files").items()}
        return Manifest(files=files, **inner)
    except FileNotFoundError as error:
        raise DamagedIndex(number, NAME, "is missing") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedIndex(number, NAME, "cannot be read") from error


def check_file(folder: Path, name: str, manifest: Manifest) -> None:
    """Compare one file with the manifest. Raises DamagedIndex."""
    expected = manifest.files.get(name)
    if expected is None:
        raise DamagedIndex(manifest.generation, name, "is not in the manifest")
    path = folder / name
    try:
        if path.stat().st_size != expected.size:
            raise DamagedIndex(manifest.generation, name, "has another size than it should")
        if file_sum(path) != expected.sha256:
            raise DamagedIndex(manifest.generation, name, "has other bytes than it should")
    except OSError as error:
        raise DamagedIndex(manifest.generation, name, "is missing or cannot be read") from error


def file_sum(path: Path) -> str:
    """The sha-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file so that after a power cut it is the old or the new one, whole."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable. Windows has no such call and does not need it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _text_sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
