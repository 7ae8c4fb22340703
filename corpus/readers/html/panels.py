"""Panels, tabs and accordions: what a click opens is content, under the heading that opens it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.text.clean import one_line

_CONTAINERS = frozenset(
    [
        "div",
        "section",
        "article",
        "ul",
        "ol",
        "dl",
        "dd",
        "table",
        "tbody",
        "fieldset",
        "aside",
        "details",
        "form",
        "blockquote",
    ]
)
_TITLES = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary", "button", "legend"])
_PANEL = re.compile(
    r"(?:accordion|collaps|expand|toggle|tab|panel|drawer|disclosure)[\w-]*"
    r"(?:body|content|panel|pane|collapse|inner)|\b(?:collapse|panel|tab-pane|tabpanel|panel-body)\b",
    re.I,
)
_OVERLAY = re.compile(
    r"\b(?:modal|dialog|popup|pop-up|lightbox|toast|tooltip|overlay|offcanvas|spinner|loader|"
    r"skip-link|mega-?menu|dropdown-menu|print-only)\b",
    re.I,
)
_COOKIES = re.compile(
    r"cookie[-_]?(?:banner|bar|notice|consent|law|popup|message|disclaimer|alert|overlay|modal)|"
    r"onetrust|cookiebot|cybotcookie|gdpr|consent[-_]?(?:banner|bar|popup|manager|modal)|"
    r"\bcc-(?:window|banner)\b|truste",
    re.I,
)
_BUTTON = re.compile(r"accordion|collaps|expand|disclosure|toggle", re.I)
_LONGEST = 200  # characters of a heading
_LONGEST_BANNER = 6_000


def labels(tree: LexborHTMLParser) -> dict[str, str]:
    """The heading of each panel that something on the page opens, by the panel's id."""
    found: dict[str, str] = {}
    selector = (
        "[aria-controls], [data-target], [data-bs-target], [role=tab], [data-toggle], "
        "[data-bs-toggle]"
    )
    for node in tree.css(selector):
        text = one_line(node.text(separator=" "))
        if text and len(text) <= _LONGEST:
            for target in opened(node):
                found.setdefault(target, text)
    for node in tree.css("[role=tabpanel][aria-labelledby], [role=region][aria-labelledby]"):
        identity, name = node.attributes.get("id"), node.attributes.get("aria-labelledby") or ""
        if identity and identity not in found and re.fullmatch(r"[\w-]+", name):
            label = tree.css_first(f'[id="{name}"]')
            text = one_line(label.text(separator=" ")) if label is not None else ""
            if text and len(text) <= _LONGEST:
                found[identity] = text
    return found


def opened(node: LexborNode) -> Iterator[str]:
    """The ids of what a control opens."""
    attributes = node.attributes
    for name in ("aria-controls", "data-target", "data-bs-target", "href"):
        value = (attributes.get(name) or "").strip()
        if name == "aria-controls" and value:
            yield from value.split()
        elif value.startswith("#") and len(value) > 1:
            yield value[1:]


def is_tab(node: LexborNode, known: Mapping[str, str]) -> bool:
    """Whether this is the tab of a panel that gets its text as a heading."""
    attributes = node.attributes
    tab = attributes.get("role") == "tab" or "tab" in (
        attributes.get("data-toggle"),
        attributes.get("data-bs-toggle"),
    )
    return tab and any(target in known for target in opened(node))


def is_panel(node: LexborNode, known: Mapping[str, str]) -> bool:
    """Whether this is what a heading, a tab or a button opens and closes."""
    if node.tag not in _CONTAINERS:
        return False
    attributes = node.attributes
    if is_overlay(node):
        return False
    return (
        node.tag == "details"
        or attributes.get("id") in known
        or attributes.get("role") in ("tabpanel", "region")
        or _PANEL.search(attributes.get("class") or "") is not None
    )


def follows_a_title(node: LexborNode) -> bool:
    """Whether a block stands directly after a heading or a button, as what that opens does."""
    if node.tag not in _CONTAINERS or is_overlay(node):
        return False
    before = _before(node)
    if before is None:
        return False
    if before.tag in _TITLES or before.attributes.get("role") in ("button", "heading", "tab"):
        return True
    inner = before.css_first("h1, h2, h3, h4, h5, h6, button, [role=button], [role=tab]")
    text = one_line(before.text(separator=" "))
    return inner is not None and text == one_line(inner.text(separator=" ")) != ""


def opens_what_follows(button: LexborNode, known: Mapping[str, str]) -> bool:
    """Whether a button is the heading of a panel, not a command of the page."""
    attributes = button.attributes
    if any(target in known for target in opened(button)) or "aria-expanded" in attributes:
        return not _OVERLAY.search(
            attributes.get("data-bs-toggle") or attributes.get("data-toggle") or ""
        )
    if _BUTTON.search(attributes.get("class") or ""):
        return True
    after = button.next
    while (
        after is not None
        and after.tag in ("-text", "-comment")
        and not (after.text_content or "").strip()
    ):
        after = after.next
    return after is not None and is_panel(after, known)


def is_overlay(node: LexborNode) -> bool:
    attributes = node.attributes
    role = attributes.get("role") or ""
    return role in ("dialog", "alertdialog", "tooltip", "menu", "navigation", "search") or (
        _OVERLAY.search(attributes.get("class") or "") is not None
    )


def is_cookie_notice(node: LexborNode) -> bool:
    attributes = node.attributes
    name = f"{attributes.get('id') or ''} {attributes.get('class') or ''}"
    if not name.strip() or node.tag in ("body", "main", "html") or not _COOKIES.search(name):
        return False
    return len(node.text()) <= _LONGEST_BANNER


def _before(node: LexborNode) -> LexborNode | None:
    before = node.prev
    while before is not None and (before.tag or "").startswith("-"):
        if before.tag == "-text" and (before.text_content or "").strip():
            return None
        before = before.prev
    return before
