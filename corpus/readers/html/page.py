"""HTML: what a browser shows of the page or opens on a click, without scripts and navigation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.files.limits import STANDARD, Limits
from corpus.readers import CannotRead
from corpus.readers.draft import Draft, DraftBuilder
from corpus.readers.html.panels import labels
from corpus.readers.html.style import page_styles
from corpus.readers.html.walk import Setting, Walk
from corpus.readers.left_out import LeftOut
from corpus.readers.mhtml import Archive, archive_of, is_archive
from corpus.readers.raised import without_marks
from corpus.text.clean import clean, one_line
from corpus.text.encodings import decode_text

_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_UNCLOSED = frozenset(
    b"area base br col embed hr img input link meta param source track wbr p li dt dd tr td th "
    b"thead tbody tfoot option optgroup colgroup html head body rt rp".split()
)
_FRAMES_DEEP = 3  # frames within one another
_LONGEST_NAME = 200  # characters
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_META = {
    "description": "description", "author": "publisher", "dc.publisher": "publisher",
    "og:site_name": "publisher", "article:published_time": "published",
    "article:modified_time": "modified", "dc.date": "published",
}  # fmt: skip


def read_html(data: bytes, *, limits: Limits = STANDARD) -> Draft:
    """Read a page, or one that a browser saved with its parts as a web archive (MHTML). Raises
    CannotRead for elements nested deeper than the limit and for an archive without a page."""
    archive = archive_of(data) if is_archive(data) else Archive()
    text = archive.page if archive.page is not None else decoded(data)
    builder, left_out = DraftBuilder(), LeftOut()
    tree = add_html(builder, text, limits=limits, left_out=left_out, frames=archive.frames)
    found = _found(tree)
    if archive.address:
        found.setdefault("source_url", archive.address)
    return builder.draft(found=found, warnings=left_out.warnings())


def decoded(data: bytes) -> str:
    """The text of a page, in the encoding that it declares."""
    declared = _CHARSET.search(data[:4096])
    return decode_text(data, declared=declared.group(1).decode("ascii") if declared else None)


def add_html(
    builder: DraftBuilder,
    text: str,
    *,
    limits: Limits,
    left_out: LeftOut,
    frames: Mapping[str, str] | None = None,
    deep: int = 0,
) -> LexborHTMLParser:
    """Add the blocks of a page or of a piece of HTML; the tree is handed back for its metadata.

    `frames` are pages that were saved with it, by name; `deep` is how many frames it stands in.
    """
    _check_nesting(text.encode("utf-8", "replace"), limits.nesting)
    tree = LexborHTMLParser(clean(without_marks(text)))
    if tree.body is not None:
        frame = _Frames(limits, left_out, frames or {}, deep).add
        setting = Setting(page_styles(tree), labels(tree), left_out, frame)
        Walk(builder, setting).through(tree.body)
    return tree


@dataclass(frozen=True, slots=True)
class _Frames:
    """Reads a frame's page where it was saved, and tells of it where it was not."""

    limits: Limits
    left_out: LeftOut
    saved: Mapping[str, str]
    deep: int

    def add(self, builder: DraftBuilder, node: LexborNode) -> None:
        attributes = node.attributes
        source = (attributes.get("src") or "").strip()
        text = attributes.get("srcdoc") or self.saved.get(source)
        if text and self.deep < _FRAMES_DEEP:
            add_html(
                builder,
                text,
                limits=self.limits,
                left_out=self.left_out,
                frames=self.saved,
                deep=self.deep + 1,
            )
        elif source and not source.startswith(("about:", "javascript:")):
            shown = one_line(attributes.get("title") or source)[:_LONGEST_NAME]
            self.left_out.tell(
                f"A frame of the page ({shown}) is another page, which was not saved with it. "
                "Save that page too if it holds what you need."
            )


def _check_nesting(data: bytes, most: int) -> None:
    """Refuse what the parser would need minutes for: its time is quadratic in the depth."""
    depth = 0
    for closing, name in _TAG.findall(data):
        if name.lower() not in _UNCLOSED:
            depth = max(depth - 1, 0) if closing else depth + 1
            if depth > most:
                raise CannotRead(
                    f"Its elements are nested more than {most:,} deep, which no real page is. "
                    "Open it in a browser and save it as PDF instead."
                )


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
