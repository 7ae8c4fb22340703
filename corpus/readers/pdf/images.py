"""Whether a PDF page holds an image: a page with one and without text is a picture of a page."""

from __future__ import annotations

from typing import Any

_DEEPEST = 4  # forms within forms
_MOST = 500  # objects looked at


def has_image(page: Any, *, drawn: bool) -> bool:
    """Whether the page has an image. `drawn`: its content draws an image or a form."""
    if not drawn:
        return False
    pending = [(page, 0)]
    looked_at = 0
    while pending and looked_at < _MOST:
        holder, depth = pending.pop()
        for found in _xobjects(holder):
            looked_at += 1
            subtype = found.get("/Subtype")
            if subtype == "/Image":
                return True
            if subtype == "/Form" and depth < _DEEPEST:
                pending.append((found, depth + 1))
    return _draws_inline(page)


def _xobjects(holder: Any) -> list[Any]:
    try:
        objects = holder["/Resources"].get_object()["/XObject"].get_object()
        return [item for key in objects if hasattr(item := objects[key].get_object(), "get")]
    except Exception:  # a page without resources or with broken ones has none to find
        return []


def _draws_inline(page: Any) -> bool:
    """Whether the content itself holds an image, between BI, ID and EI."""
    try:
        contents = page.get_contents()
        data = contents.get_data() if contents is not None else b""
    except Exception:  # what cannot be read was reported when its text was
        return False
    return all(mark in data for mark in (b"BI", b"ID", b"EI"))
