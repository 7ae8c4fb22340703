"""What the syncs remember beside the versions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from index.shards.store import Store
from index.shards.store_writer import StoreWriter
from index.shards.stored import Event

GONE = Event(date(2026, 5, 1), "policies/a.md", "Alpha", "removed", "", ("0581T", "19105"))


def written(path: Path, *events: Event) -> None:
    store = StoreWriter(path)
    store.add_events(events)
    store.finish()


def test_events_are_read_as_they_were_written_oldest_first(tmp_path: Path) -> None:
    later = Event(date(2026, 5, 2), "policies/b.md", None, "dates", "retired: none", ())
    written(tmp_path / "store", GONE, later)
    store = Store(tmp_path / "store")
    assert store.events() == [GONE, later]
    store.close()


def test_a_store_from_before_there_were_events_has_none_and_takes_new_ones(tmp_path: Path) -> None:
    path = tmp_path / "store"
    old = StoreWriter(path)
    old.rows("DROP TABLE events")
    old.finish()
    store = Store(path)
    assert store.events() == []
    store.close()
    written(path, GONE)
    store = Store(path)
    assert store.events() == [GONE]
    store.close()
