"""What people said of documents: kept with the records, with who said it, when, and
what it replaced.

Of a document in the home's own folder a value goes into its sidecar; of every other one, and where
a person said that something is not known, it is kept here alone. Nothing is ever written into
somebody else's folder. The next sync takes up what was said; see corpus.metadata.told.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec.json import Decoder, encode

from corpus.document import Metadata
from corpus.errors import CodedeskError
from corpus.metadata.told import FIELDS, Told, Value, holding
from index.home.crash import crash_point
from index.library import Library
from index.versions import Version
from ui.confirming.checks import Change, Problem, as_value, problems_of
from ui.confirming.sidecars import are_unsettled, settle
from ui.confirming.writing import DELETED, RENAMED, Edit, Kept, Noted, Writing
from ui.database.away import RecordsAway
from ui.database.store import has_records, store_of
from ui.state import own_library

_VALUE: Decoder[Value] = Decoder(Value)


_KEPT = Decoder(Kept)


class Refused(CodedeskError):
    """Changes that cannot be made; none of them was."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first = problems[0]
        more = f" There are {len(problems) - 1} more problems." if len(problems) > 1 else ""
        super().__init__(f"Nothing was changed. {first.document}: {first.sentence}{more}")


class Book:
    """The open book of one home. Threads can share it, and several processes write in turn.

    `own` is the index's name for the home's own folder.
    """

    def __init__(self, home: Path, *, own: str = "library") -> None:
        self._home = home
        self._own = own
        self._edits = threading.Lock()
        self._store = store_of(home)
        self._rows = self._store.rows
        self._settle()

    def close(self) -> None:
        self._store.close()

    def told(self) -> dict[str, tuple[Told, ...]]:
        """What is kept here, by document."""
        found: dict[str, list[Told]] = {}
        for document, *rest in self._rows(
            "SELECT document, field, value, sha256 FROM told ORDER BY document, field"
        ):
            found.setdefault(document, []).append(_told(rest))
        return {document: tuple(words) for document, words in found.items()}

    def said_of(self, version: Version) -> dict[str, Value]:
        """What people said of a version, whether a sync has taken it up or not."""
        said: dict[str, Value] = {}
        if self.is_own(version.document):
            beside = own_library.beside(self._home, version.document, own=self._own)
            said = {name: as_value(beside[name]) for name in FIELDS if name in beside}
        words = self._rows(
            "SELECT field, value, sha256 FROM told WHERE document = :document",
            document=version.document,
        )
        return said | holding(map(_told, words), version.sha256)

    def is_own(self, document: str) -> bool:
        """Whether a document lies in the home's own folder."""
        return document.startswith(f"{self._own}/")

    def known_of(self, version: Version) -> dict[str, Value]:
        """The value of every field, as it is from the next sync on."""
        return values_of(version.metadata) | self.said_of(version)

    def apply(
        self, library: Library, changes: Iterable[Change], *, what: str, who: str | None = None
    ) -> Edit | None:
        """Make all changes as one step, or none of them. `what` says by what means. None where
        nothing is changed. Raises Refused, NotOurs, BadMetadata."""
        wanted = list(changes)
        newest = newest_of(library)
        known = {
            name: self.known_of(newest[name])
            for name in {change.document for change in wanted}
            if name in newest
        }
        if problems := problems_of(wanted, known):
            raise Refused(problems)
        # Saying what was found is no change of the value, and yet a person's word from now on.
        said = {name: self.said_of(newest[name]) for name in known}
        wanted = [c for c in wanted if said[c.document].get(c.field, _NOT_SAID) != c.value]
        if not wanted:
            return None
        with self._writing() as write:
            number = write.edit(what, who=who)
            for change in wanted:
                version = newest[change.document]
                before = self._kept(change.document, change.field)
                after = self._saying(change, version.sha256)
                old = known[change.document].get(change.field)
                noted = Noted(change.document, change.field, old, change.value)
                write.change(number, noted, before, after)
        return self.edit(number)

    def _saying(self, change: Change, sha256: str) -> Kept:
        if change.value is not None and self.is_own(change.document):
            return Kept(beside=change.value)
        return Kept(here=Told(change.field, change.value, sha256))

    def undo(self, number: int | None = None, *, who: str | None = None) -> Edit:
        """Take back an edit, by default the last one that was not taken back. Raises CodedeskError
        where there is none, or where something of it was edited again since."""
        undone = self._to_undo(number)
        rows = self._rows(
            "SELECT document, field, old, new, before, after FROM edited WHERE edit = :number"
            " ORDER BY id",
            number=undone.number,
        )
        for document, field, *_, after in rows:
            if self._kept(document, field) != _KEPT.decode(after):
                raise CodedeskError(
                    f"Nothing was undone: `{field}` of {document} was edited again since. Undo the "
                    "later edit first."
                )
        with self._writing() as write:
            step = write.edit(f"undo of edit {undone.number}", undoes=undone, who=who)
            for document, field, old, new, before, after in rows:
                noted = Noted(document, field, _VALUE.decode(new), _VALUE.decode(old))
                write.change(step, noted, _KEPT.decode(after), _KEPT.decode(before))
        return self.edit(step)

    def can_undo(self, edit: Edit) -> bool:
        """Whether an edit is a person's and still counts."""
        return edit.undone is None and not edit.of_files

    def _to_undo(self, number: int | None) -> Edit:
        if number is not None:
            edit = self.edit(number)
            if edit.of_files:
                raise CodedeskError(f"Edit {number} notes what became of files; it stays.")
            if edit.undone is not None:
                raise CodedeskError(f"Edit {number} was undone already, by edit {edit.undone}.")
            return edit
        rows = self._rows(
            "SELECT max(id) FROM edits WHERE undoes IS NULL AND undone IS NULL"
            " AND what NOT IN (:renamed, :deleted)",
            renamed=RENAMED,
            deleted=DELETED,
        )
        if rows[0][0] is None:
            raise CodedeskError("There is no edit to undo.")
        return self.edit(rows[0][0])

    def edit(self, number: int) -> Edit:
        """One edit with its changes. Raises CodedeskError."""
        rows = self._rows(f"{_EDITS} WHERE id = :number", number=number)
        if not rows:
            raise CodedeskError(f"There is no edit {number}. `codedesk metadata log` lists them.")
        return self._whole(rows[0])

    def edits(self, *, most: int = 50) -> list[Edit]:
        """The latest edits, newest first."""
        return [
            self._whole(row)
            for row in self._rows(f"{_EDITS} ORDER BY id DESC LIMIT :most", most=most)
        ]

    def rename(self, names: Mapping[str, str]) -> None:
        """Let what was said of documents be of those that they are called now."""
        with self._writing() as write:
            number = write.edit(RENAMED)
            for old, new in names.items():
                write.rename(number, old, new)

    def forget(self, document: str) -> None:
        """Let nothing be kept of a document that is deleted: another one may get its name."""
        if self._rows("SELECT 1 FROM told WHERE document = :document LIMIT 1", document=document):
            with self._writing() as write:
                write.forget(write.edit(DELETED), document)

    def remember(self, document: str, told: Iterable[Told]) -> None:
        """Keep again what was said of a document that comes back."""
        for one in told:
            self._rows(
                "INSERT INTO told (document, field, value, sha256)"
                " VALUES (:document, :field, :value, :sha256) ON CONFLICT DO NOTHING",
                document=document,
                field=one.field,
                value=encode(one.value).decode(),
                sha256=one.sha256,
            )

    def own_name(self, name: str) -> str:
        """The document of a file of the home's own folder."""
        return f"{self._own}/{name}"

    def _whole(self, row: Sequence[Any]) -> Edit:
        changes = tuple(
            Noted(document, field, _VALUE.decode(old), _VALUE.decode(new))
            for document, field, old, new in self._rows(
                "SELECT document, field, old, new FROM edited WHERE edit = :number ORDER BY id",
                number=row[0],
            )
        )
        number, at, who, what, undoes, undone = row
        return Edit(number, at, who, what, undoes, undone, changes)

    def _kept(self, document: str, field: str) -> Kept:
        rows = self._rows(
            "SELECT field, value, sha256 FROM told WHERE document = :document AND field = :field",
            document=document,
            field=field,
        )
        beside = None
        if self.is_own(document):
            value = own_library.beside(self._home, document, own=self._own).get(field)
            beside = as_value(value)
        return Kept(_told(rows[0]) if rows else None, beside)

    @contextmanager
    def _writing(self) -> Iterator[Writing]:
        """One step: where anything of it fails, the book and the sidecars are as they were."""
        writing = Writing(self._store, self._home, self._own)
        with self._edits:
            try:
                with self._store.writing():
                    yield from self._step(writing)
            except RecordsAway:
                raise  # whether it was committed is looked at before the next step
            except BaseException:
                writing.sidecars.put_back()
                raise
            crash_point("edit-committed")
            writing.sidecars.forget()

    def _step(self, writing: Writing) -> Iterator[Writing]:
        try:
            settle(self._home, committed=self._is_committed)
            yield writing
            crash_point("sidecars-written")
        except RecordsAway:
            raise
        except BaseException:
            writing.sidecars.put_back()  # while nobody else may write
            raise

    def _settle(self) -> None:
        """Put right what a step that died left behind; one that is being written is waited for."""
        if are_unsettled(self._home):
            with self._writing():
                pass

    def _is_committed(self, edit: int) -> bool:
        return bool(self._rows("SELECT 1 FROM edits WHERE id = :edit", edit=edit))


