"""What was read, as versions of a generation in the making: new ones, known ones of which other
things are said, and those of before that stay as they were."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from msgspec.structs import replace as replace_fields

from corpus.divided import Divided
from corpus.document import Document
from index.embedded.catalogue import Listed, full_path
from index.shards.stored import Seen
from index.sync.build import Build
from index.sync.events import Edited
from index.sync.past import Past
from index.sync.plan import FileOnDisk, Plan
from index.versions import now

Divide = Callable[[Document], Divided]


def latest_of(past: Past | None, plan: Plan) -> dict[str, Listed]:
    """The newest version of each document that is read or moved, under the name that it gets."""
    if past is None:
        return {}
    moved = names_of(plan)
    documents = [*(file.document for file in plan.to_read), *moved]
    known = (_under(one, moved) for one in past.versions_of(documents))
    return {one.document: one for one in known}


def names_of(plan: Plan) -> dict[str, str]:
    """What the documents that moved are called from now on."""
    return {before: after for after, before in plan.moved}


def _under(version: Listed, moved: Mapping[str, str]) -> Listed:
    name = moved.get(version.document)
    return replace(version, document=name) if name else version


@dataclass(slots=True)
class Filling:
    """Fills a build. `anew`: nothing of before stands in it yet. `edited` are the known versions of
    which other things are said from now on."""

    past: Past | None
    plan: Plan
    latest: Mapping[str, Listed]
    anew: bool
    edited: list[Edited] = field(default_factory=list)

    def fill(
        self, build: Build, read: Iterable[tuple[FileOnDisk, Divided]], divide: Divide
    ) -> None:
        """Add what is read, and see to the rest; `divide` divides what is not read again."""
        if not self.anew:
            for before, after in names_of(self.plan).items():
                build.rename(before, after)
        written = {
            self._add(build, file, divided) for file, divided in read if divided.document.blocks
        }
        if self.past is None:
            return
        if self.anew:
            self._add_rest(build, self.past, written, divide)
            return
        for version in self.past.versions_of(self.plan.removed):
            build.drop(version.id)

    def _add(self, build: Build, file: FileOnDisk, divided: Divided) -> int:
        """Add what was read; equal bytes are the same version, whatever else was made anew."""
        document = divided.document
        latest = self.latest.get(document.id)
        if latest and latest.sha256 == document.sha256:
            self.edited.append(Edited(latest, document.metadata))
            if self.anew:
                seen = Seen(latest.ordinal, latest.seen, _written(file), file.sidecar)
                return build.add(divided, seen=seen, version=latest.id)
            build.remake(latest.id, divided, sidecar=file.sidecar, path=_written(file))
            return latest.id
        ordinal = latest.ordinal + 1 if latest else 1
        return build.add(divided, seen=Seen(ordinal, now(), _written(file), file.sidecar))

    def _add_rest(self, build: Build, past: Past, written: set[int], divide: Divide) -> None:
        """What is not read again, an earlier version or a file that failed, stays as it was."""
        folders, moved, removed = past.folders(), names_of(self.plan), set(self.plan.removed)
        for version in past.versions():
            if version.document in removed or version.id in written:
                continue
            document = past.document(version)
            name = moved.get(version.document)
            divided = divide(replace_fields(document, id=name) if name else document)
            seen = Seen(version.ordinal, version.seen, full_path(version, folders), "")
            build.add(divided, seen=seen, version=version.id)


def _written(file: FileOnDisk) -> str:
    """The file's path as it can be stored; one with bytes that are no text is not found again."""
    return str(file.path).encode("utf-8", "backslashreplace").decode("utf-8")
