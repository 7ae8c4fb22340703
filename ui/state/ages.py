"""How old things may become, as the settings of this home say."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from assistant.policies.ages import Ages
from corpus.errors import CodedeskError
from ui.state.settings import home_path, read_settings


def ages() -> Ages:
    """Read again when the file of settings changes: every card asks for them."""
    home = home_path()
    try:
        stamp = (home / "settings.toml").stat().st_mtime_ns
    except OSError:
        return Ages()
    return _read(home, stamp)


@lru_cache(maxsize=4)
def _read(home: Path, stamp: int) -> Ages:
    try:
        settings = read_settings()
    except CodedeskError:
        return Ages()  # whoever started this was told what is wrong with the file
    return Ages(settings.review_months, settings.copy_months)
