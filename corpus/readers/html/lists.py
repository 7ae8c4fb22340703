"""The markers of an HTML list as a browser draws them: type, start, value and reversed."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from corpus.readers.numbers import letters, roman

_TYPES = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_LOOKS = ("lower-alpha", "upper-alpha", "lower-roman", "upper-roman", "decimal", "unmarked")


@dataclass(slots=True)
class Numbering:
    """A list that is open: how it counts, and the number of its next item; None has bullets."""

    next: int | None
    step: int = 1
    look: str = "decimal"

    def marker(self, item: LexborNode, traits: frozenset[str]) -> str:
        if self.next is None:
            return "-"
        value = whole(item.attributes.get("value"))
        number = self.next if value is None else value
        self.next = number + self.step
        look = _look(item.attributes.get("type"), traits) or self.look
        return "" if look == "unmarked" else f"{_drawn(number, look)}."


def numbering(node: LexborNode, traits: frozenset[str]) -> Numbering:
    if node.tag != "ol":
        return Numbering(None)
    look = _look(node.attributes.get("type"), traits) or "decimal"
    start = whole(node.attributes.get("start"))
    if "reversed" not in node.attributes:
        return Numbering(1 if start is None else start, 1, look)
    items = sum(child.tag == "li" for child in node.iter())
    return Numbering(items if start is None else start, -1, look)


def whole(value: str | None) -> int | None:
    text = (value or "").strip()
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 9 else None


def _look(kind: str | None, traits: frozenset[str]) -> str | None:
    for look in _LOOKS:
        if look in traits:
            return look
    return _TYPES.get((kind or "").strip()) or ("decimal" if kind == "1" else None)


def _drawn(number: int, look: str) -> str:
    if look == "decimal":
        return str(number)
    text = letters(number) if "alpha" in look else roman(number)
    return text.upper() if look.startswith("upper") else text
