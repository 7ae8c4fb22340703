"""One step of the book that is being written."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.json import decode, encode

from corpus.metadata.told import Told, Value
from ui.access.accounts import account
from ui.confirming.sidecars import Sidecars
from ui.database.store import Store
from ui.state import own_library

OF_FILES = RENAMED, DELETED = "files renamed", "file deleted"


class Kept(Struct, frozen=True):
    """All that is kept of one field of one document: here, and in its sidecar. None: nothing."""

    here: Told | None = None
    beside: Value = None


_NOTHING = Kept()


class Noted(Struct, frozen=True):
    """One field as it was known and as it is from the next sync on."""

    document: str
    field: str
    old: Value
    new: Value


class Edit(Struct, frozen=True):
    """What was changed as one step. `at` in UTC, ISO 8601; `who` had signed in, or is the account
    that ran Codedesk; `undoes` is the edit that this one took back, `undone` the one that took
    this one back."""

    number: int
    at: str
    who: str
    what: str
    undoes: int | None
    undone: int | None
    changes: tuple[Noted, ...] = ()

    @property
    def of_files(self) -> bool:
        """Whether it notes what became of files, and not what a person said."""
        return self.what in OF_FILES


class Writing:
    """A step that is being written."""

    def __init__(self, store: Store, home: Path, own: str) -> None:
        self._rows = store.rows
        self._many = store.many
        self._home = home
        self._own = own
        self.sidecars = Sidecars(home)

    def edit(self, what: str, *, who: str | None = None, undoes: Edit | None = None) -> int:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        [(number,)] = self._rows(
            "INSERT INTO edits (at, who, what, undoes) VALUES (:at, :who, :what, :undoes)"
            " RETURNING id",
            at=now,
            who=who or account(),
            what=what,
            undoes=undoes.number if undoes else None,
        )
        if undoes:
            mark = "UPDATE edits SET undone = :by WHERE id = :number"
            self._rows(mark, by=number, number=undoes.number)
            if undoes.undoes is not None:  # what was taken back counts again
                self._rows(mark, by=None, number=undoes.undoes)
        return int(number)

    def change(self, number: int, noted: Noted, before: Kept, after: Kept) -> None:
        """Keep one field's words, here and in the sidecar, and note what was kept before."""
        document, field = noted.document, noted.field
        self._note(number, document, field, noted.old, noted.new, before=before, after=after)
        if after.here is None:
            where = "DELETE FROM told WHERE document = :document AND field = :field"
            self._rows(where, document=document, field=field)
        else:
            self._rows(
                "INSERT INTO told (document, field, value, sha256)"
                " VALUES (:document, :field, :value, :sha256) ON CONFLICT (document, field)"
                " DO UPDATE SET value = excluded.value, sha256 = excluded.sha256",
                document=document,
                field=field,
                value=as_json(after.here.value),
                sha256=after.here.sha256,
            )
        if before.beside != after.beside:
            place = own_library.sidecar_of(self._home, document, own=self._own)
            self.sidecars.hold(number, place)
            own_library.edit(self._home, document, {field: after.beside}, own=self._own)

    def rename(self, number: int, old: str, new: str) -> None:
        self._note(number, old, "", old, new)
        self._rows("DELETE FROM told WHERE document = :new", new=new)
        for table in ("told", "edited"):
            where = " AND field <> ''" if table == "edited" else ""
            self._rows(
                f"UPDATE {table} SET document = :new WHERE document = :old{where}",
                new=new,
                old=old,
            )

    def forget(self, number: int, document: str) -> None:
        for field, value in self._rows(
            "SELECT field, value FROM told WHERE document = :document", document=document
        ):
            self._note(number, document, field, decode(value, type=Value), None)
        self._rows("DELETE FROM told WHERE document = :document", document=document)

    def _note(
        self,
        number: int,
        document: str,
        field: str,
        old: Value,
        new: Value,
        *,
        before: Kept = _NOTHING,
        after: Kept = _NOTHING,
    ) -> None:
        told = {"old": old, "new": new, "before": before, "after": after}
        self._rows(
            "INSERT INTO edited (edit, document, field, old, new, before, after)"
            " VALUES (:edit, :document, :field, :old, :new, :before, :after)",
            edit=number,
            document=document,
            field=field,
            **{name: as_json(value) for name, value in told.items()},
        )


def as_json(value: Any) -> str:
    return encode(value).decode()
