"""The walk through a page: its blocks in the order of the page, as a browser would end them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from corpus.document import BlockKind
from corpus.readers.draft import DraftBuilder
from corpus.readers.headings.refused import BOLD_LOOK, may_be_bold_title
from corpus.readers.html.formulas import formula
from corpus.readers.html.lists import Numbering, numbering
from corpus.readers.html.panels import (
    follows_a_title,
    is_cookie_notice,
    is_panel,
    is_tab,
    opens_what_follows,
)
from corpus.readers.html.signs import sign
from corpus.readers.html.style import Styles
from corpus.readers.html.table import Asked, drawn_grid, grid_of, is_drawn_table
from corpus.readers.left_out import BANNERS, HIDDEN, STRUCK, LeftOut
from corpus.readers.raised import END, LOWERED, RAISED, settled
from corpus.readers.tables.added import add_grid
from corpus.readers.tables.grid import Grid
from corpus.readers.tables.typed import tables_and_lines
from corpus.text.clean import clean, one_line, tidy_lines

_DROPPED_TAGS = (
    "script style noscript template nav head object embed canvas audio video datalist dialog map "
    "annotation annotation-xml"
)
DROPPED = frozenset(_DROPPED_TAGS.split())
_BLOCK_TAGS = (
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure "
    "footer form header hgroup hr html legend li main ol p pre section summary table td th ul "
    "caption h1 h2 h3 h4 h5 h6"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LONGEST_HEADING = 200  # characters of a button or a summary


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for the whole page. `frame` adds the page of a frame, where it was saved."""

    styles: Styles
    labels: Mapping[str, str]
    left_out: LeftOut
    frame: Callable[[DraftBuilder, LexborNode], None]


@dataclass(slots=True)
class _Open:
    """An element that is being gone through, and what is to be undone at its end."""

    identity: int
    tag: str
    block: bool = False
    heading: bool = False
    marked: bool = False
    bold: bool = False
    after: str = ""  # what a style adds to it
    path: list[tuple[int, str]] | None = None  # the headings that hold again after a panel


@dataclass(slots=True)
class _State:
    """The block that is being gathered."""

    parts: list[str] = field(default_factory=list)
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    marker: str = ""
    items: int = 0
    verbatim: int = 0
    plain: bool = False  # some of it is not bold


