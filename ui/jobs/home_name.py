"""What a home is called among those that share their records: by a name that no other one has.

It lies in the home, so that servers that share one folder call it the same. Beside it stands the
folder's own number on its disk: the copy of a home has another one, and gets a name of its own.
"""

from __future__ import annotations

import uuid
from pathlib import Path

from index.home.access import make_folders
from index.home.durable import write_durably

_FILE = "home-name"


def name_of(home: Path) -> str | None:
    """None where it has none yet: then it never had a job."""
    try:
        name, _, number = (_folder(home) / _FILE).read_text("ascii").strip().partition(" ")
    except (OSError, ValueError):
        return None
    return name if number == _number_of(home) else None


def named(home: Path) -> str:
    """Its name, a new one where it has none. Only for who writes to the records alone."""
    if name := name_of(home):
        return name
    make_folders(_folder(home), home)
    name = uuid.uuid4().hex
    write_durably(_folder(home) / _FILE, f"{name} {_number_of(home)}".encode("ascii"))
    return name


def _number_of(home: Path) -> str:
    return str(home.stat().st_ino)


def _folder(home: Path) -> Path:
    return home / "jobs"
