"""The block between two `---` lines at the head of a source: one `key: value` a line.

A small part of YAML is enough here, and a whole YAML parser would be one more dependency:
plain or quoted strings, and lists in square brackets on one line.
"""

from __future__ import annotations

import re
from datetime import date

from corpus.errors import BadMetadata

Value = str | date | tuple[str, ...]

_BLOCK = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_LIST_PART = re.compile(r'"[^"]*"|[^,\s][^,]*')


def split_front_matter(text: str) -> tuple[dict[str, Value], str]:
    """The fields and the text below them. No block gives no fields and the whole text.

    Raises BadMetadata for a line that is not `key: value` and for a key that is given twice.
    """
    block = _BLOCK.match(text)
    if block is None:
        return {}, text
    fields: dict[str, Value] = {}
    for line in block[1].splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key, colon, value = line.partition(":")
        if not colon or key.strip() in fields:
            raise BadMetadata(f"front matter line {line!r}: write each field once, as `key: value`")
        if value.strip():
            fields[key.strip()] = _value(value.strip())
    return fields, text[block.end() :]


def _value(written: str) -> Value:
    if written.startswith("["):
        return tuple(_plain(part) for part in _LIST_PART.findall(written.strip("[]")))
    if _DATE.match(written):
        return date.fromisoformat(written)
    return _plain(written)


def _plain(written: str) -> str:
    written = written.strip()
    if len(written) > 1 and written[0] == written[-1] and written[0] in "\"'":
        return written[1:-1].replace('\\"', '"')
    return written