class Walk:
    """Goes through the nodes in order without recursion, and ends a block where a browser would."""

    def __init__(self, builder: DraftBuilder, setting: Setting) -> None:
        self._builder = builder
        self._setting = setting
        self._now = _State()
        self._lists: list[Numbering] = []
        self._open: list[_Open] = []
        self._path: list[tuple[int, str]] = []  # the headings above what comes next
        self._again: list[tuple[int, str]] = []  # to be said again before the next text
        self._titled = False  # whether the last block was a heading
        self._bold = 0  # elements in bold that are open

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
        """Take in a node; whether its children are to be gone through."""
        tag = node.tag or ""
        if tag == "-text":
            text = node.text_content or ""
            self._now.parts.append(text)
            self._now.plain |= not self._bold and not text.isspace()
            return False
        if tag in DROPPED or tag.startswith(("-", "!")):
            return False
        if tag == "iframe":
            self._frame(node)
            return False
        traits = self._setting.styles.traits(node)
        words = sign(node) if "hidden" not in traits else None
        if words is not None:
            self._now.parts.append(f" {words} ")
            self._now.plain |= not self._bold
            return False
        if self._is_left_out(node, traits):
            return False
        if tag == "math":
            self._now.parts.append(formula(node))
            self._now.plain |= not self._bold
            return False
        if tag == "table":
            return self._table(node, traits)
        if is_drawn_table(node, traits) and self._drawn_table(node):
            return False
        return self._go_in(node, tag, traits)

    def _is_left_out(self, node: LexborNode, traits: frozenset[str]) -> bool:
        left_out = self._setting.left_out
        if "struck" in traits:
            if (node.text() or "").strip():
                left_out.add(STRUCK)
            self._now.parts.append(" ")
            return True
        attributes = node.attributes
        if not attributes and not traits:
            return False
        if is_cookie_notice(node):
            left_out.add(BANNERS)
            return True
        aria_hidden = (attributes.get("aria-hidden") or "").lower() == "true"
        if ("hidden" in traits or aria_hidden) and not self._is_closed_panel(node):
            if (node.text() or "").strip():
                left_out.add(HIDDEN)
            return True
        return is_tab(node, self._setting.labels)

    def _is_closed_panel(self, node: LexborNode) -> bool:
        return is_panel(node, self._setting.labels) or follows_a_title(node)

    def _go_in(self, node: LexborNode, tag: str, traits: frozenset[str]) -> bool:
        opened = _Open(node.mem_id, tag)
        names = self._names_a_panel(node, tag)
        if tag == "button" and not names and not self._inside_a_title():
            return False  # a command of the page
        if names:
            self._end_block()
            opened.block = opened.heading = True
            self._now.kind, self._now.level = BlockKind.HEADING, self._deeper()
        elif tag in _BLOCKS:
            self._end_block()
            opened.block = True
            self._begin(tag, node, traits, opened)
        self._inline(tag, traits, opened)
        opened.after = self._generated(node)
        opened.bold = "bold" in traits
        self._bold += opened.bold
        self._open.append(opened)
        return True

    def _begin(self, tag: str, node: LexborNode, traits: frozenset[str], opened: _Open) -> None:
        if tag in ("ul", "ol"):
            self._lists.append(numbering(node, traits))
        elif tag == "li":
            self._now.items += 1
            self._now.marker = self._lists[-1].marker(node, traits) if self._lists else "-"
        elif tag in _HEADINGS:
            opened.heading = True
            self._now.kind, self._now.level = BlockKind.HEADING, _HEADINGS[tag]
        elif tag == "pre":
            self._now.verbatim += 1
        self._panel(node, traits, opened)

    def _panel(self, node: LexborNode, traits: frozenset[str], opened: _Open) -> None:
        """A panel that opens by a click: its heading is over it and over nothing else."""
        closed = "hidden" in traits or "hidden" in node.attributes
        if not is_panel(node, self._setting.labels) and not (closed or self._titled_by_button()):
            return
        if node.attributes.get("role") == "region" and not closed:
            return
        label = self._setting.labels.get(node.attributes.get("id") or "")
        if label and not (self._path and self._path[-1][1] == label):
            opened.path = list(self._path)
            self._add(BlockKind.HEADING, label, self._deeper())
        elif self._titled and node.tag != "details":
            opened.path = self._path[:-1]
        else:
            opened.path = list(self._path)

    def _titled_by_button(self) -> bool:
        return self._titled and self._button_said

    _button_said = False

    def _names_a_panel(self, node: LexborNode, tag: str) -> bool:
        """Whether a button or a summary is the heading of what it opens."""
        if self._inside_a_title():
            return False
        if tag == "summary":
            return 0 < len(one_line(node.text())) <= _LONGEST_HEADING
        if tag != "button" and node.attributes.get("role") != "button":
            return False
        return 0 < len(one_line(node.text())) <= _LONGEST_HEADING and opens_what_follows(
            node, self._setting.labels
        )

    def _inside_a_title(self) -> bool:
        return any(opened.heading for opened in self._open)

    def _deeper(self) -> int:
        return min(self._path[-1][0] + 1, 6) if self._path else 2

    def _inline(self, tag: str, traits: frozenset[str], opened: _Open) -> None:
        if tag == "br":
            self._now.parts.append("\0")
        elif tag in ("td", "th", "textarea"):
            self._now.parts.append(" ")
        if "raised" in traits or "lowered" in traits:
            self._now.parts.append(RAISED if "raised" in traits else LOWERED)
            opened.marked = True

    def _generated(self, node: LexborNode) -> str:
        """Add the words that a style puts before what a node says; those after it are returned."""
        before, after = self._setting.styles.generated(node)
        if before:
            self._now.parts.append(before)
        return after

    def _leave(self, node: LexborNode) -> None:
        if not self._open or self._open[-1].identity != node.mem_id:
            return
        opened = self._open.pop()
        self._bold -= opened.bold
        self._now.parts += filter(None, (opened.after, END if opened.marked else ""))
        if opened.tag == "textarea":
            self._now.parts.append(" ")
        if not opened.block:
            return
        self._end_block()
        if opened.tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif opened.tag == "li":
            self._now.items, self._now.marker = max(self._now.items - 1, 0), ""
        elif opened.tag == "pre":
            self._now.verbatim -= 1
        if opened.heading:
            self._now.kind, self._now.level = BlockKind.PARAGRAPH, 0
            self._button_said = opened.tag not in _HEADINGS
        if opened.path is not None and opened.path != self._path:
            self._path, self._again = opened.path, opened.path[-1:]

    def _table(self, node: LexborNode, traits: frozenset[str]) -> bool:
        """Add a table of data; one that only lays out the page is gone through like any block."""
        found = grid_of(node, self._asked)
        if found is None:
            return self._go_in(node, "table", traits)
        self._end_block()
        caption, grid = found
        self._say_again()
        self._builder.add(BlockKind.PARAGRAPH, caption)
        add_grid(self._builder, grid)
        self._titled = False
        return False

    def _drawn_table(self, node: LexborNode) -> bool:
        """Add what is drawn as a table; False where it is none."""
        grid = drawn_grid(node, self._asked)
        if grid is None:
            return False
        self._end_block()
        self._say_again()
        add_grid(self._builder, grid)
        self._titled = False
        return True

    @property
    def _asked(self) -> Asked:
        return Asked(self._cell, self._is_hidden, self._is_struck, self._setting.styles.traits)

    def _cell(self, node: LexborNode) -> str:
        builder = DraftBuilder()
        Walk(builder, self._setting).through(node)
        return one_line(builder.draft().text)

    def _is_hidden(self, node: LexborNode) -> bool:
        if "hidden" not in self._setting.styles.traits(node):
            return False
        if (node.text() or "").strip():
            self._setting.left_out.add(HIDDEN)
        return True

    def _is_struck(self, row: LexborNode) -> bool:
        """Whether a row is struck out, or its part of the table."""
        group = row.parent
        some = [row] if group is None or group.tag == "table" else [row, group]
        if not any("struck" in self._setting.styles.traits(node) for node in some):
            return False
        if (row.text() or "").strip():
            self._setting.left_out.add(STRUCK)
        return True

    def _frame(self, node: LexborNode) -> None:
        self._end_block()
        if "hidden" not in self._setting.styles.traits(node):
            self._say_again()
            self._setting.frame(self._builder, node)

    def _end_block(self) -> None:
        now = self._now
        text = settled("".join(now.parts))
        now.parts = []
        bold, now.plain = not now.plain, False
        text = clean(text.replace("\0", "\n")) if now.verbatim else spaced(text)
        if not text.strip():
            return
        kind = now.kind
        if now.verbatim and kind is BlockKind.PARAGRAPH and not now.items:
            self._add_typed(text)
            return
        if kind is BlockKind.PARAGRAPH and now.items:
            kind = BlockKind.ITEM
            text, now.marker = f"{now.marker} {text}".strip(), ""
        if bold and kind is BlockKind.PARAGRAPH and may_be_bold_title(text):
            self._say_again()
            self._builder.add_heading(one_line(text), BOLD_LOOK)
            self._titled = False
            return
        self._add(kind, text, now.level if kind is BlockKind.HEADING else 0)

    def _add_typed(self, text: str) -> None:
        """Lines as they were typed, and the tables among them."""
        self._say_again()
        self._titled = False
        for part in text.split("\n\n"):
            for some in tables_and_lines(part.split("\n")):
                if isinstance(some, Grid):
                    add_grid(self._builder, some)
                else:
                    self._builder.add(BlockKind.PARAGRAPH, "\n".join(some))

    def _add(self, kind: BlockKind, text: str, level: int) -> None:
        if kind is BlockKind.HEADING:
            self._again = []
            self._path = [entry for entry in self._path if entry[0] < level]
            self._path.append((level, one_line(text)))
        else:
            self._say_again()
        self._titled = kind is BlockKind.HEADING
        self._builder.add(kind, text, level=level)

    def _say_again(self) -> None:
        """After a panel the heading above it holds again, not the panel's own."""
        for level, text in self._again:
            self._builder.add(BlockKind.HEADING, text, level=level)
        self._again = []


def spaced(text: str) -> str:
    """White space as a browser shows it: runs are one space, only a <br> (\\0) ends a line."""
    return tidy_lines("\n".join(" ".join(line.split()) for line in text.split("\0")))
