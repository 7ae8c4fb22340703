"""The parts of a workbook: its sheets and their order, styles, texts and tables."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from corpus.readers.attached import Attached
from corpus.readers.raised import END, LOWERED, RAISED, settled, without_marks
from corpus.readers.xlsx.number_format import BUILT_IN
from corpus.readers.xlsx.shapes import Said, said_of
from corpus.text.clean import one_line

_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_TITLE_ROWS = re.compile(r"\$(\d{1,7}):\$(\d{1,7})")
PRINTED = (  # what is printed at the top and at the foot of a sheet's pages
    *("oddHeader", "evenHeader", "firstHeader"),
    *("oddFooter", "evenFooter", "firstFooter"),
)
_UPRIGHT = {"superscript": RAISED, "subscript": LOWERED}


@dataclass(frozen=True, slots=True)
class Range:
    """Cells from the first row and column to the last, both counted from 0 and included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    path: str
    visible: bool
    title_rows: tuple[int, int] | None  # repeated on every printed page, counted from 0


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the workbook; `struck` where a part of it was struck out and left out."""

    text: str
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    code: str = "General"
    struck: bool = False
    unseen: bool = False  # white letters on the paper
    across: bool = False  # the text stands in the middle of the empty cells on its right too


@dataclass(frozen=True, slots=True)
class Embedded:
    """What lies in the workbook: Office files, and the names of objects of other programs."""

    files: tuple[Attached, ...] = ()
    objects: tuple[str, ...] = ()


@dataclass(slots=True)
class Package:
    """An open workbook. What is named here is read once; sheets are read one after another."""

    archive: zipfile.ZipFile
    sheets: list[Sheet] = field(default_factory=list)
    styles: list[Style] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    from_1904: bool = False
    title: str = ""

    def tables(self, sheet: Sheet) -> list[tuple[Range, int]]:
        """The ranges of the sheet's tables, and how many rows of each name its columns."""
        found = []
        for target, kind in _relations(self.archive, sheet.path).values():
            if kind != "table":
                continue
            root = _parsed(self.archive, target)
            place = range_of(root.get("ref") or "") if root is not None else None
            if root is not None and place is not None:
                found.append((place, int(root.get("headerRowCount") or "1")))
        return sorted(found, key=lambda one: (one[0].top, one[0].left))

    def comments(self, sheet: Sheet) -> int:
        """How many notes and threads of comments hang on the sheet's cells: a thread has a note
        that tells older programs of it, and is one with it."""
        places: set[str] = set()
        for target, kind in _relations(self.archive, sheet.path).values():
            root = (
                _parsed(self.archive, target) if kind in ("comments", "threadedComment") else None
            )
            if root is not None:
                places |= {
                    str(one.get("ref")) for one in root.iter("{*}comment", "{*}threadedComment")
                }
        return len(places)

    def shapes(self, sheet: Sheet) -> Said:
        """What the text boxes over the cells say."""
        for target, kind in _relations(self.archive, sheet.path).values():
            root = _parsed(self.archive, target) if kind == "drawing" else None
            if root is not None:
                found = _relations(self.archive, target).values()
                return said_of(root, [kind for _, kind in found])
        return Said()

    def embedded(self) -> Embedded:
        names = [name for name in self.archive.namelist() if name.startswith("xl/embeddings/")]
        files = [name for name in names if not name.endswith((".bin", "/"))]
        return Embedded(
            tuple(Attached(posixpath.basename(name), self.archive.read(name)) for name in files),
            tuple(posixpath.basename(name) for name in names if name.endswith(".bin")),
        )

    def rows(self, sheet: Sheet) -> Iterator[tuple[str, Any]]:
        """The elements of a sheet as they come, with their names; each is forgotten after use."""
        names = ("col", "row", "mergeCell", "autoFilter", "conditionalFormatting", *PRINTED)
        with self.archive.open(sheet.path) as stream:
            tags = [f"{{*}}{name}" for name in names]
            for _, element in etree.iterparse(
                stream, events=("end",), tag=tags, resolve_entities=False, no_network=True
            ):
                yield etree.QName(element).localname, element
                element.clear()
                above = element.getparent()
                while above is not None and element.getprevious() is not None:
                    del above[0]


def opened(data: bytes) -> Package:
    archive = zipfile.ZipFile(io.BytesIO(data))
    root_relations = _relations(archive, "")
    main = next(target for target, kind in root_relations.values() if kind == "officeDocument")
    book = _parsed(archive, main)
    if book is None:
        raise ValueError("no workbook")
    relations = _relations(archive, main)
    package = Package(archive)
    properties = book.find("{*}workbookPr")
    package.from_1904 = properties is not None and _is_on(properties.get("date1904"))
    titles = _print_titles(book)
    for number, element in enumerate(book.iterfind("{*}sheets/{*}sheet")):
        identity = next((v for k, v in element.attrib.items() if str(k).endswith("}id")), "")
        target, kind = relations.get(str(identity), ("", ""))
        if kind == "worksheet" and target in archive.NameToInfo:
            state = element.get("state") or "visible"
            name = one_line(element.get("name") or "")
            package.sheets.append(Sheet(name, target, state == "visible", titles.get(number)))
    for target, kind in relations.values():
        if kind == "sharedStrings":
            package.texts = list(_texts(archive, target))
        elif kind == "styles":
            package.styles = _styles(_parsed(archive, target))
    for target, kind in root_relations.values():
        if kind == "core-properties" and (core := _parsed(archive, target)) is not None:
            package.title = one_line(core.findtext("{*}title") or "")
    return package


