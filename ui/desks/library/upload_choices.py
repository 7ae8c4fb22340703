"""What can be done with an uploaded file."""

from __future__ import annotations

from ui.state.own_library import Preview

KEEP, REPLACE, BESIDE, CANCEL = "keep", "replace", "beside", "cancel"
CHOICES = {
    KEEP: "Add it",
    REPLACE: "Replace: the new file becomes the next version",
    BESIDE: "Keep both, under another name",
    CANCEL: "Leave it out",
}


def offered(one: Preview) -> list[str]:
    """The choices, the one that is taken without a word first."""
    if one.same_as:
        return [CANCEL, BESIDE]
    return [REPLACE, BESIDE, CANCEL] if one.replaces else [KEEP, CANCEL]
