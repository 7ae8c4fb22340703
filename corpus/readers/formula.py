"""A formula in a line of text: an exponent of it is no note, and nothing of it runs together."""

from __future__ import annotations

from corpus.text.marks import lowered, raised

_JOINS = frozenset("+-−–± ")


def power(base: str, exponent: str) -> str:
    """x², and e^(kt) where Unicode cannot raise it."""
    high = raised(exponent)
    told = all(one != other for one, other in zip(exponent, high, strict=True))
    return f"{base}{high}" if told else f"{base}^{_whole(exponent)}"


def index(base: str, below: str) -> str:
    """x₁, and x_max where Unicode cannot lower it."""
    low = lowered(below)
    told = all(one != other for one, other in zip(below, low, strict=True))
    return f"{base}{low}" if told else f"{base}_{_whole(below)}"


def fraction(upper: str, lower: str, *, before: str) -> str:
    """1/2, apart from a figure `before` it."""
    space = " " if before[-1:].isalnum() else ""
    return f"{space}{_whole(upper)}/{_whole(lower)}"


def root(inner: str) -> str:
    return f"√{_whole(inner)}"


def _whole(text: str) -> str:
    """In brackets where it would else fall apart."""
    return f"({text})" if _JOINS & set(text) or "/" in text else text
