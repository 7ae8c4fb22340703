"""The text of a Word paragraph as printed: with insertions, without deletions and field codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn

_TEXT = qn("w:t")
_PARAGRAPH = qn("w:p")
_SIGNS = {
    qn("w:tab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
    qn("w:ptab"): "\t",
}
_BOX = qn("w:txbxContent")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LEFT_OUT = frozenset(
    (
        qn("w:del"),
        qn("w:moveFrom"),
        qn("w:pPr"),
        qn("w:rPr"),
        _BOX,  # its paragraphs are added after this one
        _FALLBACK,
    )
)
_VANISH = f"{qn('w:rPr')}/{qn('w:vanish')}"
_RUN = qn("w:r")
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"


def paragraph_text(paragraph: Any) -> str:
    parts: list[str] = []
    pending = list(reversed(paragraph))
    while pending:
        element = pending.pop()
        if element.tag in (_TEXT, _MATH):
            parts.append(element.text or "")
        elif element.tag in _SIGNS:
            parts.append(_SIGNS[element.tag])
        elif element.tag not in _LEFT_OUT and not _is_hidden(element):
            pending.extend(reversed(element))
    return "".join(parts)


def paragraphs_inside(paragraph: Any) -> Iterator[Any]:
    """The paragraphs of text boxes that hang on this one, each once."""
    for box in paragraph.iter(_BOX):
        if not any(above.tag == _FALLBACK for above in box.iterancestors()):
            yield from box.iter(_PARAGRAPH)


def _is_hidden(element: Any) -> bool:
    if element.tag != _RUN:
        return False
    mark = element.find(_VANISH)
    return mark is not None and mark.get(qn("w:val"), "true") not in ("0", "false", "off")
