"""What the syncs remember beside the versions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from index.embedded.catalogue import Catalogue
from index.embedded.catalogue_writing import CatalogueWriter
from index.shards.stored import Event

GONE = Event(date(2026, 5, 1), "policies/a.md", "Alpha", "removed", "", ("0581T", "19105"))


def test_events_are_read_as_they_were_written_oldest_first(tmp_path: Path) -> None:
    later = Event(date(2026, 5, 2), "policies/b.md", None, "dates", "retired: none", ())
    writer = CatalogueWriter(tmp_path / "catalogue")
    writer.add_events([GONE, later])
    writer.finish()
    catalogue = Catalogue(tmp_path / "catalogue")
    assert catalogue.events() == [GONE, later]
    catalogue.close()
