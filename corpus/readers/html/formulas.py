"""Formulas of a page (MathML) as a line of text."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from corpus.readers.formula import fraction, index, power, root
from corpus.text.clean import one_line

_UNSEEN = frozenset({"annotation", "annotation-xml", "mphantom"})
_SHAPES = {"msup": 2, "msub": 2, "msubsup": 3, "mfrac": 2, "mroot": 2, "msqrt": 1}
_DEEPEST = 60


def formula(node: LexborNode, *, deep: int = 0) -> str:
    """What a formula says."""
    children = [child for child in node.iter() if (child.tag or "") not in _UNSEEN]
    if not children or deep > _DEEPEST:
        return one_line(node.text())
    said = ""
    for child in children:
        said += _part(child, deep=deep + 1, before=said)
    return said


def _part(node: LexborNode, *, deep: int, before: str) -> str:
    tag = node.tag or ""
    if tag not in _SHAPES:
        return formula(node, deep=deep)
    inner = [formula(child, deep=deep) for child in node.iter() if (child.tag or "") not in _UNSEEN]
    return _shaped(tag, inner, before)


def _shaped(tag: str, inner: list[str], before: str) -> str:
    if len(inner) < _SHAPES[tag] or not all(inner[: _SHAPES[tag]]):
        return " ".join(inner)
    if tag == "msup":
        return power(inner[0], inner[1])
    if tag == "msub":
        return index(inner[0], inner[1])
    if tag == "msubsup":
        return power(index(inner[0], inner[1]), inner[2])
    if tag == "mfrac":
        return fraction(inner[0], inner[1], before=before)
    return root("".join(inner) if tag == "msqrt" else inner[0])
