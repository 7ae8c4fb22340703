"""Forms that XFA draws: their labels, texts and values stand in XML, not on the file's pages.

Read is what a viewer draws: the texts and the fields of the template in their order, each field
with the value that was filled in or is preset. Scripts are never run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from corpus.text.clean import one_line, tidy_lines

_MOST_DEEP = 60
_HIDDEN = frozenset({"hidden", "invisible", "inactive"})
_CONTAINERS = frozenset({"subform", "subformSet", "area", "pageSet", "pageArea", "exclGroup"})
_VALUES = ("text", "exData", "integer", "float", "decimal", "date", "time", "dateTime", "boolean")


def xfa_lines(packets: Mapping[str, bytes]) -> list[str] | None:
    """The lines of the form; None where its XML cannot be read or says nothing."""
    roots = [root for data in packets.values() if (root := _parsed(data)) is not None]
    template = _first(roots, "template")
    if template is None:
        return None
    data = _first(roots, "data")
    start = data if data is not None else etree.Element("none")
    lines = [line for line in _drawn(template, start, 0) if line]
    return lines or None


def _parsed(data: bytes) -> Any:
    """The root of one part; None for what is no XML, and for XML with a document type."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data.strip(b"\0 \r\n\t"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _first(roots: list[Any], name: str) -> Any:
    for root in roots:
        for element in root.iter(f"{{*}}{name}", name):
            return element
    return None


def _name(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _drawn(container: Any, data: Any, deep: int) -> Iterator[str]:
    """The lines of a container; `data` is the part of the values that belongs to it."""
    if deep > _MOST_DEEP:
        return
    seen: defaultdict[str, int] = defaultdict(int)
    for element in container:
        kind, named = _name(element), element.get("name") or ""
        if element.get("presence") in _HIDDEN:
            continue
        if kind == "draw":
            yield tidy_lines(_value(element))
        elif kind == "field":
            yield _field(element, _named(data, named, seen[named]))
        elif kind == "exclGroup":
            yield from _choices(element, _named(data, named, seen[named]))
        elif kind in _CONTAINERS:
            inner = _named(data, named, seen[named]) if named else None
            yield from _drawn(element, data if inner is None else inner, deep + 1)
        seen[named] += 1


def _named(data: Any, name: str, number: int) -> Any:
    """The value of that name, where there are several the one with this number; None if none."""
    found = [child for child in data if name and _name(child) == name]
    return found[number] if number < len(found) else None


def _field(field: Any, filled: Any) -> str:
    caption = one_line(_value(field.find("{*}caption")))
    on = _is_ticked(field, filled)
    if on is not None:
        return f"{caption} [{'ticked' if on else 'not ticked'}]".strip()
    if field.find("{*}ui/{*}button") is not None:
        return ""
    value = one_line("".join(filled.itertext())) if filled is not None else one_line(_value(field))
    said = _shown(field, value)
    return f"{caption}{'' if caption.endswith((':', '?')) or not caption else ':'} {said}".strip()


def _shown(field: Any, value: str) -> str:
    """A choice as it is shown, not as it is saved."""
    lists = field.findall("{*}items")
    if len(lists) == 2 and value:
        saved = next((one for one in lists if one.get("save") == "1"), lists[1])
        shown = next(one for one in lists if one is not saved)
        for key, text in zip(saved, shown, strict=False):
            if (key.text or "") == value:
                return one_line(text.text or "")
    return value


def _is_ticked(field: Any, filled: Any) -> bool | None:
    """None for a field that is no box."""
    if field.find("{*}ui/{*}checkButton") is None:
        return None
    on = field.find("{*}items/*")
    value = "".join(filled.itertext()) if filled is not None else _value(field)
    return one_line(value) == one_line((on.text if on is not None else None) or "1")


def _choices(group: Any, filled: Any) -> Iterator[str]:
    """Boxes of which one is ticked: the group's value says which."""
    value = one_line("".join(filled.itertext())) if filled is not None else one_line(_value(group))
    for field in group.findall("{*}field"):
        on = field.find("{*}items/*")
        said = one_line((on.text if on is not None else None) or "1")
        caption = one_line(_value(field.find("{*}caption")))
        yield f"{caption} [{'ticked' if value and said == value else 'not ticked'}]".strip()


def _value(element: Any) -> str:
    """What an element's own `value` says."""
    value = element.find("{*}value") if element is not None else None
    if value is None:
        return ""
    for kind in _VALUES:
        found = value.find(f"{{*}}{kind}")
        if found is not None:
            return " ".join(part.strip() for part in found.itertext() if part.strip())
    return ""
