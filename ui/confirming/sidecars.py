"""Sidecars of the home's own folder through one step: as they are after it, or as they were before.

The book commits in one step, and files do not. So what each sidecar held is written down before the
first one changes, under the number of the edit; whoever opens the book next puts them back where
that edit was never committed, as after a power cut.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import MsgspecError, Struct
from msgspec.json import decode, encode

from corpus.errors import CodedeskError
from index.home.durable import write_durably

_NOTE = "sidecars-before.json"


class _Before(Struct, frozen=True):
    """What sidecars held before an edit, by their place in the home; None: there was none."""

    edit: int
    held: dict[str, bytes | None]


class Sidecars:
    """The sidecars that one step changes."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._before: _Before | None = None

    def hold(self, edit: int, path: Path) -> None:
        """Write down what a sidecar holds, before it is changed."""
        name = path.relative_to(self._home).as_posix()
        held = dict(self._before.held) if self._before else {}
        if name not in held:
            held[name] = path.read_bytes() if path.is_file() else None
            self._before = _Before(edit, held)
            write_durably(self._home / _NOTE, encode(self._before))

    def put_back(self) -> None:
        """Let every sidecar be as it was: the step failed."""
        if self._before is not None:
            _put_back(self._home, self._before)
            self.forget()

    def forget(self) -> None:
        """The step is committed, or undone."""
        if self._before is not None:
            (self._home / _NOTE).unlink(missing_ok=True)
            self._before = None


def are_unsettled(home: Path) -> bool:
    """Whether a step was begun whose end is not known."""
    return (home / _NOTE).is_file()


def settle(home: Path, *, committed: Callable[[int], bool]) -> None:
    """Put back what a step that died before its commit changed. Only for who may write the book.
    Raises CodedeskError."""
    note = home / _NOTE
    try:
        before = decode(note.read_bytes(), type=_Before)
    except FileNotFoundError:
        return
    except MsgspecError as error:
        raise CodedeskError(
            f"{note} is damaged ({error}). It says what metadata files held before an edit that "
            "was cut short. Look through the newest ones in the library folder, then delete it."
        ) from error
    if not committed(before.edit):
        _put_back(home, before)
    note.unlink(missing_ok=True)


def _put_back(home: Path, before: _Before) -> None:
    for name, data in before.held.items():
        path = home / name
        if data is None:
            path.unlink(missing_ok=True)
        else:
            write_durably(path, data)