def range_of(reference: str) -> Range | None:
    found = _RANGE.fullmatch(reference)
    if found is None:
        return None
    left, top = column_of(found[1]), int(found[2]) - 1
    right = column_of(found[3]) if found[3] else left
    bottom = int(found[4]) - 1 if found[4] else top
    if min(top, left) < 0:
        return None
    return Range(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def column_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_name(column: int) -> str:
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def rich_text(element: Any) -> Text:
    """The runs of a text without those that are struck out; raised marks stay apart."""
    parts: list[str] = []
    struck = False
    for child in element:
        name = etree.QName(child).localname
        if name == "t":
            parts.append(without_marks(child.text or ""))
        elif name == "r":
            text = without_marks(child.findtext("{*}t") or "")
            if _has(child, "{*}rPr/{*}strike"):
                struck = struck or bool(text.strip())
                parts.append(" ")
                continue
            upright = child.find("{*}rPr/{*}vertAlign")
            mark = _UPRIGHT.get(upright.get("val") or "") if upright is not None else None
            parts += [mark, text, END] if mark and text.strip() else [text]
    return Text(one_line(settled("".join(parts))), struck)


def _texts(archive: zipfile.ZipFile, path: str) -> Iterator[Text]:
    if path not in archive.NameToInfo:
        return
    with archive.open(path) as stream:
        for _, element in etree.iterparse(
            stream, events=("end",), tag="{*}si", resolve_entities=False, no_network=True
        ):
            yield rich_text(element)
            element.clear()
            above = element.getparent()
            while above is not None and element.getprevious() is not None:
                del above[0]


def _styles(root: Any) -> list[Style]:
    if root is None:
        return []
    codes = dict(BUILT_IN)
    for element in root.iterfind("{*}numFmts/{*}numFmt"):
        codes[int(element.get("numFmtId") or "-1")] = element.get("formatCode") or "General"
    fonts = [
        (_has(font, "{*}strike"), _is_white(font.find("{*}color")))
        for font in root.iterfind("{*}fonts/{*}font")
    ]
    bare = [_is_bare(fill) for fill in root.iterfind("{*}fills/{*}fill")]
    styles = []
    for element in root.iterfind("{*}cellXfs/{*}xf"):
        font = int(element.get("fontId") or "0")
        code = codes.get(int(element.get("numFmtId") or "0"), "General")
        struck, white = fonts[font] if font < len(fonts) else (False, False)
        fill = int(element.get("fillId") or "0")
        alignment = element.find("{*}alignment")
        across = alignment is not None and alignment.get("horizontal") == "centerContinuous"
        unseen = white and fill < len(bare) and bare[fill]
        styles.append(Style(code, struck, unseen, across))
    return styles


def _is_white(colour: Any) -> bool:
    """White, or the theme's first colour, which is the paper's; a shade of it is another."""
    if colour is None or float(colour.get("tint") or 0):
        return False
    return (colour.get("rgb") or "")[-6:].upper() == "FFFFFF" or colour.get("theme") == "0"


def _is_bare(fill: Any) -> bool:
    """Whether a cell's ground is the paper: no colour, or white."""
    pattern = fill.find("{*}patternFill")
    if pattern is None:
        return fill.find("{*}gradientFill") is None
    kind = pattern.get("patternType") or "none"
    return kind == "none" or (kind == "solid" and _is_white(pattern.find("{*}fgColor")))


def _print_titles(book: Any) -> dict[int, tuple[int, int]]:
    found = {}
    for element in book.iterfind("{*}definedNames/{*}definedName"):
        rows = _TITLE_ROWS.search(element.text or "")
        sheet = element.get("localSheetId")
        if element.get("name") == "_xlnm.Print_Titles" and rows and sheet and sheet.isdigit():
            found[int(sheet)] = int(rows[1]) - 1, int(rows[2]) - 1
    return found


def _relations(archive: zipfile.ZipFile, path: str) -> Mapping[str, tuple[str, str]]:
    """Of a part: the paths and kinds of what it refers to, by their ids."""
    folder, name = posixpath.split(path)
    root = _parsed(archive, posixpath.join(folder, "_rels", f"{name}.rels"))
    found = {}
    for element in root if root is not None else ():
        target = element.get("Target") or ""
        if element.get("TargetMode") == "External" or not target:
            continue
        whole = target[1:] if target.startswith("/") else posixpath.join(folder, target)
        kind = (element.get("Type") or "").rsplit("/", 1)[-1]
        found[element.get("Id") or ""] = posixpath.normpath(whole), kind
    return found


def _parsed(archive: zipfile.ZipFile, path: str) -> Any:
    if path not in archive.NameToInfo:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(archive.read(path), parser)


def _has(element: Any, path: str) -> bool:
    mark = element.find(path)
    return mark is not None and _is_on(mark.get("val", "1"))


def _is_on(value: str | None) -> bool:
    return (value or "0").lower() in ("1", "true", "on")
