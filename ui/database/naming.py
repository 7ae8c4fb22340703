"""Writes into the settings where the records are, and changes nothing else in them."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from index.home.durable import write_durably

_LINE = re.compile(r"^records\s*=.*\n?", re.MULTILINE)


def name_in_settings(home: Path, address: str) -> bool:
    """Let the settings name this address; "" is the home's own file. False where they cannot be
    written, or where it cannot be done without touching something else."""
    path = home / "settings.toml"
    try:
        before = path.read_text("utf-8") if path.is_file() else ""
        named = f"records = {json.dumps(address)}\n" if address else ""
        after = named + _LINE.sub("", before)
        wanted = {k: v for k, v in tomllib.loads(before).items() if k != "records"}
        if tomllib.loads(after) != wanted | ({"records": address} if address else {}):
            return False
        write_durably(path, after.encode())
    except (OSError, ValueError):
        return False
    return True
