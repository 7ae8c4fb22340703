"""From library folders to a new generation: read what changed, keep the rest, publish at the end.

Until the pointer moves, the old generation answers; whatever stops a sync, nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter, time
from typing import Self

from corpus.divided import Divided
from corpus.document import Document
from corpus.reading.divide import divide
from index.audience.rules import read_rules
from index.embedded.catalogue_writing import CatalogueWriter
from index.errors import IndexProblem, NoSpace, lacks_space
from index.home import Home
from index.home.crash import crash_point
from index.home.manifest import Manifest, read_manifest
from index.model.conversions import sweep
from index.model.embedder import Embedder
from index.shards.stored import FileState
from index.sync.anew import Anew
from index.sync.audiences import follow, of_gone, refused, still
from index.sync.build import Build
from index.sync.events import Edited, events_under, new_events
from index.sync.filling import Filling, latest_of, names_of
from index.sync.plan import (
    Looking,
    Plan,
    make_plan,
    name_folders,
    require_folders,
)
from index.sync.reading import Files
from index.sync.report import SyncReport
from index.sync.settings import SyncSettings
from index.sync.start import open_past
from index.sync.writing import Given, Progress, silent
from index.versions import now


def sync(
    home: Home,
    folders: Sequence[tuple[str | None, Path]],
    *,
    embedder: Callable[[], Embedder],
    settings: SyncSettings,
    progress: Progress = silent,
    every_known: bool = False,
    forget: Sequence[Path] = (),
) -> SyncReport:
    """Bring the index up to date with `folders` (a wished name or None, and the path).

    Folders of earlier syncs that are not named stay as they are, unless `every_known` asks for
    them too; `forget` takes some out. Raises
    IndexLocked, IndexProblem, ModelProblem; a file that cannot be read is in the report instead.
    """
    started = perf_counter()
    require_folders([path for _, path in folders])
    home.make()
    with home.writing():
        swept = [*home.sweep(), *sweep(home.models)]
        crash_point("swept")
        with _Run(home, embedder(), settings, progress) as run:
            report = run.report
            report.swept = swept
            plan = run.plan(folders, forget, every_known=every_known)
            crash_point("planned")
            try:
                run.carry_out(plan)
                told_of = {old: new for new, old in plan.moved if old in settings.told}
                if told_of and not settings.dry_run:
                    settings.renamed(told_of)
            except Exception as error:
                home.sweep()  # what was half made only takes the space that may be lacking
                if lacks_space(error):
                    raise NoSpace(home.path) from error
                raise
    report.seconds = round(perf_counter() - started, 3)
    return report


class _Run:
    """One sync: what is known before, what is read, what is written. At its end it closes the
    generation that it started from."""

    def __init__(
        self, home: Home, embedder: Embedder, settings: SyncSettings, progress: Progress
    ) -> None:
        self.report = SyncReport()
        self._home = home
        self._embedder = embedder
        self._settings = settings
        self._progress = progress
        self._old = open_past(home, force=settings.force)
        self._anew = Anew(home, self._old, embedder, settings)
        self.report.rebuilt = self._anew.rebuilt
        self._known: list[FileState] = self._old.files() if self._old else []
        self._folders = self._old.folders() if self._old else {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        if self._old:
            self._old.close()

    def plan(
        self,
        folders: Sequence[tuple[str | None, Path]],
        forget: Sequence[Path],
        *,
        every_known: bool,
    ) -> Plan:
        """Compare the folders with what is known. Raises IndexProblem for an unknown `forget`."""
        names = name_folders(folders, self._folders)
        gone = {str(path.resolve()) for path in forget}
        for path in sorted(gone - set(names.values())):
            raise IndexProblem(
                f"{path} is not among the library's folders. `codedesk status` lists them."
            )
        asked = {str(path.resolve()) for _, path in folders}
        forgotten = [name for name, path in names.items() if path in gone]
        states = self._known
        plan = make_plan(
            {name: path for name, path in names.items() if name not in forgotten},
            asked=[n for n, p in names.items() if p not in gone and (every_known or p in asked)],
            known=[state for state in states if state.folder not in forgotten],
            read_all_again=bool(self.report.rebuilt),
            looking=Looking(
                largest=self._settings.limits.file_bytes,
                again=self._anew.is_read_again,
                trust_times=self._settings.trust_times,
                told=self._settings.told,
                left_out=self._settings.left_out,
            ),
        )
        held = (state for state in states if state.state != "refused")
        also = tuple(state.document for state in held if state.folder in forgotten)
        return replace(plan, removed=(*plan.removed, *also))

    def carry_out(self, plan: Plan) -> None:
        """Read, write, publish; or, in a dry run or with nothing to do, only report."""
        self.report.note_plan(plan, self._old.pages_to_read() if self._old else ())
        latest = latest_of(self._old, plan)
        files = Files(
            plan, latest, settings=self._settings, report=self.report, progress=self._progress
        )
        read = files.read(self._embedder.sizer)
        if self._settings.dry_run or self._is_idle(plan):
            for _ in read:
                pass  # the report tells of it
            if self._old:
                self._count(self._old.manifest)
            return
        generation = self._home.next_number()
        work = self._home.folder(generation).with_suffix(".tmp")
        build = self._build(work)
        filling = Filling(self._old, plan, latest, anew=bool(self.report.rebuilt))
        filling.fill(build, read, self._divide)
        build.finish(
            generation=generation,
            recipe=self._anew.recipe(plan),
            setting=lambda catalogue: self._record(catalogue, plan, files, filling.edited),
        )
        if self._old:
            self._old.close()
        self._publish(work, generation, plan)
        self.report.embedded = build.embedded

    def _divide(self, document: Document) -> Divided:
        return divide(document, self._embedder.sizer, self._settings.lengths)

    def _publish(self, work: Path, generation: int, plan: Plan) -> None:
        follow(self._home, plan.moved)
        self._home.place(work, generation)
        if self._old and not self._settings.approve(generation):
            self.report.held = generation
        else:
            self._home.point_to(generation)
            self.report.published = True
        days = self._settings.keep_days
        self._home.prune(keep=self._settings.keep, since=time() - 86_400 * days if days else None)
        crash_point("pruned")
        self._count(read_manifest(self._home.folder(self._home.current())))

    def _build(self, work: Path) -> Build:
        donor = self._anew.donor
        return Build(
            work,
            before=self._anew.built_upon,
            next_ids=self._old.manifest.next_ids if self._old else {},
            embedder=self._embedder,
            writing=lambda shards: self._settings.makers.writing(
                Given(shards, self._embedder, donor, self._progress)
            ),
            rules=read_rules(self._home.path),
        )

    def _record(
        self, catalogue: CatalogueWriter, plan: Plan, files: Files, edited: Sequence[Edited]
    ) -> None:
        """The files and folders, whose they are, and what happened to them."""
        rebuilt = bool(self.report.rebuilt)
        catalogue.set_files(files.states.values(), () if rebuilt else self._known)
        catalogue.set_folders(plan.folders)
        kept = (state.document for state in plan.kept if state.state == "failed")
        unopened = {state.document: refused(state, plan.folders) for state in plan.refused}
        whose = {**unopened, **still(self._old, kept), **files.unread}
        catalogue.set_audiences({name: of for name, of in whose.items() if of}, gone=False)
        if self._old:
            before = self._old.audiences(gone=True) if rebuilt else {}
            gone = {**before, **of_gone(self._old, plan.removed)}
            catalogue.set_audiences(gone, gone=True)
            catalogue.add_events(events_under(self._old, names_of(plan)) if rebuilt else ())
            catalogue.add_events(new_events(self._old, plan.removed, edited, at=now()))

    def _is_idle(self, plan: Plan) -> bool:
        old = self._old
        return (
            old is not None
            and not plan.to_read
            and not plan.removed
            and {*plan.refused} == {state for state in self._known if state.state == "refused"}
            and not self.report.rebuilt
            and dict(self._folders) == dict(plan.folders)
        )

    def _count(self, manifest: Manifest) -> None:
        self.report.generation = manifest.generation
        self.report.documents = manifest.counts["documents"]
        self.report.passages = manifest.counts["passages"]
