"""Where the operations are done: the home, its settings, its desk and its records."""

from __future__ import annotations

import threading
from pathlib import Path

from assistant.desk import Desk
from index.home import Home
from index.library import Library
from ui.confirming.book import Book
from ui.server import open_desks
from ui.state.own_library import own_name
from ui.state.records import Records
from ui.state.settings import Settings


class Office:
    """Open for as long as the server runs. Safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.home = Home(settings.home)
        self._lock = threading.Lock()
        self._records: Records | None = None
        self._book: Book | None = None

    @property
    def path(self) -> Path:
        return self.settings.home

    @property
    def desk(self) -> Desk:
        """Raises CodedeskError where there is nothing that could answer."""
        return open_desks.open_desk(self.settings)

    @property
    def library(self) -> Library:
        return self.desk.library

    @property
    def records(self) -> Records:
        with self._lock:
            if self._records is None:
                self._records = Records(self.path)
            return self._records

    @property
    def own(self) -> str:
        """The index's name for the home's own folder."""
        return own_name(self.library, self.path)

    @property
    def book(self) -> Book:
        own = self.own
        with self._lock:
            if self._book is None:
                self._book = Book(self.path, own=own)
            return self._book
