"""What stands on a page without being text: ticks, boxes, icons, pictures, values of forms."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from corpus.text.clean import one_line

TICKED, EMPTY = "☒", "☐"
_YES, _NO = "✓", "✗"
_YES_CLASS = re.compile(r"(?:^|[\s_-])(?:check(?:mark)?|tick|ok|yes)(?:$|[\s_-])", re.I)
_NO_CLASS = re.compile(
    r"(?:^|[\s_-])(?:times|xmark|cross|remove|no|x-lg|ban|close)(?:$|[\s_-])", re.I
)
_ICON = re.compile(
    r"(?:^|\s)(?:fa[srlbd]?|fa-\w+|glyphicon\S*|bi(?:-\S+)?|icon\S*|material-icons\S*|dashicons\S*)"
    r"(?:\s|$)",
    re.I,
)
_COMMANDS = frozenset(
    ["submit", "button", "reset", "image", "file", "hidden", "password", "search"]
)


def sign(node: LexborNode) -> str | None:
    """The words of a node that has none of its own; None where its text is read as any text."""
    tag = node.tag or ""
    attributes = node.attributes
    if tag == "img":
        return one_line(attributes.get("alt") or attributes.get("title") or "")
    if tag == "svg":
        return _svg(node)
    if tag == "input":
        return _input(node)
    if tag == "select":
        return _select(node)
    if attributes.get("role") in ("checkbox", "radio", "switch", "menuitemcheckbox"):
        state = (attributes.get("aria-checked") or "").lower()
        own = one_line(node.text(separator=" ") or attributes.get("aria-label") or "")
        return (
            f"{TICKED if state == 'true' else EMPTY} {own}" if state in ("true", "false") else None
        )
    if tag in ("i", "span", "em", "b") and not (node.text() or "").strip():
        return _icon(node)
    return None


def _svg(node: LexborNode) -> str:
    title = node.css_first("title")
    named = node.attributes.get("aria-label") or (title.text() if title is not None else "")
    if named:
        return one_line(named)
    return " ".join(one_line(text.text()) for text in node.css("text"))


def _icon(node: LexborNode) -> str | None:
    attributes = node.attributes
    named = attributes.get("title") or attributes.get("aria-label") or ""
    if named.strip():
        return one_line(named)
    classes = attributes.get("class") or ""
    if not _ICON.search(classes):
        return None
    if _YES_CLASS.search(classes):
        return _YES
    return _NO if _NO_CLASS.search(classes) else None


def _input(node: LexborNode) -> str:
    attributes = node.attributes
    kind = (attributes.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return TICKED if "checked" in attributes else EMPTY
    return "" if kind in _COMMANDS else one_line(attributes.get("value") or "")


def _select(node: LexborNode) -> str:
    """The options that are chosen; a list of one line shows its first where none is."""
    options = node.css("option")
    chosen = [option for option in options if "selected" in option.attributes]
    if not chosen and "multiple" not in node.attributes and "size" not in node.attributes:
        chosen = options[:1]
    return ", ".join(filter(None, (one_line(option.text()) for option in chosen)))
