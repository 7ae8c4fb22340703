"""Safe terminal output: control characters and escapes in a document have no effect."""

from __future__ import annotations

import re

from rich.console import Console

# C0 and C1 controls except line feed and tab, and marks that change the writing direction.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def console() -> Console:
    return Console(highlight=False, soft_wrap=False)


def errors() -> Console:
    return Console(stderr=True, highlight=False)


def safe(text: str) -> str:
    """The text without characters that control a terminal."""
    return _UNSAFE.sub("\ufffd", text)
