"""What of a saved search was seen, so that a later look shows only what is new."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from assistant.answer import Citation


def mark_of(citation: Citation) -> str:
    """A passage by what it says and in which document; ids and places change between syncs."""
    said = f"{citation.version.document}\n{citation.text}"
    return sha256(said.encode()).hexdigest()[:24]


def seen_now(citations: Iterable[Citation]) -> list[str]:
    return [mark_of(citation) for citation in citations]
