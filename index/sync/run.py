"""From library folders to a new generation: read what changed, keep the rest, publish at the end.

Until the pointer moves, the old generation answers; whatever stops a sync, nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter, time
from typing import Any, Self

from msgspec.structs import replace as replace_fields

from corpus.divided import Divided, Dividing
from corpus.files.limits import STANDARD, Limits
from corpus.metadata.identity.names import Body
from corpus.metadata.told import Told
from corpus.readers import Scan
from corpus.readers.scans.models import recogniser
from corpus.reading.divide import divide
from corpus.reading.pool import ReadJob
from corpus.text.lengths import Lengths
from index.agreement import disagreement
from index.audience.audiences import Conditions
from index.audience.rules import read_rules
from index.embedded import EmbeddedLibrary
from index.embedded.catalogue import Listed, full_path
from index.embedded.catalogue_writing import CatalogueWriter
from index.errors import IndexProblem, NoSpace, lacks_space
from index.home import Home
from index.home.crash import crash_point
from index.home.manifest import Manifest, read_manifest
from index.model.conversions import sweep
from index.model.embedder import Embedder
from index.model.identity import probed, recipe
from index.shards.stored import Event, FileState, Seen
from index.sync.audiences import follow, of_gone, refused, still, unread
from index.sync.build import Build
from index.sync.events import Edited, new_events
from index.sync.names import NAMES, as_recipe, concerned
from index.sync.plan import (
    FileOnDisk,
    Looking,
    Plan,
    make_plan,
    name_folders,
    require_folders,
)
from index.sync.report import SyncReport
from index.sync.start import RECOGNISER, TOKEN_BITS, make_recipe, open_past, why_rebuild
from index.sync.writing import Given, Makers, Progress, Reading, ThisMachine, silent
from index.versions import now

Read = Iterator[tuple[FileOnDisk, Divided]]


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """How to sync. `keep` is how many generations stay on disk, besides the last one of each of the
    last `keep_days`; `workers` read files at once. Documents that are `left_out` are not read, and
    those that were are removed; their files stay.

    `retry` reads again what could not be read, though its bytes are the same. `trust_times` takes a
    file whose size and time of change are as they were for the same one, unread. `approve` is asked
    whether a finished generation may answer in place of an earlier one; where not, it is kept
    beside it. `names` are those of publishers and payers that documents are looked through for,
    besides the pack's. `told` is what people said of documents, by name; `renamed` hears afterwards
    under which name such a document was found. `makers` read the files and write the shards.
    """

    lengths: Lengths = field(default_factory=Lengths)
    limits: Limits = STANDARD
    workers: int = 2
    keep: int = 3
    keep_days: int = 0
    left_out: frozenset[str] = frozenset()
    force: bool = False
    dry_run: bool = False
    retry: bool = False
    trust_times: bool = True
    names: tuple[Body, ...] = ()
    approve: Callable[[int], bool] = lambda generation: True
    told: Mapping[str, Sequence[Told]] = field(default_factory=dict)
    renamed: Callable[[Mapping[str, str]], None] = lambda names: None
    makers: Makers = field(default_factory=ThisMachine)


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
        self._differs = self._disagreement()
        self._recipe = make_recipe(
            recipe(embedder), settings.lengths, token_bits=embedder.token_bits
        )
        self._recogniser = recogniser() if settings.limits.seconds_per_scan > 0 else ""
        self._pictures = self._to_recognise()
        self._renaming = concerned(self._old, settings.names)
        self.report.rebuilt = why_rebuild(
            self._old, self._recipe, differs=self._differs, force=settings.force
        )
        self._known: list[FileState] = self._old.files() if self._old else []
        self._folders = self._old.folders() if self._old else {}
        self._states: dict[str, FileState] = {}
        self._latest: dict[str, Listed] = {}  # of the documents that are read
        self._moved: dict[str, str] = {}  # document to what it is called from now on
        self._edited: list[Edited] = []
        self._unread: dict[str, Conditions] = {}  # whose the files are that were not read

    def _disagreement(self) -> str:
        """Why the embedder's vectors do not belong with those of before; "" where they do."""
        generation = self._old.generation if self._old else None
        if generation is None:
            return ""
        home, built = self._home, generation.manifest.recipe.get("embedder")
        return disagreement(
            home, built, self._embedder, lambda: EmbeddedLibrary(home, generation.number)
        )

    def _to_recognise(self) -> frozenset[str]:
        """The documents with pages that are pictures, where what recognises them is new."""
        if self._old is None or self._recogniser in ("", self._recognised_by):
            return frozenset()
        pictures = (state.document for state in self._old.files() if state.state == "needs_ocr")
        return frozenset((*pictures, *self._old.pages_to_read()))

    def _is_read_again(self, state: FileState) -> bool:
        failed = self._settings.retry and state.state == "failed"
        return failed or state.document in self._pictures or state.document in self._renaming

    @property
    def _recognised_by(self) -> str:
        return self._old.manifest.recipe.get(RECOGNISER, "") if self._old else ""

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
                again=self._is_read_again,
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
        self._states = {state.document: state for state in (*plan.refused, *plan.kept)}
        self.report.note_plan(plan, self._old.pages_to_read() if self._old else ())
        self._moved = {before: after for after, before in plan.moved}
        if self._old:
            documents = [*(file.document for file in plan.to_read), *self._moved]
            known = (self._renamed(one) for one in self._old.versions_of(documents))
            self._latest = {one.document: one for one in known}
        if self._settings.dry_run or self._is_idle(plan):
            for _ in self._read(plan):
                pass
            if self._old:
                self._count(self._old.manifest)
            return
        generation = self._home.next_number()
        work = self._home.folder(generation).with_suffix(".tmp")
        build = self._build(work)
        self._fill(build, plan)
        build.finish(
            generation=generation,
            recipe={
                **self._recipe,
                "embedder": self._embedder_recipe(),
                RECOGNISER: self._recognised_with(plan),
                NAMES: self._named_with(plan),
            },
            setting=lambda catalogue: self._record(catalogue, plan),
        )
        if self._old:
            self._old.close()
        self._publish(work, generation, plan)
        self.report.embedded = build.embedded

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
        old, rebuild = self._old, bool(self.report.rebuilt)
        generation = old.generation if old else None
        others = self._differs or self._settings.force or self._has_other_tokens
        donor = None if others else generation
        return Build(
            work,
            before=None if rebuild else generation,
            next_ids=old.manifest.next_ids if old else {},
            embedder=self._embedder,
            writing=lambda shards: self._settings.makers.writing(
                Given(shards, self._embedder, donor, self._progress)
            ),
            rules=read_rules(self._home.path),
        )

    @property
    def _has_other_tokens(self) -> bool:
        """Whether those of before are kept in more or fewer bits."""
        before = self._old.manifest.recipe if self._old else {}
        return int(before.get(TOKEN_BITS, 8)) != self._embedder.token_bits

    def _recognised_with(self, plan: Plan) -> str:
        """What recognised pages; that of before while pictures wait in folders not synced now."""
        done = {*plan.removed, *(file.document for file in plan.to_read)}
        return self._recogniser if self._pictures <= done else self._recognised_by

    def _named_with(self, plan: Plan) -> Any:
        """The names that documents were looked through for; those of before while some that they
        concern lie in folders not synced now."""
        done = {*plan.removed, *(file.document for file in plan.to_read)}
        if self._old is None or self.report.rebuilt or self._renaming <= done:
            return as_recipe(self._settings.names)
        return self._old.manifest.recipe.get(NAMES, [])

    def _embedder_recipe(self) -> Mapping[str, Any]:
        """That of the engine which made the first vectors: were it replaced by each one that is
        near, the vectors could drift."""
        built_upon = self._old is not None and self._old.generation is not None
        if self._old and built_upon and not self._differs and not self._settings.force:
            before: Mapping[str, Any] = self._old.manifest.recipe["embedder"]
            if "probes" in before:
                return before
        return probed(self._embedder)

    def _fill(self, build: Build, plan: Plan) -> None:
        written: set[int] = set()
        if not self.report.rebuilt:
            for before, after in self._moved.items():
                build.rename(before, after)
        for file, divided in self._read(plan):
            if divided.document.blocks:
                written.add(self._add(build, file, divided))
        if self._old is None:
            return
        if not self.report.rebuilt:
            for version in self._old.versions_of(plan.removed):
                build.drop(version.id)
            return
        removed = set(plan.removed)
        for version in self._old.versions():
            if version.document not in removed and version.id not in written:
                # Not read again: an earlier version, or a file that failed. It stays as it was.
                seen = Seen(version.ordinal, version.seen, self._path_of(version), "")
                build.add(self._divided(version), seen=seen, version=version.id)

    def _divided(self, version: Listed) -> Divided:
        assert self._old is not None
        document = self._old.document(version)
        name = self._moved.get(version.document)
        document = replace_fields(document, id=name) if name else document
        return divide(document, self._embedder.sizer, self._settings.lengths)

    def _renamed(self, version: Listed) -> Listed:
        """A version of a document that was moved, under the name that it has now."""
        name = self._moved.get(version.document)
        return replace(version, document=name) if name else version

    def _path_of(self, version: Listed) -> str:
        return full_path(version, self._folders)

    def _add(self, build: Build, file: FileOnDisk, divided: Divided) -> int:
        """Add what was read; equal bytes are the same version, whatever else was made anew."""
        document = divided.document
        latest = self._latest.get(document.id)
        if latest and latest.sha256 == document.sha256:
            self._edited.append(Edited(latest, document.metadata))
            if self.report.rebuilt:
                seen = Seen(latest.ordinal, latest.seen, _written(file), file.sidecar)
                return build.add(divided, seen=seen, version=latest.id)
            build.remake(latest.id, divided, sidecar=file.sidecar, path=_written(file))
            return latest.id
        ordinal = latest.ordinal + 1 if latest else 1
        return build.add(divided, seen=Seen(ordinal, now(), _written(file), file.sidecar))

    def _read(self, plan: Plan) -> Read:
        """The documents as they are read. What fails goes into the report and the states."""
        jobs = [ReadJob(file.path, file.document, file.told) for file in plan.to_read]
        files = {file.document: file for file in plan.to_read}
        before = dict(plan.moved)
        settings = self._settings
        results = settings.makers.divide(
            jobs,
            Reading(self._dividing(), settings.workers, settings.limits, settings.names),
            scanning=lambda document, scan: self._watch_scan(jobs, done, document, scan),
        )
        done = 0
        self._watch(jobs, done)
        for job, result in results:
            done += 1
            self._watch(jobs, done)
            file = files[job.document_id]
            if isinstance(result, Divided):
                document = result.document
                # The bytes that were read count, not those that were there when files were listed.
                file = replace(file, sha256=document.sha256)
                latest, old = self._latest.get(document.id), before.get(document.id, "")
                self.report.note_read(document, latest, before=old)
                self._record_state(file, "indexed" if document.blocks else "needs_ocr")
                yield file, result
            else:
                self.report.note_failed(file.document, result.reason)
                self._record_state(file, "failed", result.reason)
                if conditions := unread(job.path, result.reason):
                    self._unread[file.document] = conditions

    def _dividing(self) -> Dividing:
        sizer = self._embedder.sizer
        return Dividing(str(sizer.file), sizer.limit, self._settings.lengths)

    def _watch(self, jobs: Sequence[ReadJob], done: int) -> None:
        """Tell how many files were read, and which is waited for."""
        if jobs:
            waited = jobs[done].document_id if done < len(jobs) else ""
            self._progress("read", done, len(jobs), waited)

    def _watch_scan(self, jobs: Sequence[ReadJob], done: int, document: str, scan: Scan) -> None:
        """Tell which page of a scan is being recognised."""
        what = f"{document}: recognising page {scan.number} of {scan.count}"
        self._progress("read", done, len(jobs), what)

    def _record_state(self, file: FileOnDisk, state: str, reason: str = "") -> None:
        self._states[file.document] = FileState(
            file.document, file.folder, file.sha256, file.sidecar, state, reason, file.stamp
        )

    def _record(self, catalogue: CatalogueWriter, plan: Plan) -> None:
        rebuilt = bool(self.report.rebuilt)
        catalogue.set_files(self._states.values(), () if rebuilt else self._known)
        catalogue.set_folders(plan.folders)
        kept = (state.document for state in plan.kept if state.state == "failed")
        unopened = {state.document: refused(state, plan.folders) for state in plan.refused}
        whose = {**unopened, **still(self._old, kept), **self._unread}
        catalogue.set_audiences({name: of for name, of in whose.items() if of}, gone=False)
        if self._old:
            before = self._old.audiences(gone=True) if rebuilt else {}
            gone = {**before, **of_gone(self._old, plan.removed)}
            catalogue.set_audiences(gone, gone=True)
            catalogue.add_events(map(self._event, self._old.events()) if rebuilt else ())
            catalogue.add_events(new_events(self._old, plan.removed, self._edited, at=now()))

    def _event(self, event: Event) -> Event:
        return replace(event, document=self._moved.get(event.document, event.document))

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


def _written(file: FileOnDisk) -> str:
    """The file's path as it can be stored; one with bytes that are no text is not found again."""
    return str(file.path).encode("utf-8", "backslashreplace").decode("utf-8")
