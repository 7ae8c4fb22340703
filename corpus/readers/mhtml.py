"""Web archives (MHTML): a page that a browser saved with its frames in one MIME message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from corpus.readers import CannotRead
from corpus.text.clean import one_line
from corpus.text.encodings import decode_text

_WITHIN = 8_192  # bytes, in which the head of a message stands
_HEAD = re.compile(rb"\s*(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+\r?\n")
_TYPE = re.compile(
    rb"^content-type:\s*(?:multipart/(?:related|mixed|alternative)|text/html)", re.I | re.M
)
_MOST_PARTS = 2_000


@dataclass(frozen=True, slots=True)
class Archive:
    """The page's HTML, its address, and the HTML of its frames by their names and addresses."""

    page: str | None = None
    address: str = ""
    frames: Mapping[str, str] = field(default_factory=dict)


def is_archive(data: bytes) -> bool:
    """Whether these bytes begin as a MIME message that holds a page."""
    head = data[:_WITHIN].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not re.match(rb"[A-Za-z-]+:[ \t]", head):
        return False
    found = _HEAD.match(head)
    start = found[0] if found else head
    return b"mime-version:" in start.lower() and _TYPE.search(start) is not None


def archive_of(data: bytes) -> Archive:
    """Take a message apart. Raises CannotRead where it holds no page."""
    message = message_from_bytes(data.removeprefix(b"\xef\xbb\xbf").lstrip(), policy=compat32)
    pages = []
    for number, part in enumerate(message.walk()):
        if number > _MOST_PARTS:
            break
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            pages.append(part)
    if not pages:
        raise CannotRead(
            "The web archive holds no page. Open the page in a browser and save it again."
        )
    root = _root(message, pages)
    frames = {name: _text(part) for part in pages if part is not root for name in _names(part)}
    address = message.get("Snapshot-Content-Location") or root.get("Content-Location") or ""
    return Archive(_text(root), _address(str(address)), frames)


def _root(message: Message, pages: list[Message]) -> Message:
    """The part that the message says is the page, else the first."""
    start = message.get_param("start")
    for part in pages:
        if isinstance(start, str) and part.get("Content-ID") == start:
            return part
    return pages[0]


def _names(part: Message) -> list[str]:
    names = []
    if identity := str(part.get("Content-ID") or "").strip():
        names.append(f"cid:{identity.strip('<>')}")
    if location := str(part.get("Content-Location") or "").strip():
        names.append(location)
    return names


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    return decode_text(data, declared=part.get_content_charset()) if data.strip() else ""


def _address(text: str) -> str:
    address = one_line(text)
    return address if address.startswith(("http://", "https://")) else ""
