"""The log of unexpected errors: `errors.log` in the home, readable by its owner only.

It holds tracebacks, with patient data masked.
"""

from __future__ import annotations

import os
import traceback
from datetime import UTC, datetime
from pathlib import Path

from corpus.errors import CodedeskError
from index.home.access import file_mode
from ui.state.privacy import masked
from ui.state.settings import read_settings

_MOST = 1_000_000  # bytes; then the log begins anew


def note(error: BaseException) -> Path | None:
    """Append an error to the log. Returns its path, or None if it cannot be written."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    told = masked("".join(traceback.format_exception(error)))
    try:
        path = read_settings().home / "errors.log"
        fresh = os.O_TRUNC if path.is_file() and path.stat().st_size > _MOST else os.O_APPEND
        handle = os.open(path, os.O_CREAT | os.O_WRONLY | fresh, file_mode(path.parent))
        with os.fdopen(handle, "a", encoding="utf-8", errors="replace") as file:
            file.write(f"{now}\n{told}\n")
    except (OSError, CodedeskError):
        return None
    return path
