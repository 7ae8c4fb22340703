"""Changes to the home's own library folder: adding, removing, switching off, editing metadata.

Codedesk writes only to `$CODEDESK_HOME/library`; other folders belong to somebody else.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from corpus.document import Document
from corpus.errors import BadMetadata, CodedeskError
from corpus.files.formats import named_format
from corpus.files.limits import MEGABYTE
from corpus.metadata.sidecar import checked, split_front_matter
from corpus.reading.pool import ReadJob, read_all
from corpus.reading.read import sidecar_paths
from corpus.text.encodings import decode_text
from index.home.access import make_folders
from index.home.durable import write_durably
from index.library import Library
from index.versions import Version
from ui.state.settings import Settings

FIELDS = ("title", "publisher", "written_by", "about", "payer", "kind", "number", "source_url")
DATES = ("effective", "retired", "reviewed", "retrieved", "copy_of", "checked")
_DEVICE = re.compile(r"(?i)con|prn|aux|nul|com\d|lpt\d")  # on Windows these are no files
_MOST_FILES, _MOST_MEGABYTES = 50, 200  # at once, from the page: they are held in memory


class NotOurs(CodedeskError):
    """The document is in a folder that Codedesk only reads."""


@dataclass(frozen=True, slots=True)
class Preview:
    """An uploaded file before it is stored: its name, what was read, what it would replace.

    `same_as` is a document with the same bytes, `replaces` one of the same name with others.
    `problem` says why it cannot be read; then `document` is None.
    """

    name: str
    data: bytes
    document: Document | None
    problem: str
    same_as: str | None
    replaces: Version | None


def own_folder(home: Path) -> Path:
    return home / "library"


def own_name(library: Library, home: Path) -> str:
    """The index's name for the own folder: `library`, unless another folder already had it."""
    own = str(own_folder(home).resolve())
    names = [name for name, path in library.folders().items() if path == own]
    return names[0] if names else "library"


def safe_name(name: str) -> str:
    """A file name without folders, control characters, leading dots or an endless length."""
    base = re.split(r"[/\\]", name)[-1]
    base = re.sub('[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069:*?"<>|]', "_", base)
    stem, dot, ending = base.strip(" .").rpartition(".")
    if not dot:
        stem, ending = base.strip(" ."), ""
    stem = stem.encode("utf-8", "replace")[:180].decode("utf-8", "ignore") or "document"
    if _DEVICE.fullmatch(stem.split(".")[0]):
        stem = f"_{stem}"
    return f"{stem}.{ending.lower()[:8]}" if ending else stem


def too_much(sizes: Sequence[int]) -> str:
    """Why uploaded files of these sizes in bytes are too much at once; "" if they are not."""
    if len(sizes) <= _MOST_FILES and sum(sizes) <= _MOST_MEGABYTES * MEGABYTE:
        return ""
    return (
        f"{len(sizes)} files with {sum(sizes) / MEGABYTE:,.0f} MB are more than the page takes at "
        f"once ({_MOST_FILES} files, {_MOST_MEGABYTES} MB). Add them in parts, or put them into a "
        "folder and run `codedesk sync FOLDER`."
    )


def preview(name: str, data: bytes, library: Library | None, settings: Settings) -> Preview:
    """Read an uploaded file as a sync would, in a sandboxed process. Nothing is stored."""
    kept = safe_name(name)
    digest = sha256(data).hexdigest()
    latest = _latest(library)
    own = own_name(library, settings.home) if library else "library"
    same = next((v.document for v in latest.values() if v.sha256 == digest), None)
    document, problem = _read(kept, data, settings)
    return Preview(
        name=kept,
        data=data,
        document=document,
        problem=problem,
        same_as=same,
        replaces=None if same else latest.get(f"{own}/{kept}"),
    )


def _read(name: str, data: bytes, settings: Settings) -> tuple[Document | None, str]:
    with tempfile.TemporaryDirectory(prefix="codedesk-") as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        for _, result in read_all(
            [ReadJob(path, f"library/{name}")],
            workers=1,
            limits=settings.limits(),
            names=settings.names(),
        ):
            if isinstance(result, Document):
                return result, ""
            return None, result.reason
    return None, "It was not read."


def put(home: Path, name: str, data: bytes, *, beside: bool = False) -> Path:
    """Store a file in the library folder. `beside` gives it a free name instead of replacing."""
    folder = own_folder(home)
    make_folders(folder, home)
    name = safe_name(name)
    if named_format(name) is None:
        raise CodedeskError(f"{name} is of no format that can be read.")
    path = folder / name
    count = 1
    while beside and path.exists():
        count += 1
        path = folder / f"{Path(name).stem}-{count}{Path(name).suffix}"
    write_durably(path, data)
    return path


