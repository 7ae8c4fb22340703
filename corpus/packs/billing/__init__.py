"""The billing pack: TOML files that people edit. `table` reads each once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
RELATED_CODES = _HERE / "codes.toml"


@cache
def table(name: str) -> Mapping[str, Any]:
    """The data of `NAME.toml`: attributes, codes, matrix, names, vocabulary. Not to be changed."""
    return tomllib.loads((_HERE / f"{name}.toml").read_text("utf-8"))
