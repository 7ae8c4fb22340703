"""Reads YAML front matter safely: no aliases, no deep nesting, plain values only."""

from __future__ import annotations

from typing import Any

import yaml

from corpus.errors import BadMetadata

_DEPTH = 20


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """Plain values only: an alias can make few bytes stand for gigabytes, nesting recurses."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise BadMetadata("The front matter uses a YAML alias (*name). Write the value out.")
        self.depth += 1
        if self.depth > _DEPTH:
            raise BadMetadata("The front matter is nested too deep. Keep it to simple fields.")
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


def load_front_matter(text: str) -> dict[str, Any] | None:
    """The fields; None where prose, not fields, stands between the dashes. Raises BadMetadata."""
    try:
        loaded = _Loader(text).get_single_data()
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        if not _looks_like_fields(text):
            return None
        raise BadMetadata(f"The front matter is not valid YAML: {_where(error)}") from error
    if isinstance(loaded, dict):
        return {str(key): value for key, value in loaded.items()}
    return None if loaded is not None or text.strip() else {}


def _looks_like_fields(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip()]
    return bool(lines) and ":" in lines[0] and " " not in lines[0].split(":")[0].strip()


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "a value that cannot be read"
    return f"{problem}, line {mark.line + 2}. Correct it." if mark else f"{problem}. Correct it."
