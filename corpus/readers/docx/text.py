"""The text of a Word paragraph as printed: with insertions, without deletions and field codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from docx.oxml.ns import qn

from corpus.readers.docx.formulas import MATH, formula
from corpus.readers.docx.styles import Look, Styles, has_ground
from corpus.readers.docx.symbols import EMPTY, TICKED, drawn, is_private, is_symbol_font
from corpus.readers.left_out import DELETED, HIDDEN, STRUCK, LeftOut
from corpus.readers.raised import END, LOWERED, RAISED, settled, without_marks

_TEXT = qn("w:t")
_PARAGRAPH = qn("w:p")
_RUN = qn("w:r")
_SIGNS = {
    qn("w:tab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
    qn("w:ptab"): "\t",
}
_BOX = qn("w:txbxContent")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GROUNDS = frozenset((qn("w:tbl"), _BOX, qn("w:hdr"), qn("w:ftr")))
_DELETED = qn("w:del")
_LEFT_OUT = frozenset(
    (
        qn("w:moveFrom"),
        qn("w:pPr"),
        qn("w:rPr"),
        qn("w:rt"),  # the reading of a character, small above it
        _BOX,  # its paragraphs are added after this one
        _FALLBACK,
    )
)
_SYMBOL, _FIELD = qn("w:sym"), qn("w:fldChar")
_NOTE_KINDS = {qn("w:footnoteReference"): "footnotes", qn("w:endnoteReference"): "endnotes"}
_FORMULA, _MATH_TEXT = f"{MATH}oMath", f"{MATH}t"
_OWN_MARK = qn("w:customMarkFollows")
_ON = ("1", "true", "on")
_UPRIGHT = {"superscript": RAISED, "subscript": LOWERED}


class NoteMark(Protocol):
    """Is told a note's kind and id, and gives its mark; "" where the note has its `own`, typed."""

    def __call__(self, kind: str, identity: str, /, *, own: bool) -> str: ...


