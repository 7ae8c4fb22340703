"""The files that came along with a followed library: what its documents were read from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from index.home.home import Home

ORIGINALS = "originals"


def original_at(home: Home, sha256: str) -> Path:
    """Where a followed library's file lies, named by its bytes."""
    return home.path / ORIGINALS / sha256[:2] / sha256


def originals(home: Home) -> Mapping[str, Path]:
    """All of them, by their sums; none in a home that follows nobody."""
    folder = home.path / ORIGINALS
    return {path.name: path for path in folder.glob("*/*")} if folder.is_dir() else {}
