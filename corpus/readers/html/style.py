"""What a page's own styles say of its elements, as far as it decides what is read and how."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.readers.html.chosen import CONTENT, Others

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_SIMPLE = re.compile(r"([a-zA-Z][\w-]*)?([.#][\w-]+)?")
_COLOUR = re.compile(r"(?<![\w-])color\s*:", re.I)
_MOST_STYLE = 500_000  # characters
_NOTHING = ("", "")
_DECLARATIONS = (
    (
        "hidden",
        re.compile(
            r"(?<![\w-])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|coll)"
            r"|(?:opacity|font-size)\s*:\s*0*(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:!|;|$)"
            r"|(?:left|right|top|text-indent|margin-left)\s*:\s*-\d{4,}(?:px|pt|em))"
        ),
    ),
    ("shown", re.compile(r"(?<![\w-])display\s*:\s*(?!none)\w")),
    ("struck", re.compile(r"(?<![\w-])text-decoration(?:-line)?\s*:[^;]*line-through")),
    ("raised", re.compile(r"(?<![\w-])vertical-align\s*:\s*(?:super|text-top)")),
    ("lowered", re.compile(r"(?<![\w-])vertical-align\s*:\s*(?:sub\b|text-bottom)")),
    (
        "white",
        re.compile(r"(?<![\w-])color\s*:\s*(?:white|#fff(?:fff)?|rgba?\(255,\s*255,\s*255)\b"),
    ),
    (
        "ground",
        re.compile(r"(?<![\w-])background(?:-color|-image)?\s*:\s*(?!none|transp|white|#fff)"),
    ),
    ("table", re.compile(r"(?<![\w-])display\s*:\s*(?:inline-)?table\s*(?:!|;|$)")),
    ("table-row", re.compile(r"(?<![\w-])display\s*:\s*table-row\s*(?:!|;|$)")),
    ("table-cell", re.compile(r"(?<![\w-])display\s*:\s*table-cell\s*(?:!|;|$)")),
    ("bold", re.compile(r"(?<![\w-])font-weight\s*:\s*(?:bold|[6-9]00)")),
    ("lower-alpha", re.compile(r"list-style(?:-type)?\s*:[^;]*lower-(?:alpha|latin)")),
    ("upper-alpha", re.compile(r"list-style(?:-type)?\s*:[^;]*upper-(?:alpha|latin)")),
    ("lower-roman", re.compile(r"list-style(?:-type)?\s*:[^;]*lower-roman")),
    ("upper-roman", re.compile(r"list-style(?:-type)?\s*:[^;]*upper-roman")),
    ("decimal", re.compile(r"list-style(?:-type)?\s*:[^;]*decimal")),
    ("unmarked", re.compile(r"list-style(?:-type)?\s*:[^;]*none")),
)  # fmt: skip
_TAGS = {
    "del": "struck", "s": "struck", "strike": "struck", "sup": "raised", "sub": "lowered",
    "b": "bold", "strong": "bold",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Styles:
    """Traits by simple selector: a tag, a class, an id. Of other selectors it is kept for which
    nodes they hold, and of their traits only those that hide nothing: what is hidden so is often
    shown by another rule. `added` are the words that styles put before and after nodes."""

    rules: Mapping[str, frozenset[str]] = field(default_factory=dict)
    elsewhere: bool = False  # more of them stand in other files, which are not there
    chosen: Mapping[int, frozenset[str]] = field(default_factory=dict)
    added: Mapping[int, tuple[str, str]] = field(default_factory=dict)

    def traits(self, node: LexborNode) -> frozenset[str]:
        """What holds for a node by its tag, its own style and the page's rules."""
        tag = node.tag or ""
        found: set[str] = set()
        if tag in _TAGS:
            found.add(_TAGS[tag])
        attributes = node.attributes
        if self.rules:
            for selector in _selectors(tag, attributes):
                found |= self.rules.get(selector, frozenset())
        if self.chosen:
            found |= self.chosen.get(node.mem_id, frozenset())
        own = attributes.get("style") if attributes else None
        if own:
            traits = declared(own)
            if "shown" in traits:
                found.discard("hidden")
            found |= traits
        if attributes and "hidden" in attributes:
            found.add("hidden")
        if "white" in found and self._is_white_on_white(node):
            found.add("hidden")
        return frozenset(found)

    def generated(self, node: LexborNode) -> tuple[str, str]:
        """The words that styles put before and after what a node says."""
        return self.added.get(node.mem_id, _NOTHING) if self.added else _NOTHING

    def _is_white_on_white(self, node: LexborNode) -> bool:
        """Whether white text has the paper as its ground, as far as the page itself tells."""
        if self.elsewhere or len(_COLOUR.findall(node.html or "")) > 1:
            return False
        above: LexborNode | None = node
        while above is not None and above.tag != "-document":
            if above.attributes.get("bgcolor") or above.attributes.get("background"):
                return False
            style = declared(above.attributes.get("style") or "")
            rules = (
                self.rules.get(name, ()) for name in _selectors(above.tag or "", above.attributes)
            )
            if "ground" in style or any("ground" in rule for rule in rules):
                return False
            above = above.parent
        return True


def declared(style: str) -> frozenset[str]:
    lowered = style.lower()
    return frozenset(name for name, pattern in _DECLARATIONS if pattern.search(lowered))


def page_styles(tree: LexborHTMLParser) -> Styles:
    """The rules of the page's style elements for the screen; those inside @media are left alone."""
    rules: dict[str, frozenset[str]] = {}
    others = Others(tree)
    for node in tree.css("style"):
        media = (node.attributes.get("media") or "screen").lower()
        if "print" in media and "screen" not in media:
            continue
        text = _COMMENT.sub("", (node.text_content or node.text() or "")[:_MOST_STYLE])
        for selectors, declarations in _RULE.findall(_without_at_rules(text)):
            traits = declared(declarations) - {"shown"}
            words = CONTENT.search(declarations)
            if not traits and not words:
                continue
            for selector in selectors.split(","):
                name = selector.strip()
                if name and _SIMPLE.fullmatch(name):
                    rules[name] = rules.get(name, frozenset()) | traits
                elif name:
                    others.take(name, traits, words[1] if words else "")
    linked = tree.css_first('link[rel~="stylesheet" i]') is not None
    return Styles(rules, elsewhere=linked, chosen=others.chosen, added=others.added)


def _without_at_rules(text: str) -> str:
    """Rules inside @media, @supports and the like hold only sometimes."""
    parts, at, depth, inside = [], 0, 0, False
    for found in re.finditer(r"[{}@]", text):
        sign, place = found[0], found.start()
        if sign == "@" and depth == 0 and not inside:
            parts.append(text[at:place])
            inside = True
        elif sign == "{":
            depth += 1
        elif sign == "}":
            depth = max(depth - 1, 0)
            if inside and depth == 0:
                inside, at = False, place + 1
    if not inside:
        parts.append(text[at:])
    return "".join(parts)


def _selectors(tag: str, attributes: Mapping[str, str | None]) -> Iterator[str]:
    yield tag
    for name in (attributes.get("class") or "").split():
        yield f".{name}"
        yield f"{tag}.{name}"
    if identity := attributes.get("id"):
        yield f"#{identity}"
        yield f"{tag}#{identity}"
