"""Opens a generation that answers: the current one, or the last good one where it is damaged."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from index.embedded import EmbeddedLibrary
from index.errors import Away, IndexProblem, NoIndex
from index.home import Home

# Opens a generation: (home, number, warnings=...). By default its files on this machine.
Opener = Callable[..., EmbeddedLibrary]
Suits = Callable[[EmbeddedLibrary], None]  # raises IndexProblem for one that will not do
_TRIES = 5  # to open the current generation while others are published


def open_library(home: Home, opener: Opener = EmbeddedLibrary) -> EmbeddedLibrary:
    """The current generation. Raises NoIndex, DamagedPointer, DamagedIndex, IndexMismatch, Away."""
    for _ in range(_TRIES):
        current = home.current()
        try:
            return opener(home, current)
        except Away:
            raise
        except (IndexProblem, OSError):
            # Several newer ones may have been published, and this one pruned, while it was opened.
            if home.current() == current:
                raise
    return opener(home, home.current())


def open_last_good(
    home: Home, suits: Suits = lambda library: None, opener: Opener = EmbeddedLibrary
) -> EmbeddedLibrary:
    """The current generation or, where it is damaged or cannot be opened, the newest kept one that
    is whole, with a warning that says so.

    Raises NoIndex, Away, and the current generation's own problem when there is no other that
    serves.
    """
    current: int | None = None
    try:
        current = home.current()
        return _if_it_suits(open_library(home, opener), suits)
    except (NoIndex, Away):
        raise
    except (IndexProblem, OSError) as problem:
        return open_other(home, current, problem, suits, opener)


def open_other(
    home: Home,
    current: int | None,
    problem: IndexProblem | OSError,
    suits: Suits = lambda library: None,
    opener: Opener = EmbeddedLibrary,
) -> EmbeddedLibrary:
    """The newest kept generation that is whole, in place of one that has a problem, which is raised
    where there is none."""
    for number in _others(home, current):
        with suppress(IndexProblem, OSError):
            other = opener(home, number, warnings=(instead(problem, number),))
            return _if_it_suits(other, suits)
    raise problem


def _if_it_suits(library: EmbeddedLibrary, suits: Suits) -> EmbeddedLibrary:
    try:
        suits(library)
    except BaseException:
        library.close()
        raise
    return library


def _others(home: Home, current: int | None) -> list[int]:
    """The kept generations but for the current one: those before it, newest first, then later
    ones, which somebody rolled back from."""
    kept = [number for number in reversed(home.kept()) if number != current]
    return sorted(kept, key=lambda number: current is not None and number > current)


def instead(problem: Exception, number: int) -> str:
    """A warning that this generation answers, and why."""
    what = str(problem)
    if isinstance(problem, OSError):
        what = f"The index cannot be opened: {problem.strerror or problem}."
    return f"An older state of the library answers, generation {number}. {what}"
