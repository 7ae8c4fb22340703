"""A source: Markdown with front matter, and the sidecar of the file that is made from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.errors import BadMetadata
from corpus.metadata.sidecar import split_front_matter

MADE_FORMATS = ("pdf", "docx", "xlsx")
_LAYOUT_ONLY = frozenset({"layout"})


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` counts from 1; a title at the head of the source is not among the blocks."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list; `number` is None in a list with bullets."""

    text: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Table:
    """`header` and every row have the same number of cells."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Part = Heading | Paragraph | Item | Table


@dataclass(frozen=True, slots=True)
class Source:
    """What a binary document is made from."""

    fields: dict[str, Any]
    parts: tuple[Part, ...]

    @property
    def title(self) -> str:
        return str(self.fields["title"])

    @property
    def publisher(self) -> str:
        return str(self.fields.get("publisher", ""))

    @property
    def day(self) -> date:
        """The day written into the file, so that making it twice gives the same bytes."""
        for name in ("reviewed", "retrieved", "effective"):
            value = self.fields.get(name)
            if isinstance(value, date):
                return value
        return date(2000, 1, 1)


def read_source(path: Path) -> Source:
    """Raises BadMetadata where the front matter has no title."""
    fields, body = split_front_matter(path.read_text(encoding="utf-8"))
    if "title" not in fields:
        raise BadMetadata(f"{path}: the front matter needs a title")
    parts = _parts(MarkdownIt("commonmark").enable("table").parse(body))
    if parts and isinstance(parts[0], Heading) and parts[0].text == fields["title"]:
        parts = parts[1:]
    return Source(fields, tuple(parts))


def sidecar_text(fields: Mapping[str, Any]) -> str:
    """TOML, one field a line, in the order of the front matter."""
    kept = ((name, value) for name, value in fields.items() if name not in _LAYOUT_ONLY)
    return "".join(f"{name} = {_toml(value)}\n" for name, value in kept)


def _toml(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _parts(tokens: list[Token]) -> list[Part]:
    parts: list[Part] = []
    lists: list[int | None] = []  # the next number of each open list; None for bullets
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type == "table_open":
            end = next(i for i in range(at, len(tokens)) if tokens[i].type == "table_close")
            parts.append(_table(tokens[at:end]))
            at = end
        elif token.type in ("ordered_list_open", "bullet_list_open"):
            lists.append(int(token.attrs.get("start", 1)) if token.type[0] == "o" else None)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            lists.pop()
        elif token.type == "inline":
            parts.append(_part(tokens[at - 1], plain_text(token), lists))
        elif token.type in ("fence", "code_block", "html_block"):
            raise BadMetadata(f"a source may not hold a {token.type}: {token.content[:40]!r}")
        at += 1
    return parts


def _part(opening: Token, text: str, lists: list[int | None]) -> Part:
    if opening.type == "heading_open":
        return Heading(int(opening.tag[1:]), text)
    if not lists:
        return Paragraph(text)
    number = lists[-1]
    if number is not None:
        lists[-1] = number + 1
    return Item(text, number)


def _table(tokens: list[Token]) -> Table:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(plain_text(token))
    return Table(tuple(rows[0]), tuple(tuple(row) for row in rows[1:]))


def plain_text(inline: Token) -> str:
    """The words alone: emphasis is dropped, a link keeps its words, a line break is a space."""
    children = inline.children or []
    return "".join(
        " " if child.type in ("softbreak", "hardbreak") else child.content for child in children
    ).strip()
