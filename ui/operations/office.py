"""Where the operations are done: the home, its settings, its desk and its records."""

from __future__ import annotations

import threading
from pathlib import Path

from assistant.desk import Desk
from index.home import Home
from index.library import Library
from ui.access.caller import Caller
from ui.access.discretion import Discretion
from ui.confirming.book import Book
from ui.server import open_desks
from ui.state.own_library import own_name
from ui.state.records import Records
from ui.state.settings import Settings


class Office:
    """Open for as long as the server runs. Safe to share between threads. `desk` is one that is
    open; without, it is the one of this process."""

    def __init__(self, settings: Settings, *, desk: Desk | None = None) -> None:
        self.settings = settings
        self._desk = desk
        self.home = Home(settings.home)
        self._lock = threading.Lock()
        self._records: Records | None = None
        self._book: Book | None = None

    @property
    def path(self) -> Path:
        return self.settings.home

    def desk(self, caller: Caller) -> Desk:
        """The desk, with what the caller may see. Raises CodedeskError where there is nothing that
        could answer."""
        return self._whole().seen_by(caller.sight)

    def discretion(self, caller: Caller) -> Discretion:
        """What may be said to the caller of what others wrote down."""
        return Discretion.of(self._whole(), caller)

    def library(self, caller: Caller) -> Library:
        """What the caller may see."""
        return self.desk(caller).library

    def _whole(self) -> Desk:
        """With everything in it: nothing of it goes to a caller as it is."""
        return self._desk or open_desks.open_desk(self.settings)

    @property
    def records(self) -> Records:
        with self._lock:
            if self._records is None:
                self._records = Records(self.path)
            return self._records

    @property
    def own(self) -> str:
        """The index's name for the home's own folder."""
        return own_name(self._whole().library, self.path)

    @property
    def book(self) -> Book:
        own = self.own
        with self._lock:
            if self._book is None:
                self._book = Book(self.path, own=own)
            return self._book
