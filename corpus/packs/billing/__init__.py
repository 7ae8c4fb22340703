"""The billing pack: TOML files that people edit. `table` reads each once.

A pack only adds: without its files everything works, on any subject.
"""

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
    """The data of `NAME.toml`: codes, identifiers, matrix, names, naming, things or vocabulary;
    empty where there is none. Not to be changed."""
    path = _HERE / f"{name}.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
