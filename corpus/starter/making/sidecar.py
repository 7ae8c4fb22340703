"""The metadata of a source as the sidecar that stands beside the file made from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

_LAYOUT_ONLY = frozenset({"layout"})


def sidecar_text(fields: Mapping[str, Any]) -> str:
    """TOML, one field a line, in the order of the front matter."""
    kept = ((name, value) for name, value in fields.items() if name not in _LAYOUT_ONLY)
    return "".join(f"{name} = {_toml(value)}\n" for name, value in kept)


def _toml(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)