class Paragraphs:
    """Reads paragraphs."""

    def __init__(self, styles: Styles, left_out: LeftOut, note_mark: NoteMark) -> None:
        self._styles = styles
        self._left_out = left_out
        self._note_mark = note_mark
        self._fields: list[bool] = []  # those that are open, each: does its result come by now

    def text(self, paragraph: Any) -> str:
        look = self._styles.paragraph_look(paragraph)
        self._fields = []
        parts: list[str] = []
        pending: list[Any] = list(reversed(paragraph))
        while pending:
            element = pending.pop()
            if element.tag == _RUN:
                parts += self._run(element, look)
            elif element.tag == _FORMULA:
                parts.append(formula(element))
            elif element.tag == _DELETED:
                self._told(element, qn("w:delText"), DELETED)
            elif element.tag not in _LEFT_OUT:
                pending.extend(reversed(element))
        return settled("".join(parts))

    def shows(self, paragraph: Any) -> bool:
        """Whether a paragraph holds letters at all."""
        return any((text.text or "").strip() for text in paragraph.iter(_TEXT))

    def is_bold(self, paragraph: Any) -> bool:
        """Whether all that a paragraph says is bold."""
        look = self._styles.paragraph_look(paragraph)
        runs = [
            run
            for run in paragraph.iter(_RUN)
            if any((text.text or "").strip() for text in run.iter(_TEXT))
        ]
        return bool(runs) and all(self._styles.look(run, look).bold for run in runs)

    def _told(self, element: Any, tag: str, what: str) -> None:
        if any((text.text or "").strip() for text in element.iter(tag)):
            self._left_out.add(what)

    def _run(self, run: Any, paragraph_look: Look) -> Iterator[str]:
        look = self._styles.look(run, paragraph_look)
        hidden = look.hidden or (look.white and not look.ground and _on_paper(run))
        if hidden or look.struck:
            self._told(run, _TEXT, HIDDEN if hidden else STRUCK)
            if look.struck and not hidden:
                yield " "
            return
        parts = list(self._pieces(run, look))
        if not parts:
            return
        mark = _UPRIGHT.get(look.upright or "")
        notes = any(
            element.tag in _NOTE_KINDS and element.get(_OWN_MARK) not in _ON for element in run
        )
        if mark and not notes and "".join(parts).strip():
            yield mark
            yield from parts
            yield END
        else:
            yield from parts

    def _pieces(self, run: Any, look: Look) -> Iterator[str]:
        pending: list[Any] = list(reversed(run))
        while pending:
            element = pending.pop()
            if element.tag == _TEXT and not self._is_asked_for():
                yield self._drawn(without_marks(element.text or ""), look.font or "")
            elif element.tag == _MATH_TEXT:
                yield without_marks(element.text or "")
            elif element.tag in _SIGNS:
                yield _SIGNS[element.tag]
            elif element.tag == _SYMBOL:
                yield self._symbol(element)
            elif element.tag == _FIELD:
                self._take_field(element.get(qn("w:fldCharType")))
                yield _form_value(element)
            elif element.tag in _NOTE_KINDS:
                yield self._note(element)
            elif element.tag not in _LEFT_OUT and element.tag != _DELETED:
                pending.extend(reversed(element))

    def _note(self, element: Any) -> str:
        """The mark of a note; one that was typed stands behind it in the text."""
        kind, identity = _NOTE_KINDS[element.tag], element.get(qn("w:id")) or ""
        own = element.get(_OWN_MARK) in _ON
        mark = self._note_mark(kind, identity, own=own)
        return f" {mark}" if mark else ""

    def _take_field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _is_asked_for(self) -> bool:
        """Whether a field within another one is only what that one is told to do with it."""
        return not all(self._fields[:-1])

    def _symbol(self, element: Any) -> str:
        code, font = element.get(qn("w:char")) or "", element.get(qn("w:font")) or ""
        try:
            character = chr(int(code, 16))
        except (ValueError, OverflowError):
            return ""
        return self._shown(character, font)

    def _drawn(self, text: str, font: str) -> str:
        """Text that is set in a font of signs, and characters that only such a font has."""
        if is_symbol_font(font):
            return "".join(self._shown(character, font) for character in text)
        if any(map(is_private, text)):
            return "".join(self._shown(c, font) if is_private(c) else c for c in text)
        return text

    def _shown(self, character: str, font: str) -> str:
        sign = drawn(character, font)
        if sign is None:
            self._left_out.tell(
                f"A sign of the font {font or 'Wingdings'} (number {ord(character):X}) cannot be "
                "told and was left out. Look at the document itself."
            )
            return " "
        return sign


def paragraphs_inside(paragraph: Any) -> Iterator[Any]:
    """The paragraphs of text boxes that hang on this one, each once."""
    for box in paragraph.iter(_BOX):
        if not any(above.tag == _FALLBACK for above in box.iterancestors()):
            yield from box.iter(_PARAGRAPH)


def _form_value(field: Any) -> str:
    """The state of a box or the choice of a list of the old forms; text stands in the document."""
    data = field.find(qn("w:ffData"))
    if data is None:
        return ""
    box = data.find(qn("w:checkBox"))
    if box is not None:
        state = box.find(qn("w:checked"))
        state = box.find(qn("w:default")) if state is None else state
        ticked = state is not None and state.get(qn("w:val"), "1") not in ("0", "false", "off")
        return TICKED if ticked else EMPTY
    choices = data.find(qn("w:ddList"))
    if choices is None:
        return ""
    entries = [entry.get(qn("w:val")) or "" for entry in choices.findall(qn("w:listEntry"))]
    result = choices.find(qn("w:result"))
    at = (result.get(qn("w:val")) or "0") if result is not None else "0"
    return entries[int(at)] if at.isascii() and at.isdigit() and int(at) < len(entries) else ""


def _on_paper(run: Any) -> bool:
    """Whether nothing that is drawn stands behind a run: no colour of its paragraph, no box, and no
    table, whose style may colour it."""
    for above in run.iterancestors():
        if above.tag in _GROUNDS:
            return False
        if above.tag == _PARAGRAPH:
            own = above.find(qn("w:pPr"))
            if own is not None and has_ground(own):
                return False
    return True
