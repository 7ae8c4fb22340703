"""The files of a sync as they are read: what became of each, and how far the work is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from corpus.divided import Divided, Dividing
from corpus.readers import Scan
from corpus.reading.pool import ReadJob
from corpus.text.tokens import Tokens
from index.audience.audiences import Conditions
from index.embedded.catalogue import Listed
from index.shards.stored import FileState
from index.sync.audiences import unread
from index.sync.plan import FileOnDisk, Plan
from index.sync.report import SyncReport
from index.sync.settings import SyncSettings
from index.sync.writing import Progress, Reading


class Files:
    """The files of a plan. `states` are those of all files, `unread` tells whose the files are
    that were not read; `latest` is the newest version of each document that is read."""

    def __init__(
        self,
        plan: Plan,
        latest: Mapping[str, Listed],
        *,
        settings: SyncSettings,
        report: SyncReport,
        progress: Progress,
    ) -> None:
        self.states = {state.document: state for state in (*plan.refused, *plan.kept)}
        self.unread: dict[str, Conditions] = {}
        self._plan = plan
        self._moved = dict(plan.moved)
        self._latest = latest
        self._settings = settings
        self._report = report
        self._progress = progress

    def read(self, sizer: Tokens) -> Iterator[tuple[FileOnDisk, Divided]]:
        """The documents as they are read, divided by what `sizer` measures. What fails goes into
        the report and the states."""
        to_read, settings = self._plan.to_read, self._settings
        jobs = [ReadJob(file.path, file.document, file.told) for file in to_read]
        dividing = Dividing(str(sizer.file), sizer.limit, settings.lengths)
        done = 0
        results = settings.makers.divide(
            jobs,
            Reading(dividing, settings.workers, settings.limits, settings.names),
            scanning=lambda document, scan: self._watch_scan(jobs, done, document, scan),
        )
        self._watch(jobs, done)
        files = {file.document: file for file in to_read}
        for job, result in results:
            done += 1
            self._watch(jobs, done)
            file = files[job.document_id]
            if isinstance(result, Divided):
                yield self._note_read(file, result), result
            else:
                self._report.note_failed(file.document, result.reason)
                self._note(file, "failed", result.reason)
                if conditions := unread(job.path, result.reason):
                    self.unread[file.document] = conditions

    def _note_read(self, file: FileOnDisk, divided: Divided) -> FileOnDisk:
        """The file as it was read: the bytes that were read count, not those that were there when
        files were listed."""
        document = divided.document
        file = replace(file, sha256=document.sha256)
        before = self._moved.get(document.id, "")
        self._report.note_read(document, self._latest.get(document.id), before=before)
        self._note(file, "indexed" if document.blocks else "needs_ocr")
        return file

    def _note(self, file: FileOnDisk, state: str, reason: str = "") -> None:
        self.states[file.document] = FileState(
            file.document, file.folder, file.sha256, file.sidecar, state, reason, file.stamp
        )

    def _watch(self, jobs: Sequence[ReadJob], done: int) -> None:
        """Tell how many files were read, and which is waited for."""
        if jobs:
            waited = jobs[done].document_id if done < len(jobs) else ""
            self._progress("read", done, len(jobs), waited)

    def _watch_scan(self, jobs: Sequence[ReadJob], done: int, document: str, scan: Scan) -> None:
        """Tell which page of a scan is being recognised."""
        what = f"{document}: recognising page {scan.number} of {scan.count}"
        self._progress("read", done, len(jobs), what)
