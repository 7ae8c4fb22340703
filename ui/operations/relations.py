"""The relations of codes that are in force in a home."""

from __future__ import annotations

from pathlib import Path

from corpus.codes.relations import SHIPPED


def relations(home: Path) -> list[Path]:
    """Those shipped with Codedesk, and those that people added in their home."""
    own = home / "codes.toml"
    return [SHIPPED, own] if own.is_file() else [SHIPPED]
