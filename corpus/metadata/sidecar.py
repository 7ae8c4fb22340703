"""Metadata of a document: from its sidecar, else its front matter, else from the file itself."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from difflib import get_close_matches
from math import isfinite
from typing import Any

from corpus.document import DATES, KINDS, LINES, STANDINGS, Metadata
from corpus.errors import BadMetadata
from corpus.metadata.filling import out_of_order
from corpus.text.clean import clean, one_line
from corpus.text.dates import parse_iso_date

_STRINGS = (
    *("title", "publisher", "written_by", "about", "payer", "number", "source_url"),
    *("version", "part", "jurisdiction"),
)
_EXAMPLES = {
    "codes": '["0581T", "19105"]',
    "other_payers": '["Surest"]',
    "line_of_business": '["commercial"]',
    "groups": '["contracting"]',
}
_LISTS = tuple(_EXAMPLES)
_FIELDS = (*_STRINGS, *DATES, *_LISTS, "kind", "standing")
_MOST_BYTES = 262_144
_FRONT = re.compile(r"\A(---|\+\+\+)[^\S\n]*\n(.*?)^\1[^\S\n]*(?:\n|\Z)", re.S | re.M)
_MOST_INT = 2**63 - 1


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """The fields of a YAML (`---`) or TOML (`+++`) head, and the text without it.

    A `---` that opens no fields is a rule of the text and stays. Raises BadMetadata.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    head = _FRONT.match(text)
    if head is None:
        return {}, text
    if len(head[2]) > _MOST_BYTES:
        raise BadMetadata("The front matter is longer than 256 KB. Keep only the fields in it.")
    fields = _toml(head[2], "front matter") if head[1] == "+++" else _yaml(head[2])
    return ({}, text) if fields is None else (fields, text[head.end() :])


def read_sidecar(data: bytes) -> dict[str, Any]:
    """The fields of a `NAME.meta.toml`. Raises BadMetadata where it is not TOML in UTF-8."""
    if len(data) > _MOST_BYTES:
        raise BadMetadata("The sidecar is longer than 256 KB. Keep only the fields in it.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadMetadata("The sidecar is not UTF-8. Save it as UTF-8.") from error
    return _toml(text.replace("\r\n", "\n"), "sidecar")


def build_metadata(
    *, written: Mapping[str, Any], found: Mapping[str, Any], fallback_title: str
) -> tuple[Metadata, tuple[str, ...]]:
    """The metadata and warnings about it. `written` is a person's and is checked; `found` is the
    file's own and only fills gaps. Raises BadMetadata with the field and what to write.
    """
    given = {key: checked(key, value) for key, value in written.items() if key in _FIELDS}
    title = given.get("title") or _found_string(found, "title") or fallback_title
    check_groups(written)
    metadata = Metadata(
        **{
            **{key: _found_string(found, key) for key in ("publisher", "number", "source_url")},
            **{key: value for key, value in given.items() if value is not None},
            "title": title,
            "extra": _plain({key: value for key, value in written.items() if key not in _FIELDS}),
        }
    )
    _check_order(metadata)
    return metadata, tuple(_misspelt(metadata.extra))


def checked(field: str, value: Any) -> Any:
    """The value as the field holds it; None stays unknown. Raises BadMetadata."""
    if value is None:
        return None
    if field in DATES:
        return _date(field, value)
    if field in _LISTS:
        return _listed(field, value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadMetadata(f"`{field}` must be text in quotes, not {_shown(value)}.")
    text = one_line(str(value))
    if field == "kind" and text not in KINDS:
        raise BadMetadata(f"`kind` is {_shown(value)}; write one of {', '.join(KINDS)}.")
    if field == "standing" and text not in STANDINGS:
        raise BadMetadata(f"`standing` is {_shown(value)}; write one of {', '.join(STANDINGS)}.")
    return text or None


def _date(field: str, value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    day = parse_iso_date(value) if isinstance(value, str) else None
    if day is not None:
        return day
    raise BadMetadata(
        f"`{field}` is {_shown(value)}, which is no date; write it as YYYY-MM-DD, say 2025-01-31."
    )


def _listed(field: str, value: Any) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list | tuple) or not all(isinstance(one, str) for one in listed):
        raise BadMetadata(
            f"`{field}` must be a list of texts, say {field} = {_EXAMPLES[field]}, "
            f"not {_shown(value)}."
        )
    texts = tuple(dict.fromkeys(one_line(one) for one in listed if one.strip()))
    return tuple(map(_line, texts)) if field == "line_of_business" else texts


def _line(text: str) -> str:
    """A line of business as it is kept, in whatever case it was written."""
    known = next((line for line in LINES if line.casefold() == text.casefold()), None)
    if known is None:
        raise BadMetadata(
            f"`line_of_business` is {_shown(text)}; write one or several of {', '.join(LINES)}."
        )
    return known


def _check_order(metadata: Metadata) -> None:
    if out_of_order(metadata):
        raise BadMetadata(
            f"`effective` ({metadata.effective}) is after `retired` ({metadata.retired}); "
            "correct one of them."
        )


def check_groups(written: Mapping[str, Any]) -> tuple[str, ...]:
    """The groups that may see a document, as fields say it; none: everybody. Raises BadMetadata,
    and that too where somebody may have meant some and said none."""
    for key in written:
        if key not in _FIELDS and get_close_matches(key.lower(), ["groups"], cutoff=0.8):
            raise BadMetadata(f"Metadata field {_shown(key)} is not known; write `groups`.")
    groups: tuple[str, ...] | None = checked("groups", written.get("groups"))
    if "groups" in written and not groups:
        raise BadMetadata("`groups` is empty. Name those that may see it, or leave it out.")
    return groups or ()


def _misspelt(extra: Mapping[str, Any]) -> list[str]:
    warnings = []
    for key in extra:
        near = get_close_matches(key.lower(), _FIELDS, n=1, cutoff=0.85)
        if near:
            warnings.append(f"Metadata field `{key}` is not known; did you mean `{near[0]}`?")
    return warnings


def _found_string(found: Mapping[str, Any], key: str) -> str | None:
    value = found.get(key)
    return one_line(value)[:500] or None if isinstance(value, str) else None


def _plain(value: Any) -> Any:
    """A value as JSON can hold it: no half characters, no number that another reader loses."""
    if isinstance(value, Mapping):
        return {clean(str(key)): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, int) and abs(value) > _MOST_INT:
        return hex(value)
    if value is None or isinstance(value, int) or (isinstance(value, float) and isfinite(value)):
        return value
    return clean(str(value))


def _shown(value: Any) -> str:
    return repr(value if isinstance(value, str) else str(value))[:80]


def _toml(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadMetadata(f"The {where} is not valid TOML: {error}. Correct it.") from error


def _yaml(text: str) -> dict[str, Any] | None:
    from corpus.metadata.front_matter import load_front_matter

    return load_front_matter(text)
