"""Markdown: headings, paragraphs, list items, tables and code, as the text a reader would see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.document import BlockKind
from corpus.files.limits import STANDARD, Limits
from corpus.readers.draft import Draft, DraftBuilder, add_table
from corpus.readers.plain import plain_draft
from corpus.text.clean import clean, one_line, tidy_lines
from corpus.text.encodings import decode_text

_DEEPEST = 100  # lists and quotes within one another
_TEXT = ("text", "code_inline", "text_special")


def read_markdown(data: bytes, *, limits: Limits = STANDARD) -> Draft:
    """Read a Markdown file (CommonMark and tables); its front matter was removed before."""
    text = clean(decode_text(data))
    tokens = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table").parse(text)
    if any(token.level >= _DEEPEST - 2 for token in tokens):
        # The parser leaves out what is nested deeper. As plain text nothing is lost.
        return plain_draft(text)
    builder = DraftBuilder()
    walk = _Walk(builder, limits)
    for token in tokens:
        walk.take(token)
    return builder.draft(found={"title": walk.title} if walk.title else {})


class _Walk:
    """Goes through the tokens and tracks whether it is in a heading, an item or a table."""

    def __init__(self, builder: DraftBuilder, limits: Limits) -> None:
        self.title: str | None = None
        self._builder = builder
        self._limits = limits
        self._heading = 0
        self._markers: list[str] = []  # of the lists we are in: "-" or the next number
        self._pending = ""  # the marker of an item whose text has not come yet
        self._rows: list[list[str]] | None = None

    def take(self, token: Token) -> None:
        name = f"_on_{token.type}"
        handler = getattr(self, name, None)
        if handler is not None:
            handler(token)

    def _on_heading_open(self, token: Token) -> None:
        self._heading = int(token.tag[1:])

    def _on_heading_close(self, _: Token) -> None:
        self._heading = 0

    def _on_bullet_list_open(self, _: Token) -> None:
        self._markers.append("-")

    def _on_ordered_list_open(self, token: Token) -> None:
        self._markers.append(str(token.attrGet("start") or 1))

    def _on_list_close(self, _: Token) -> None:
        self._markers.pop()
        self._pending = ""

    _on_bullet_list_close = _on_list_close
    _on_ordered_list_close = _on_list_close

    def _on_list_item_open(self, _: Token) -> None:
        marker = self._markers[-1]
        self._pending = marker if marker == "-" else f"{marker}."
        if marker != "-":
            self._markers[-1] = str(int(marker) + 1)

    def _on_table_open(self, _: Token) -> None:
        self._rows = []

    def _on_tr_open(self, _: Token) -> None:
        if self._rows is not None:
            self._rows.append([])

    def _on_table_close(self, _: Token) -> None:
        if self._rows:
            add_table(self._builder, self._rows)
        self._rows = None

    def _on_inline(self, token: Token) -> None:
        text = tidy_lines("".join(_visible(token.children or ())))
        if self._rows is not None:
            self._rows[-1].append(one_line(text))
        elif self._heading:
            text = one_line(text)
            self.title = self.title or (text if self._heading == 1 else None)
            self._builder.add(BlockKind.HEADING, text, level=self._heading)
        else:
            self._add(text)

    def _on_fence(self, token: Token) -> None:
        self._add(clean(token.content).strip("\n"))

    _on_code_block = _on_fence

    def _on_html_block(self, token: Token) -> None:
        from corpus.readers.html.page import add_html

        add_html(self._builder, token.content, limits=self._limits)

    def _add(self, text: str) -> None:
        kind = BlockKind.ITEM if self._markers else BlockKind.PARAGRAPH
        if text.strip() and self._pending:
            text, self._pending = f"{self._pending} {text}", ""
        self._builder.add(kind, text)


def _visible(children: Sequence[Token]) -> Iterator[str]:
    """The text of inline tokens: links by their words, images by their description."""
    for child in children:
        if child.type in _TEXT:
            yield child.content
        elif child.type == "softbreak":
            yield " "
        elif child.type == "hardbreak" or (child.type == "html_inline" and _is_break(child)):
            yield "\n"
        elif child.type == "image":
            yield from _visible(child.children or ())


def _is_break(token: Any) -> bool:
    return bool(token.content.lower().startswith("<br"))
