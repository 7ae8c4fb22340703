"""What people decided on documents that look like versions of one: kept in the home, beside the
library, and never in it. The last decision on two documents counts; it can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from msgspec import DecodeError, Struct, ValidationError
from msgspec.json import decode, encode, format

from index.errors import IndexProblem
from index.home import Home
from index.home.durable import write_durably
from index.versions import now

NAME = "editions.json"


class Decision(Struct, frozen=True):
    """`same`: the two are versions of one document, and `later` counts from its date on. Otherwise
    they are two documents, whatever they look like."""

    earlier: str
    later: str
    same: bool
    at: datetime

    @property
    def pair(self) -> frozenset[str]:
        return frozenset((self.earlier, self.later))


class Decisions:
    """The decisions of a home, oldest first."""

    def __init__(self, home: Home) -> None:
        self._path = home.path / NAME

    def all(self) -> tuple[Decision, ...]:
        """Raises IndexProblem for a file that is not what was written."""
        return _read(self._path)

    def latest(self) -> dict[frozenset[str], Decision]:
        """The decision that counts on each two documents."""
        return {decision.pair: decision for decision in self.all()}

    def decide(self, earlier: str, later: str, *, same: bool) -> Decision:
        made = Decision(earlier, later, same, now())
        self._write((*self.all(), made))
        return made

    def undo(self, one: str, other: str) -> Decision | None:
        """Take back the last decision on two documents; None where there is none."""
        held = list(self.all())
        for at in range(len(held) - 1, -1, -1):
            if held[at].pair == {one, other}:
                undone = held.pop(at)
                self._write(held)
                return undone
        return None

    def stamp(self) -> int:
        """Changes whenever a decision is made or taken back."""
        try:
            return self._path.stat().st_mtime_ns
        except OSError:
            return 0

    def _write(self, decisions: Iterable[Decision]) -> None:
        write_durably(self._path, format(encode(tuple(decisions)), indent=1) + b"\n")


def _read(path: Path) -> tuple[Decision, ...]:
    try:
        return decode(path.read_bytes(), type=tuple[Decision, ...])
    except FileNotFoundError:
        return ()
    except (OSError, DecodeError, ValidationError) as error:
        raise IndexProblem(
            f"{path} cannot be read: {error}. Mend the file or delete it."
        ) from error
