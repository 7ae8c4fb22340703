"""Builds a generation in a work folder: new shards, the catalogue, and the manifest last.

A generation starts as the catalogue of the one before it, or empty. Shards that do not change are
hard-linked, so that one changed document costs a small shard and the catalogue.
"""

from __future__ import annotations

import shutil
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from corpus.codes import CodeMention
from corpus.divided import Divided
from corpus.document import Passage
from index.audience.rules import NO_RULES, Rules
from index.editions.likeness import Likeness
from index.embedded.catalogue import CATALOGUE
from index.embedded.catalogue_writing import CatalogueWriter, Holds
from index.embedded.generation import Generation
from index.home.access import make_folders
from index.home.crash import crash_point
from index.home.manifest import SHARD, SHARDS, Manifest, measured
from index.model.embedder import Embedder
from index.shards.analysis import analyze
from index.shards.shard import (
    Shard,
    is_written_whole,
    link_folder,
    to_merge,
)
from index.shards.stored import Seen
from index.shards.texts import Content
from index.sync.editions import Editions
from index.sync.shards import NewShards
from index.sync.whose import Whose
from index.sync.writing import Writing


class Build:
    """A generation in the making. Call `add`, `drop` and `remake` for documents, then `finish`.

    `before` is the generation to start from; None starts empty. `next_ids` are the first free ids:
    none is ever given twice. `writing` makes what writes new versions into shards. Under the
    `rules` of the home, what is for others lies in other shards: so it is quick to open what
    somebody may see. Whatever is done here, nothing is seen by readers: the work folder becomes a
    generation only when it is published.
    """

    def __init__(
        self,
        folder: Path,
        *,
        before: Generation | None,
        next_ids: Mapping[str, int],
        embedder: Embedder,
        writing: Callable[[NewShards], Writing],
        rules: Rules = NO_RULES,
    ) -> None:
        self._folder = folder
        self._rules = rules
        self._before = before
        make_folders(folder, folder.parents[1])
        crash_point("folder-made")
        self._next_version = next_ids.get("version", 1)
        self._next_passage = next_ids.get("passage", 1)
        if before:
            shutil.copyfile(before.folder / CATALOGUE, folder / CATALOGUE)
        crash_point("catalogue-copied")
        self.catalogue = CatalogueWriter(folder / CATALOGUE)
        crash_point("catalogue-opened")
        self._shards = NewShards(folder / SHARDS, embedder)
        self._writing = writing(self._shards)
        self._alike = Editions(self.catalogue, before)
        self._gone: dict[int, list[int]] = defaultdict(list)  # versions, by the shard they left

    @property
    def embedded(self) -> int:
        """How many texts went through the model."""
        return self._writing.embedded

    def add(self, divided: Divided, *, seen: Seen, version: int | None = None) -> int:
        """Add a version of a document; gives its id. `version` keeps the id it had before."""
        if version is None:
            version, self._next_version = self._next_version, self._next_version + 1
        holds = self._take_in(version, divided, ordinal=seen.ordinal)
        self.catalogue.add_version(version, divided.document, seen, holds)
        crash_point("document-added")
        return version

    def rename(self, before: str, after: str) -> None:
        """Give a document another name; its versions stay as they are."""
        self.catalogue.rename_document(before, after)

    def remake(self, version: int, divided: Divided, *, sidecar: str, path: str) -> None:
        """Give a version other metadata. Its passages are made anew: their context names it."""
        self._leave(version)
        ordinal = self.catalogue.version(version).ordinal
        holds = self._take_in(version, divided, ordinal=ordinal)
        self.catalogue.set_version(version, divided.document, sidecar, holds, path=path)

    def drop(self, version: int) -> None:
        """Take a version out, with all that came from it."""
        self._leave(version)
        self.catalogue.drop_version(version)
        crash_point("document-dropped")

    def finish(self, *, generation: int, recipe: dict[str, Any], setting: Any) -> Manifest:
        """Write the shards and the manifest. `setting(catalogue)` records files and folders."""
        new = self._writing.finish()
        self._alike.judge_all()
        setting(self.catalogue)
        crash_point("catalogue-recorded")
        self._take_over(new)
        crash_point("shards-taken-over")
        counts = self.catalogue.counts()
        names = self.catalogue.shards().values()
        self.catalogue.finish()
        crash_point("catalogue-finished")
        listed = [CATALOGUE, *(f"{SHARDS}/{name}/{SHARD}" for name in sorted(names))]
        files = {name: measured(self._folder / name) for name in listed}
        crash_point("sums-taken")
        manifest = Manifest(
            generation=generation,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            recipe=recipe,
            counts=counts,
            files=files,
            next_ids={"version": self._next_version, "passage": self._next_passage},
        )
        manifest.write(self._folder)
        return manifest

    def _leave(self, version: int) -> None:
        """Note that a version's shard is to lose it."""
        self._gone[self.catalogue.shard_of(version)].append(version)

    def _take_in(self, version: int, divided: Divided, *, ordinal: int) -> Holds:
        passages = divided.passages
        first, self._next_passage = self._next_passage, self._next_passage + len(passages)
        mentions = _placed(divided.mentions, passages, first)
        content = Content.of(version, divided.document, first, passages, mentions, divided.sketch)
        self._alike.add(Likeness.of(divided.document, divided.sketch), ordinal)
        self.catalogue.set_sections(version, _dated(passages, first))
        self.catalogue.set_short_forms(version, _with_stems(divided.short_forms))
        groups = divided.document.metadata.groups
        audience = self._rules.of(divided.document.id, [groups] if groups else ())
        self._writing.add(content, passages, audience)
        return Holds(content.first, len(content.passages), len(content.mentions))

    def _take_over(self, new: Sequence[tuple[str, list[int]]]) -> None:
        """Link the shards of before; write anew what lost versions, and merge what is small."""
        self._whose = Whose(self.catalogue, self._rules)
        if self._before:
            for number in self._before.numbers:
                self._part(number, self._before)
                self._keep(number, self._before)
        for name, versions in [*new, *self._shards.written()]:
            self.catalogue.add_shard(name, versions)
        self._merge()

    def _part(self, number: int, before: Generation) -> None:
        """Write into shards of their own what a shard holds for others than most of it."""
        gone = self._gone[number]
        strays = self._whose.strays(before.shard(number), gone) if self._whose else []
        if strays:
            self._rewrite([(before.shard(number), strays)])
            gone += strays

    def _keep(self, number: int, before: Generation) -> None:
        gone = self._gone.get(number, [])
        source = before.folder / SHARDS / self.catalogue.shards()[number]
        if not gone:
            link_folder(source, self._shards.folder / source.name)
            return
        shard = before.shard(number)
        dead = sum(len(shard.texts.passages_of(version)) for version in gone)
        living = [version for version in shard.texts.versions if version not in set(gone)]
        if is_written_whole(before.manifest.shards[source.name].passages, dead):
            self.catalogue.drop_shard(number)
            self._rewrite([(shard, living)])
        else:
            name = self._shards.without(shard, gone)
            self.catalogue.rename_shard(number, name)

    def _merge(self) -> None:
        """Make one shard of small ones, where they are many."""
        names = self.catalogue.shards()
        numbers = list(names)
        opened = {n: Shard(self._shards.folder / names[n], self._shards.sizes) for n in numbers}
        for some in self._whose.apart(opened):
            chosen = [some[at] for at in to_merge([opened[n].passages for n in some])]
            shards = sorted((opened[n] for n in chosen), key=lambda shard: shard.first)
            for number in chosen:
                self.catalogue.drop_shard(number)
            self._rewrite([(shard, shard.texts.versions) for shard in shards])
            for shard in shards:
                shard.close()
                shutil.rmtree(shard.folder)

    def _rewrite(self, parts: Sequence[tuple[Shard, Sequence[int]]]) -> None:
        for shard, versions in parts:
            for version in versions:
                self._shards.take(shard, version, self._whose.of(version))
        self._shards.close()
        for name, versions in self._shards.written():
            self.catalogue.add_shard(name, versions)


def _dated(passages: Sequence[Passage], first: int) -> Iterator[tuple[int, int, date]]:
    """The runs of passages that came into force on a day of their section's own, by their ids."""
    numbered = enumerate(passages, first)
    for day, run in groupby(numbered, key=lambda pair: pair[1].effective):
        ids = [identity for identity, _ in run]
        if day is not None:
            yield ids[0], ids[-1], day


def _with_stems(explained: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """The short forms that a text explains, each with what it stands for and its stems, once."""
    said = {(short, " ".join(analyze(long))): long for short, long in explained}
    for (short, stems), long in said.items():
        yield short, long, stems


def _placed(
    mentions: Sequence[CodeMention], passages: Sequence[Passage], first: int
) -> Iterator[tuple[int, CodeMention]]:
    """Each mention with the id of the passage in which it begins."""
    starts = [passage.span.start for passage in passages]
    for mention in mentions:
        at = bisect_right(starts, mention.span.start) - 1
        if at >= 0:
            yield first + at, mention
