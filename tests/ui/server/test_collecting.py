"""What is loaded for good is set aside from the garbage collector, and comes back when it goes."""

from __future__ import annotations

import gc
from weakref import ref

import pytest

from ui.server.collecting import set_aside


class Library:
    """An open library that is part of a cycle, as one with callbacks is."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def nothing_aside():
    yield
    gc.unfreeze()


def test_what_is_loaded_is_not_looked_through_again():
    library = Library()
    set_aside(library)  # type: ignore[arg-type]
    assert gc.get_freeze_count() > 10_000
    assert len(gc.get_objects()) < gc.get_freeze_count() / 10


def test_a_library_that_no_longer_answers_is_let_go_when_another_is_set_aside():
    before, after = Library(), Library()
    set_aside(before)  # type: ignore[arg-type]
    old = ref(before)
    del before
    gc.collect()
    assert old() is not None, "it is set aside"
    set_aside(after)  # type: ignore[arg-type]
    assert old() is None
