"""The desk of this process, opened once for all sessions and reruns."""

from __future__ import annotations

import threading
from contextlib import suppress

from assistant.desk import Desk
from corpus.errors import CodedeskError
from index.home import Home
from ui.server.collecting import set_aside
from ui.server.embedding import asking
from ui.server.opening import opener
from ui.state.settings import Settings

_LOCK = threading.Lock()
_OPEN: dict[tuple[str, str, int], Desk] = {}


def is_open(settings: Settings) -> bool:
    return _key(settings) in _OPEN


def open_desk(settings: Settings) -> Desk:
    """The desk of the configured home. Callers wait while another one opens it.

    The desk itself takes up a new generation. Raises CodedeskError, and tries anew the next time:
    a repaired home opens.
    """
    key = _key(settings)
    with _LOCK:
        if key not in _OPEN:
            desk = Desk(Home(settings.home), embedder=asking(settings), opener=opener(settings))
            desk.ask("0581T")  # the first question loads tables that later ones find
            # Those of settings no longer in force go with the last page that still asks them.
            _OPEN.clear()
            _OPEN[key] = desk
        return _OPEN[key]


def generation_served(settings: Settings) -> int:
    """The generation that answers; 0 while the desk is not open."""
    desk = _OPEN.get(_key(settings))
    return desk.library.generation if desk else 0


def open_early(settings: Settings) -> None:
    """Open it before a page asks for it. The page will report any problem."""
    with suppress(CodedeskError):
        open_desk(settings)


def keep_aside() -> None:
    """Set aside what is loaded with the desk that is open; see collecting.py."""
    for desk in list(_OPEN.values()):
        with suppress(CodedeskError, ValueError):
            set_aside(desk.library)


def _key(settings: Settings) -> tuple[str, str, int]:
    return str(settings.home), settings.model, settings.threads
