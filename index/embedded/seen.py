"""A generation as somebody sees it who may not see all of it.

What is hidden is not filtered out of answers: it is not there. The catalogue's tables have views
before them that leave it out, and of each shard only what is seen is opened, with the words, the
codes and the frequencies of that alone. So whatever is asked, nothing can tell the answer from that
of a library which was built without the hidden documents.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from threading import Lock

from index.audience.audiences import Hidden
from index.embedded.catalogue import CATALOGUE, Catalogue
from index.embedded.generation import Generation
from index.home.manifest import SHARDS
from index.shards.cut import CutShard, words_left
from index.shards.shard import Shard

_VIEWS = """
CREATE TEMP TABLE hidden_names (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE hidden_told (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE hidden_folders (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE hidden_documents (id INTEGER PRIMARY KEY);
CREATE TEMP TABLE hidden_versions (id INTEGER PRIMARY KEY);
"""
_FILL = """
INSERT INTO temp.hidden_documents SELECT id FROM main.documents
    WHERE name IN (SELECT name FROM temp.hidden_names);
INSERT INTO temp.hidden_versions SELECT id FROM main.versions
    WHERE document IN (SELECT id FROM temp.hidden_documents);
"""
_DOCUMENT = "NOT IN (SELECT id FROM temp.hidden_documents)"
_VERSION = "NOT IN (SELECT id FROM temp.hidden_versions)"
_LEFT = {  # a temporary view stands before the table of its name
    "documents": f"id {_DOCUMENT}",
    "versions": f"document {_DOCUMENT}",
    "files": f"document {_DOCUMENT}",
    "likeness": f"document {_DOCUMENT}",
    "pairs": f"earlier {_DOCUMENT} AND later {_DOCUMENT}",
    "sections": f"version {_VERSION}",
    "short_forms": f"version {_VERSION}",
    "folders": "name NOT IN (SELECT name FROM temp.hidden_folders)",
    "events": "document NOT IN (SELECT name FROM temp.hidden_told)",
    "audiences": "document NOT IN (SELECT name FROM temp.hidden_told)",
    "shards": f"id IN (SELECT shard FROM main.versions WHERE document {_DOCUMENT})",
}


class SeenCatalogue(Catalogue):
    """A catalogue without what is hidden."""

    def __init__(self, path: Path, hidden: Hidden) -> None:
        super().__init__(path)
        self._connection.execute("PRAGMA temp_store = MEMORY")
        self._connection.executescript(_VIEWS)
        for table, names in (
            ("hidden_names", hidden.names),
            ("hidden_told", hidden.told),
            ("hidden_folders", hidden.folders),
        ):
            self._connection.executemany(
                f"INSERT INTO temp.{table} VALUES (?)", ((name,) for name in sorted(names))
            )
        self._connection.executescript(_FILL)
        tables = {row[0] for row in self.rows("SELECT name FROM main.sqlite_master")}
        for table, left in _LEFT.items():
            if table in tables:
                self._connection.execute(
                    f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE {left}"
                )

    def hidden_versions(self) -> Mapping[int, list[int]]:
        """By the number of the shard that holds them."""
        found: dict[int, list[int]] = defaultdict(list)
        for shard, version in self.rows(
            "SELECT shard, id FROM main.versions WHERE shard IS NOT NULL"
            " AND id IN (SELECT id FROM temp.hidden_versions) ORDER BY id"
        ):
            found[shard].append(version)
        return found


class SeenGeneration(Generation):
    """An open generation without what is hidden. It keeps the whole one open, whose shards it
    shares where all of them is seen."""

    def __init__(self, whole: Generation, hidden: Hidden) -> None:
        self.home = whole.home
        self.number = whole.number
        self.folder = whole.folder
        self.sizes = whole.sizes
        self._whole = whole
        self._lying = whole._lying
        self.catalogue = SeenCatalogue(whole.folder / CATALOGUE, hidden)
        self._gone = self.catalogue.hidden_versions()
        self._names = self.catalogue.shards()
        of = {name: whole.manifest.shards[name] for name in self._names.values()}
        self.manifest = replace(whole.manifest, counts=self.catalogue.counts(), shards=of)
        self._cut: dict[int, CutShard | Shard] = {}
        self._lock = Lock()
        self._words = Path(tempfile.mkdtemp(prefix="codedesk-seen-"))

    def close(self) -> None:
        """The shards are the whole one's."""
        self.catalogue.close()
        self.forget_words()

    def forget_words(self) -> None:
        """Remove what words were written anew; once they are open their names are not needed."""
        with suppress(OSError):
            rmtree(self._words)

    def words(self) -> list[Path]:
        if self._lying is not None and not self._lying.words:
            return []
        here = frozenset(self.here)
        return [
            part
            for number in self._names
            for part in (self.shard(number).words if number in here else self._words_of(number))
        ]

    def _words_of(self, number: int) -> list[Path]:
        """Of a shard that lies elsewhere: its words are here, and its texts where some of them are
        hidden."""
        shard = Shard(self.folder / SHARDS / self._names[number], self.sizes)
        gone = self._gone.get(number)
        try:
            return words_left(shard, gone, self._words / f"{number}") if gone else shard.words
        finally:
            shard.close()

    def shard(self, number: int) -> Shard:
        if number not in self._names:
            raise KeyError(number)
        with self._lock:
            found = self._cut.get(number)
            if found is None:
                found = self._cut[number] = self._cut_of(number)
            return found  # type: ignore[return-value]  # a cut one has all that is read of one

    def _cut_of(self, number: int) -> CutShard | Shard:
        shard = self._whole.shard(number)
        gone = self._gone.get(number)
        return CutShard(shard, gone, self._words / f"{number}") if gone else shard