_EDITS = "SELECT id, at, who, what, undoes, undone FROM edits"
_NOT_SAID = object()


def told_in(home: Path) -> dict[str, tuple[Told, ...]]:
    """What is kept in a home, without making anything. Raises CodedeskError."""
    if not has_records(home):
        return {}
    book = Book(home)
    try:
        return book.told()
    finally:
        book.close()


def note_renamed(home: Path, names: Mapping[str, str]) -> None:
    book = Book(home)
    try:
        book.rename(names)
    finally:
        book.close()


def newest_of(library: Library) -> dict[str, Version]:
    """The newest version of each document."""
    found: dict[str, Version] = {}
    for version in sorted(library.versions.values(), key=lambda known: known.ordinal):
        found[version.document] = version
    return dict(sorted(found.items()))


def noted(
    changes: Iterable[Change], book: Book, newest: Mapping[str, Version]
) -> tuple[Noted, ...]:
    """Changes with the values that they would replace; of documents that are there."""
    known: dict[str, Mapping[str, Value]] = {}
    found = []
    for change in changes:
        name = change.document
        if name in newest:
            held = known.setdefault(name, book.known_of(newest[name]))
            found.append(Noted(name, change.field, held.get(change.field), change.value))
    return tuple(found)


def values_of(metadata: Metadata) -> dict[str, Value]:
    """The fields as an edit writes them."""
    return {name: as_value(getattr(metadata, name)) for name in FIELDS}


def _told(row: Sequence[Any]) -> Told:
    field, value, sha256 = row
    return Told(field, _VALUE.decode(value), sha256)
