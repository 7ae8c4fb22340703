"""Markdown: headings, paragraphs, list items, tables and code, as the text a reader would see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.document import BlockKind
from corpus.files.limits import STANDARD, Limits
from corpus.readers.draft import Draft, DraftBuilder
from corpus.readers.headings.refused import BOLD_LOOK, may_be_bold_title
from corpus.readers.left_out import STRUCK, LeftOut
from corpus.readers.plain import plain_draft
from corpus.readers.raised import END, LOWERED, RAISED, settled, without_marks
from corpus.readers.tables.added import add_grid
from corpus.readers.tables.grid import Grid
from corpus.text.clean import clean, one_line, tidy_lines
from corpus.text.encodings import decode_text

_DEEPEST = 100  # lists and quotes within one another
_TEXT = ("text", "code_inline", "text_special")
_TAG = re.compile(r"<(/?)(\w+)")
_STRUCK = frozenset({"s", "del", "strike"})
_RAISED = {"sup": RAISED, "sub": LOWERED}


def read_markdown(data: bytes, *, limits: Limits = STANDARD) -> Draft:
    """Read a Markdown file (CommonMark and tables); front matter has been taken off before."""
    text = clean(without_marks(decode_text(data)))
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST})
    tokens = parser.enable(["table", "strikethrough"]).parse(text)
    if any(token.level >= _DEEPEST - 2 for token in tokens):
        # The parser leaves out what is nested deeper. As plain text nothing is lost.
        return plain_draft(text)
    builder = DraftBuilder()
    walk = _Walk(builder, limits)
    for token in tokens:
        walk.take(token)
    found = {"title": walk.title} if walk.title else {}
    return builder.draft(found=found, warnings=walk.left_out.warnings())


class _Walk:
    """Follows the tokens; knows whether it stands in a heading, an item or a table."""

    def __init__(self, builder: DraftBuilder, limits: Limits) -> None:
        self.title: str | None = None
        self.left_out = LeftOut()
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
            rows = tuple(map(tuple, self._rows))
            add_grid(self._builder, Grid(rows, header_rows=1).without_blank_rows())
        self._rows = None

    def _on_inline(self, token: Token) -> None:
        shown = "".join(_visible(token.children or (), self.left_out))
        text = tidy_lines(settled(shown))
        if self._rows is not None:
            self._rows[-1].append(one_line(text))
        elif self._heading:
            text = one_line(text)
            self.title = self.title or (text if self._heading == 1 else None)
            self._builder.add(BlockKind.HEADING, text, level=self._heading)
        elif not self._markers and _is_bold(token.children or ()) and may_be_bold_title(text):
            self._builder.add_heading(one_line(text), BOLD_LOOK)
        else:
            self._add(text)

    def _on_fence(self, token: Token) -> None:
        self._add(clean(token.content).strip("\n"))

    _on_code_block = _on_fence

    def _on_html_block(self, token: Token) -> None:
        from corpus.readers.html.page import add_html

        add_html(self._builder, token.content, limits=self._limits, left_out=self.left_out)

    def _add(self, text: str) -> None:
        kind = BlockKind.ITEM if self._markers else BlockKind.PARAGRAPH
        if text.strip() and self._pending:
            text, self._pending = f"{self._pending} {text}", ""
        self._builder.add(kind, text)


def _is_bold(children: Sequence[Token]) -> bool:
    """Whether all of a paragraph is bold."""
    shown = [child for child in children if child.type != "text" or child.content.strip()]
    kinds = [child.type for child in shown]
    return (
        len(kinds) > 2
        and (kinds[0], kinds[-1]) == ("strong_open", "strong_close")
        and kinds.count("strong_open") == 1
    )


def _visible(children: Sequence[Token], left_out: LeftOut) -> Iterator[str]:
    """The text of inline tokens: links by their words, images by their description."""
    struck = 0
    for child in children:
        tag = _TAG.match(child.content) if child.type == "html_inline" else None
        if child.type == "s_open" or (tag and tag[2].lower() in _STRUCK and not tag[1]):
            struck += 1
            left_out.add(STRUCK)
        elif child.type == "s_close" or (tag and tag[2].lower() in _STRUCK):
            struck = max(struck - 1, 0)
        elif not struck:
            yield from _shown(child, tag, left_out)


def _shown(child: Token, tag: re.Match[str] | None, left_out: LeftOut) -> Iterator[str]:
    if child.type in _TEXT:
        yield child.content
    elif child.type == "softbreak":
        yield " "
    elif child.type == "hardbreak" or (tag and tag[2].lower() == "br"):
        yield "\n"
    elif child.type == "image":
        yield from _visible(child.children or (), left_out)
    elif tag and tag[2].lower() in _RAISED:
        yield END if tag[1] else _RAISED[tag[2].lower()]