def path_of(home: Path, document: str, *, own: str = "library") -> Path:
    """The file of a document of the own folder, which the index calls `own`. Raises NotOurs."""
    folder, _, inside = document.partition("/")
    parts = PurePosixPath(inside).parts
    if folder != own or not parts or ".." in parts or inside.startswith("/"):
        raise NotOurs(
            f"{document} lies in a folder that Codedesk only reads. Change or remove the file "
            "there, then sync."
        )
    path = own_folder(home).joinpath(*parts)
    if own_folder(home).resolve() not in path.resolve().parents:
        raise NotOurs(f"{document} lies outside the library folder.")
    return path


def delete(home: Path, document: str, *, own: str = "library") -> None:
    """Remove a document's file and its sidecars; the next sync takes it out of the index."""
    path = path_of(home, document, own=own)
    path.unlink(missing_ok=True)
    for sidecar in sidecars(path):
        sidecar.unlink(missing_ok=True)


def disable(home: Path, document: str, *, own: str = "library") -> None:
    """Switch a file off: the next sync removes it, and it can be switched on unchanged."""
    path = path_of(home, document, own=own)
    aside = home / "disabled" / path.relative_to(own_folder(home))
    make_folders(aside.parent, home)
    for source in (path, *sidecars(path)):
        with suppress(FileNotFoundError):
            source.replace(aside.with_name(source.name))


def disabled(home: Path) -> list[str]:
    """The paths of the files that are switched off."""
    folder = home / "disabled"
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(".meta.toml")
    )


def enable(home: Path, name: str) -> None:
    """Switch a file on again."""
    aside = home / "disabled" / PurePosixPath(name)
    target = path_of(home, f"library/{name}")
    make_folders(target.parent, home)
    for source in (aside, *sidecars(aside)):
        with suppress(FileNotFoundError):
            shutil.move(source, target.with_name(source.name))


def edit(home: Path, document: str, changes: Mapping[str, Any], *, own: str = "library") -> None:
    """Write metadata into the document's sidecar; None removes a field from it.

    The sidecar then holds the changes and what a person wrote before, there or in the front
    matter. Dates that were only found in the text stay out of it. Raises NotOurs and BadMetadata.
    """
    path = path_of(home, document, own=own)
    sidecar, other = sidecar_paths(path)
    known = _head(path) | (_known(sidecar) or _known(other))
    for field, value in changes.items():
        value = checked(field, value)
        if value is None:
            known.pop(field, None)
        else:
            known[field] = list(value) if isinstance(value, tuple) else value
    effective, retired = known.get("effective"), known.get("retired")
    if isinstance(effective, date) and isinstance(retired, date) and effective > retired:
        raise BadMetadata(f"Retired ({retired}) is before in force since ({effective}).")
    write_durably(sidecar, to_toml(known).encode("utf-8"))


def sidecar_of(home: Path, document: str, *, own: str = "library") -> Path:
    """The sidecar that an edit writes. Raises NotOurs."""
    return sidecar_paths(path_of(home, document, own=own))[0]


def beside(home: Path, document: str, *, own: str = "library") -> dict[str, Any]:
    """The fields of a document's sidecar. Raises NotOurs and BadMetadata."""
    sidecar, other = sidecar_paths(path_of(home, document, own=own))
    return _known(sidecar) or _known(other)


def to_toml(fields: Mapping[str, Any]) -> str:
    """The fields as TOML; strings are escaped, so that no value can add a field."""
    return "".join(f"{_key(name)} = {_value(value)}\n" for name, value in fields.items())


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(_value(inner) for inner in value)}]"
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items())
        return f"{{ {inner} }}"
    return _text(str(value))


def _text(value: str) -> str:
    escaped = "".join(
        f"\\u{ord(letter):04x}"
        if letter in '"\\' or ord(letter) < 32 or ord(letter) == 127
        else letter
        for letter in value
    )
    return f'"{escaped}"'


def _head(path: Path) -> dict[str, Any]:
    """The front matter of a text file, as far as the form has its fields."""
    if named_format(path.name) not in ("md", "txt"):
        return {}
    try:
        fields, _ = split_front_matter(decode_text(path.read_bytes()))
    except (OSError, CodedeskError):
        return {}  # the sync will say what is wrong with the file
    written = {name: checked(name, fields.get(name)) for name in (*FIELDS, *DATES)}
    return {name: value for name, value in written.items() if value is not None}


def _known(sidecar: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(sidecar.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise BadMetadata(
            f"{sidecar.name} cannot be read: {error}. Mend it or delete it."
        ) from error


def sidecars(path: Path) -> list[Path]:
    """The file's own sidecars, never one that another file with the same stem shares."""
    own, shared = sidecar_paths(path)
    siblings = [
        other for other in path.parent.glob("*") if other.stem == path.stem and other != path
    ]
    others = [other for other in siblings if named_format(other.name)]
    return [own] if others else [own, shared]


def _latest(library: Library | None) -> dict[str, Version]:
    """The latest version of each document that is still in the library."""
    found: dict[str, Version] = {}
    if library:
        for version in sorted(library.versions.values(), key=lambda known: known.ordinal):
            found[version.document] = version
    return found
