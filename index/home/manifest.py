"""The manifest of a generation: its recipe, its counts, and a sum for every file.

It is written last and read first; a file that does not match it is never parsed. Of a shard it
holds the sum of `shard.json` alone, which holds the sums of the shard's files: so it stays small,
and a shard that does not change is taken over as it is.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from index.errors import DamagedIndex, IndexMismatch
from index.home.crash import crash_point
from index.home.durable import write_durably

LAYOUT = 3  # of the folder; a newer one is refused. 1 and 2 had all texts in one file
NAME = "manifest.json"
SHARDS = "shards"
SHARD = "shard.json"
_PIECE = 1 << 20
# The whole file, so that its sum can be compared before any of it is parsed.
_FRAME = re.compile(rb'\{\n "sha256": "([0-9a-f]{64})",\n "manifest": (\{.*\})\n\}', re.DOTALL)


@dataclass(frozen=True, slots=True)
class FileSum:
    """A file's size in bytes, its sha-256, and its CRC-32, which tells damage in a tenth of the
    time."""

    size: int
    sha256: str
    crc32: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ShardFiles:
    """What `shard.json` says: the sum of every other file, how many passages there are, and how
    their vectors are searched."""

    files: Mapping[str, FileSum]
    passages: int
    searched: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is made of. `files` are all, named by their path in the generation's
    folder; `shards` are what the shards say of themselves, by name."""

    generation: int
    created: str  # ISO 8601, UTC
    recipe: Mapping[str, Any]
    counts: Mapping[str, int]
    files: Mapping[str, FileSum]
    next_ids: Mapping[str, int] = field(default_factory=dict)  # ids are never used twice
    shards: Mapping[str, ShardFiles] = field(default_factory=dict)
    layout: int = LAYOUT

    def write(self, folder: Path) -> None:
        """Write and flush to the disk, under a temporary name first."""
        path = folder / NAME
        told = asdict(self)
        del told["shards"]  # they say it themselves
        told["files"] = {name: told["files"][name] for name in self.files if self._lists(name)}
        text = json.dumps(told, indent=1, sort_keys=True)
        body = json.dumps({"sha256": _text_sum(text), "manifest": json.loads(text)}, indent=1)
        write_durably(path, body.encode(), step="manifest")
        crash_point("manifest-written")

    def _lists(self, name: str) -> bool:
        """Whether the file's sum stands in the manifest itself."""
        return not name.startswith(f"{SHARDS}/") or name.endswith(f"/{SHARD}")


def write_shard(
    folder: Path, *, passages: int, searched: Mapping[str, Any], before: Path | None = None
) -> str:
    """Write a finished shard's `shard.json`; gives the name that the shard has by what is in it.

    `before` is the shard that this one follows: a file that is the same one has the sum it had.
    """
    known = _identities(before, read_shard(before).files) if before else {}
    about = {
        "passages": passages,
        "searched": dict(searched),
        "files": {name: asdict(found) for name, found in sums_of(folder, known).items()},
    }
    content = json.dumps(about, indent=1, sort_keys=True).encode()
    (folder / SHARD).write_bytes(content)
    return hashlib.sha256(content).hexdigest()[:16]


def read_shard(folder: Path) -> ShardFiles:
    """What a shard, whose `shard.json` was compared with its sum, says of itself."""
    raw = json.loads((folder / SHARD).read_bytes())
    files = {name: FileSum(**entry) for name, entry in raw["files"].items()}
    return ShardFiles(files, raw["passages"], raw["searched"])


def sums_of(folder: Path, known: Mapping[tuple[int, int], FileSum]) -> dict[str, FileSum]:
    """The sums of all files in a folder; `known` are some, by device and inode."""
    sums = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            stat = path.stat()
            same = known.get((stat.st_dev, stat.st_ino))
            sums[path.relative_to(folder).as_posix()] = same or measured(path)
    return sums


def _identities(folder: Path, files: Mapping[str, FileSum]) -> dict[tuple[int, int], FileSum]:
    stats = {name: (folder / name).stat() for name in files}
    return {(stat.st_dev, stat.st_ino): files[name] for name, stat in stats.items()}


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
        if inner["layout"] < LAYOUT:
            inner.pop("searched", None)
            return Manifest(files=files, **inner)
        return _with_shards(folder, Manifest(files=files, **inner))
    except (KeyError, TypeError, AttributeError) as error:
        raise IndexMismatch(
            f"Generation {number} was made by another version of Codedesk. Rebuild it with "
            "`codedesk sync --force`."
        ) from error


def _with_shards(folder: Path, manifest: Manifest) -> Manifest:
    """The same with what its shards say. Raises DamagedIndex."""
    files, shards = dict(manifest.files), {}
    for listed in manifest.files:
        if not listed.startswith(f"{SHARDS}/"):
            continue
        check_file(folder, listed, manifest)
        inside = listed.removesuffix(f"/{SHARD}")
        shard = read_shard(folder / inside)
        files |= {f"{inside}/{name}": found for name, found in shard.files.items()}
        shards[inside.removeprefix(f"{SHARDS}/")] = shard
    return replace(manifest, files=files, shards=shards)


def check_file(
    folder: Path, name: str, manifest: Manifest, *, size_only: bool = False, quick: bool = False
) -> None:
    """Compare one file with the manifest, by its sha-256 or, when `quick`, by its CRC-32;
    `size_only` leaves its bytes to be compared when they are read. Raises DamagedIndex."""
    expected = manifest.files.get(name)
    if expected is None:
        raise DamagedIndex(manifest.generation, name, "is not in the manifest")
    path = folder / name
    try:
        if path.stat().st_size != expected.size:
            raise DamagedIndex(manifest.generation, name, "has another size than it should")
        if size_only:
            return
        if quick and expected.crc32 is not None:
            same = _crc(path) == expected.crc32
        else:
            same = file_sum(path) == expected.sha256
        if not same:
            raise DamagedIndex(manifest.generation, name, "has other bytes than it should")
    except OSError as error:
        raise DamagedIndex(manifest.generation, name, "is missing or cannot be read") from error


def file_sum(path: Path) -> str:
    """The sha-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def measured(path: Path) -> FileSum:
    """A file's size and sums."""
    digest, crc, size = hashlib.sha256(), 0, 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            crc = zlib.crc32(piece, crc)
            size += len(piece)
    return FileSum(size, digest.hexdigest(), crc)


def _crc(path: Path) -> int:
    crc = 0
    with path.open("rb", buffering=0) as file:
        while piece := file.read(_PIECE):
            crc = zlib.crc32(piece, crc)
    return crc


def _text_sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
