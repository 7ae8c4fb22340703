"""How old what is known of a document may become. A maintainer sets both spans in the settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corpus.document import Metadata

_SIGNS = ("effective", "issued", "revised", "reviewed", "retrieved", "checked")


@dataclass(frozen=True, slots=True)
class Ages:
    """A review is past after so many `review_months`. A text of which nothing newer is known for
    `copy_months` is an old copy: a later one may be in force, and nobody looked for it."""

    review_months: int = 12
    copy_months: int = 36


def last_sign(metadata: Metadata, on: date) -> date | None:
    """The latest day, up to `on`, of which the document or a person says that this is its text."""
    days = (getattr(metadata, name) for name in _SIGNS)
    return max((day for day in days if day is not None and day <= on), default=None)


def old_copy_of(metadata: Metadata, on: date, ages: Ages) -> date | None:
    """The day of the text, where it is an old copy on a day; None where it is not too old, or says
    nothing of its age."""
    last = last_sign(metadata, on)
    return last if last is not None and last < months_before(on, ages.copy_months) else None


def months_before(on: date, months: int) -> date:
    """The same day so many months earlier; 28 February for a day that the month lacks."""
    year, month = divmod(12 * on.year + on.month - 1 - months, 12)
    for day in range(on.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, on.day)
