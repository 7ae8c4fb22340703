"""The text boxes and other shapes that lie over the cells of a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from corpus.readers.raised import END, LOWERED, RAISED, settled, without_marks
from corpus.text.clean import one_line

_PICTURES = {"chart": "A chart", "diagramData": "A diagram"}


@dataclass(frozen=True, slots=True)
class Said:
    """What shapes say, from the top of the sheet; `struck` where a part was left out. `pictures`
    are what else lies there and has words."""

    texts: tuple[str, ...] = ()
    struck: int = 0
    pictures: tuple[str, ...] = ()


def said_of(root: Any, kinds: list[str]) -> Said:
    """`root` is the drawing of a sheet; `kinds` are those of what it refers to."""
    placed: list[tuple[int, int, list[str]]] = []
    struck = 0
    for anchor in root:
        at = _number(anchor, "row"), _number(anchor, "col")
        for shape in _seen(anchor):
            lines = [_line(paragraph) for paragraph in shape.iterfind("{*}txBody/{*}p")]
            struck += sum(gone for _, gone in lines)
            placed.append((*at, [text for text, _ in lines if text]))
    texts = tuple(text for _, _, said in sorted(placed) for text in said)
    return Said(texts, struck, tuple(_PICTURES[kind] for kind in kinds if kind in _PICTURES))


def _seen(anchor: Any) -> Iterator[Any]:
    """The shapes of an anchor, those in groups too, without what is hidden and without the
    pictures that older programs show instead."""
    pending = [anchor]
    while pending:
        element = pending.pop()
        name = etree.QName(element).localname if isinstance(element.tag, str) else "Fallback"
        if name == "sp" and not _is_hidden(element):
            yield element
        elif name not in ("sp", "Fallback") and not _is_hidden(element):
            pending += reversed(element)


def _is_hidden(element: Any) -> bool:
    own = next(element.iterfind("{*}nvSpPr/{*}cNvPr"), None)
    own = next(element.iterfind("{*}nvGrpSpPr/{*}cNvPr"), None) if own is None else own
    return own is not None and own.get("hidden") in ("1", "true")


def _line(paragraph: Any) -> tuple[str, bool]:
    """A paragraph without what is struck out, and whether something was."""
    parts: list[str] = []
    struck = False
    for run in paragraph.iter("{*}r", "{*}fld", "{*}br"):
        text = without_marks(run.findtext("{*}t") or "") or " "
        look = run.find("{*}rPr")
        if look is not None and look.get("strike", "noStrike") != "noStrike":
            struck = struck or bool(text.strip())
            parts.append(" ")
            continue
        height = (look.get("baseline") or "0") if look is not None else "0"
        mark = "" if height.strip("0") == "" else LOWERED if height.startswith("-") else RAISED
        parts += [mark, text, END] if mark and text.strip() else [text]
    return one_line(settled("".join(parts))), struck


def _number(anchor: Any, name: str) -> int:
    found = anchor.findtext(f"{{*}}from/{{*}}{name}") or ""
    return int(found) if found.isascii() and found.isdigit() else 0
