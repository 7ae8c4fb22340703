"""Keeps what stays for good out of the garbage collector's way.

Streamlit collects all garbage after every run of a page, and nobody is answered meanwhile: the more
modules and documents are loaded, the longer. What is there when a library has been opened stays, so
it is set aside; when another generation takes its place, all is looked through once and set aside
anew.
"""

from __future__ import annotations

import gc
import threading
from weakref import ReferenceType, ref

from index.library import Library

_LOCK = threading.Lock()
_SET_ASIDE: list[ReferenceType[Library]] = []


def set_aside(library: Library) -> None:
    """Set aside what is loaded, if that was not done since this library was opened."""
    if _is_known(library) or not _LOCK.acquire(blocking=False):
        return
    try:
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        _SET_ASIDE[:] = [ref(library)]
    finally:
        _LOCK.release()


def _is_known(library: Library) -> bool:
    return bool(_SET_ASIDE) and _SET_ASIDE[0]() is library
