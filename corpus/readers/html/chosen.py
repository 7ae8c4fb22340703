"""What style rules with longer selectors say, and the words that rules put around nodes."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

CONTENT = re.compile(r"(?<![\w-])content\s*:\s*([^;]+)")
_MEANWHILE = re.compile(r":(?:hover|focus|active|visited|target|checked|disabled|open)")
_PLACE = re.compile(r"::?(before|after)$")
_VALUE = re.compile(
    r"""\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|attr\(\s*([\w-]+)\s*\))\s*(!important)?""",
    re.S,
)
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)", re.S)
_KEPT = frozenset({"struck", "raised", "lowered"})
_SIGNS = frozenset("✓✔✗✘☐☑☒*†‡§")  # that say something alone; bars and arrows do not
_MOST_SELECTORS, _MOST_NODES = 300, 20_000


class Others:
    """Gathers for which nodes of a page the selectors hold."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.chosen: dict[int, frozenset[str]] = {}
        self.added: dict[int, tuple[str, str]] = {}
        self._tree = tree
        self._asked = 0

    def take(self, selector: str, traits: frozenset[str], content: str) -> None:
        """A rule; `content` is the value that it gives to words before or after."""
        if _MEANWHILE.search(selector):
            return  # what holds while somebody points at it, or not always
        place = _PLACE.search(selector)
        if place is None:
            if kept := traits & _KEPT:
                for node in self._nodes(selector):
                    self.chosen[node.mem_id] = self.chosen.get(node.mem_id, frozenset()) | kept
            return
        after = place[1] == "after"
        shown = content and "hidden" not in traits
        for node in self._nodes(selector[: place.start()] or "*") if shown else ():
            words = _said(content, node)
            before = self.added.get(node.mem_id, ("", ""))
            self.added[node.mem_id] = (before[0], words) if after else (words, before[1])

    def _nodes(self, selector: str) -> list[LexborNode]:
        self._asked += 1
        if self._asked > _MOST_SELECTORS:
            return []
        try:
            return self._tree.css(selector)[:_MOST_NODES]
        except Exception:  # a selector that the parser does not know
            return []


def _said(content: str, node: LexborNode) -> str:
    """The words of a value; "" where it is a picture, a number that is counted, or only a sign."""
    at, words = 0, ""
    while at < len(content.strip()):
        found = _VALUE.match(content, at)
        if found is None:
            return ""
        text = found[1] if found[1] is not None else found[2]
        words += _plain(text) if text is not None else node.attributes.get(found[3]) or ""
        at = found.end()
    tells = any(character.isalnum() or character in _SIGNS for character in words)
    return words if tells else ""


def _plain(text: str) -> str:
    """The text without its escapes, and without letters of fonts of pictures."""
    plain = _ESCAPE.sub(_escaped, text)
    return "".join(c for c in plain if not 0xE000 <= ord(c) <= 0xF8FF)


def _escaped(found: re.Match[str]) -> str:
    if found[1] is None:
        return found[2]
    number = int(found[1], 16)
    return chr(number) if 0 < number < 0xD800 or 0xE000 <= number < 0x110000 else ""
