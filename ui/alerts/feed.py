"""The alerts as an Atom feed (RFC 4287): an entry for each passage, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from index.home.durable import write_durably
from ui.exports.tables import clean
from ui.state.searches import Alert

NAME = "alerts.atom"
_ATOM = "http://www.w3.org/2005/Atom"


def feed(alerts: Sequence[Alert], *, address: str) -> bytes:
    """The feed. `address` is that of the pages, to which its links lead."""
    register_namespace("", _ATOM)
    root = Element(f"{{{_ATOM}}}feed")
    _text(root, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, f'{address}/alerts')}")
    _text(root, "title", "Codedesk: new to saved searches")
    _text(root, "updated", alerts[0].at if alerts else "1970-01-01T00:00:00+00:00")
    _text(_inside(root, "author"), "name", "Codedesk")
    for one in alerts:
        _entry(root, one, address)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def write_feed(home: Path, alerts: Sequence[Alert], *, address: str) -> Path:
    """Write the feed into the home, for a reader that watches the file."""
    path = home / NAME
    write_durably(path, feed(alerts, address=address))
    return path


def _entry(root: Element, one: Alert, address: str) -> None:
    passage = one.passage
    entry = _inside(root, "entry")
    link = f"{address}{passage['address']}"
    _text(entry, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, f'{one.number} {one.at} {link}')}")
    _text(entry, "title", f"{one.name}: {passage['title']}")
    _text(entry, "updated", one.at)
    _inside(entry, "link").set("href", link)
    _text(entry, "summary", f"{passage['text']}\n\n{passage['cited']}")


def _inside(parent: Element, name: str) -> Element:
    return SubElement(parent, f"{{{_ATOM}}}{name}")


def _text(parent: Element, name: str, text: str) -> None:
    _inside(parent, name).text = clean(text)
