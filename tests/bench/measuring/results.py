"""What was measured, kept as one JSON file that grows part by part.

A part is one kind of measurement, at one size or of no size. Measuring it again replaces it and
nothing else; each part says when, on which commit and under which load it was taken.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Document = dict[str, Any]
EMPTY: Mapping[str, Any] = {"machine": {}, "seed": None, "sizes": {}, "parts": {}}


def read_results(path: Path | None) -> Document:
    """What is known already; nothing where there is no file."""
    if path is None or not path.exists():
        return json.loads(json.dumps(EMPTY))
    document: Document = json.loads(path.read_text(encoding="utf-8"))
    return document


def write_results(path: Path, document: Mapping[str, Any]) -> None:
    """Through a temporary name: a run that is stopped leaves what was measured before."""
    temporary = path.with_name(f".{path.name}")
    temporary.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    temporary.replace(path)


def put(
    document: Document,
    part: str,
    figures: Mapping[str, Any],
    *,
    size: int | None,
    taken: Mapping[str, Any],
) -> None:
    """Put a part in its place. Figures that could not be taken do not replace ones that were."""
    if size is None:
        parts = document["parts"]
    else:
        parts = document["sizes"].setdefault(str(size), {"passages": size})
    if "reason" in figures and part in parts and "reason" not in parts[part]:
        parts[part]["failed_since"] = {"reason": figures["reason"], **taken}
        return
    parts[part] = {**figures, "taken": dict(taken)}


def by_size(document: Mapping[str, Any]) -> dict[int, Mapping[str, Any]]:
    """The sizes in order, each with its parts."""
    return {int(size): parts for size, parts in sorted(document["sizes"].items(), key=_as_number)}


def _as_number(entry: tuple[str, object]) -> int:
    return int(entry[0])
