"""HTML: what a browser shows of a page, without scripts, navigation and hidden parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.document import BlockKind
from corpus.files.limits import STANDARD, Limits
from corpus.readers import CannotRead
from corpus.readers.draft import Draft, DraftBuilder, add_table, looks_like_header
from corpus.readers.html.table import rows_of
from corpus.text.clean import clean, one_line, tidy_lines
from corpus.text.encodings import decode_text

_DROPPED_TAGS = (
    "script style noscript template nav head iframe object embed svg math canvas audio video "
    "select datalist dialog button map"
)
DROPPED = frozenset(_DROPPED_TAGS.split())
_BLOCK_TAGS = (
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure "
    "footer form header hgroup hr html legend li main ol p pre section summary table ul caption "
    "h1 h2 h3 h4 h5 h6"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_UNCLOSED = frozenset(
    b"area base br col embed hr img input link meta param source track wbr p li dt dd tr td th "
    b"thead tbody tfoot option optgroup colgroup html head body rt rp".split()
)
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_META = {
    "description": "description", "author": "publisher", "dc.publisher": "publisher",
    "og:site_name": "publisher", "article:published_time": "published",
    "article:modified_time": "modified", "dc.date": "published",
}  # fmt: skip


def read_html(data: bytes, *, limits: Limits = STANDARD) -> Draft:
    """Read an HTML page. Raises CannotRead for elements nested deeper than the limit."""
    declared = _CHARSET.search(data[:4096])
    text = decode_text(data, declared=declared.group(1).decode("ascii") if declared else None)
    builder = DraftBuilder()
    tree = add_html(builder, text, limits=limits)
    return builder.draft(found=_found(tree))


def add_html(builder: DraftBuilder, text: str, *, limits: Limits) -> LexborHTMLParser:
    """Add the blocks of a page or of a piece of HTML. Returns the tree, for its metadata."""
    _check_nesting(text.encode("utf-8", "replace"), limits.nesting)
    tree = LexborHTMLParser(clean(text))
    if tree.body is not None:
        _Walk(builder).through(tree.body)
    return tree


def _check_nesting(data: bytes, most: int) -> None:
    """Refuse deep nesting: the time of the parser is quadratic in the depth."""
    depth = 0
    for closing, name in _TAG.findall(data):
        if name.lower() not in _UNCLOSED:
            depth = max(depth - 1, 0) if closing else depth + 1
            if depth > most:
                raise CannotRead(
                    f"Its elements are nested more than {most:,} deep, which no real page is. "
                    "Open it in a browser and save it as PDF instead."
                )


class _Walk:
    """Goes through the nodes in order without recursion, and ends a block where a browser would."""

    def __init__(self, builder: DraftBuilder) -> None:
        self._builder = builder
        self._parts: list[str] = []
        self._kind, self._level = BlockKind.PARAGRAPH, 0
        self._lists: list[int | None] = []  # the next number of each list; None has bullets
        self._marker = ""
        self._items = 0
        self._verbatim = 0

    def through(self, root: LexborNode) -> None:
        node: LexborNode | None = root
        while node is not None:
            child = node.child if self._enter(node) else None
            while child is None and node is not None:
                self._leave(node)
                if node.mem_id == root.mem_id:
                    node = None
                    break
                child = node.next
                node = node.parent if child is None else node
            node = child
        self._end_block()

    def _enter(self, node: LexborNode) -> bool:
        """Read a node. Returns whether to visit its children."""
        tag = node.tag or ""
        if tag == "-text":
            self._parts.append(node.text_content or "")
            return False
        if tag in DROPPED or tag.startswith(("-", "!")) or is_hidden(node):
            return False
        if tag == "table":
            return self._table(node)
        if tag in _BLOCKS:
            self._end_block()
            self._open(tag, node)
        self._inline(tag, node)
        return True

    def _inline(self, tag: str, node: LexborNode) -> None:
        if tag == "br":
            self._parts.append("\0")
        elif tag == "img":
            self._parts.append(f" {node.attributes.get('alt') or ''} ")
        elif tag in ("td", "th"):
            self._parts.append(" ")

    def _open(self, tag: str, node: LexborNode) -> None:
        if tag in ("ul", "ol"):
            self._lists.append(_start(node) if tag == "ol" else None)
        elif tag == "li":
            self._items += 1
            number = self._lists[-1] if self._lists else None
            self._marker = "-" if number is None else f"{number}."
            if self._lists and number is not None:
                self._lists[-1] = number + 1
        elif tag in _HEADINGS:
            self._kind, self._level = BlockKind.HEADING, _HEADINGS[tag]
        elif tag == "pre":
            self._verbatim += 1

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag not in _BLOCKS or tag == "table" or is_hidden(node):
            return
        self._end_block()
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "li":
            self._items, self._marker = max(self._items - 1, 0), ""
        elif tag in _HEADINGS:
            self._kind, self._level = BlockKind.PARAGRAPH, 0
        elif tag == "pre":
            self._verbatim -= 1

    def _table(self, node: LexborNode) -> bool:
        """Add a table of data. True for one that is only layout: its children are visited."""
        self._end_block()
        found = rows_of(node)
        if found is None:
            return True
        caption, rows, header_rows = found
        self._builder.add(BlockKind.PARAGRAPH, caption)
        marked = header_rows or int(looks_like_header(rows[0], rows[1:20]))
        add_table(self._builder, rows, header_rows=marked)
        return False

    def _end_block(self) -> None:
        text = "".join(self._parts)
        self._parts = []
        text = clean(text.replace("\0", "\n")) if self._verbatim else spaced(text)
        if not text.strip():
            return
        kind = self._kind
        if kind is BlockKind.PARAGRAPH and self._items:
            kind = BlockKind.ITEM
            text, self._marker = f"{self._marker} {text}".strip(), ""
        self._builder.add(kind, text, level=self._level)


def spaced(text: str) -> str:
    """White space as a browser shows it: runs are one space, only a <br> (\\0) ends a line."""
    return tidy_lines("\n".join(" ".join(line.split()) for line in text.split("\0")))


def is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return bool(attributes) and (
        "hidden" in attributes
        or (attributes.get("aria-hidden") or "").lower() == "true"
        or _HIDDEN_STYLE.search(attributes.get("style") or "") is not None
    )


def _start(node: LexborNode) -> int:
    start = node.attributes.get("start") or "1"
    return int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 1


def _found(tree: LexborHTMLParser) -> dict[str, Any]:
    """Title, publisher, canonical address and dates, as far as the page's head tells them."""
    found: dict[str, Any] = dict(_meta(tree))
    for selector in ("head > title", "h1"):
        node = tree.css_first(selector)
        text = one_line(node.text()) if node is not None else ""
        if text:
            found.setdefault("title", text)
    link = tree.css_first('link[rel="canonical"]')
    if link is not None and (address := (link.attributes.get("href") or "").strip()):
        found["source_url"] = one_line(address)
    return found


def _meta(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for node in tree.css("meta"):
        name = (node.attributes.get("name") or node.attributes.get("property") or "").lower()
        content = one_line(node.attributes.get("content") or "")
        if name in _META and content:
            yield _META[name], content
