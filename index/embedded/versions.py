"""The versions of a generation, read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable

from index.embedded.catalogue import Listed, full_path
from index.embedded.columns import Columns, Lazily
from index.embedded.generation import Generation
from index.home import Home
from index.home.originals import originals
from index.shards.texts import Known
from index.versions import Version


class Versions(Lazily[Version]):
    """The versions of a generation, read when they are asked for; all of them in one go."""

    def __init__(self, home: Home, opened: Generation, columns: Columns) -> None:
        self._opened = opened
        self._folders = opened.catalogue.folders()
        self._copies = originals(home)
        super().__init__(columns.ids.tolist())

    def values(self) -> Iterable[Version]:  # type: ignore[override]
        if len(self._made) < len(self):
            self._made = {one.id: self._version(one) for one in self._opened.catalogue.versions()}
        return self._made.values()

    def _make(self, key: int, row: int) -> Version:
        return self._version(self._opened.catalogue.version(key))

    def _path(self, listed: Listed) -> str:
        """Where the file lies: in a home that follows another, its copy."""
        copy = self._copies.get(listed.sha256)
        return str(copy) if copy is not None else full_path(listed, self._folders)

    def _about(self, listed: Listed) -> Known:
        """What lies with the text."""
        return self._opened.shard(listed.shard).texts.about(listed.id)

    def _version(self, listed: Listed) -> Version:
        about = self._about(listed) if listed.more else Known(listed.metadata)
        return Version(
            id=listed.id,
            document=listed.document,
            ordinal=listed.ordinal,
            sha256=listed.sha256,
            format=listed.format,
            metadata=about.metadata,
            seen=listed.seen,
            path=self._path(listed),
            pages=about.pages,
            needs_ocr=listed.needs_ocr,
            warnings=about.warnings,
        )
