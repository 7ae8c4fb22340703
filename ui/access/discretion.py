"""What may be said to a caller of things that were written down by others: jobs, the audit log,
edits, evaluations, the trash.

They name documents, some of which may be hidden from the caller. What names one is left out, and
what was counted or found out over all documents is told only to who sees all that it was found in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from msgspec.structs import replace as replace_fields

from assistant.desk import Desk
from index.audience.audiences import is_heard
from index.library import Library
from ui.access.caller import Caller
from ui.jobs.evaluations import short_sum
from ui.jobs.jobs import Job
from ui.schema.library import Generation
from ui.state.question_log import SEEN_BY

WITHHELD = "(of documents that are not yours to see)"
_OF_ALL = ("evaluate", "backup", "restore")  # jobs whose reports name no document
_NAMES = ("added", "changed", "removed", "needs_ocr")  # of a sync's report: documents
_RECORDS = ("moved", "duplicates", "failed")  # what names one among other things
_BY_NAME = ("ocr_pages", "warnings")
_LOGGED = re.compile(  # what a job's log says of a file
    r"\S+ (?:\w+ [\d,]+ of [\d,]+|not read|passed over): (.+?)(?:: .*)?"
)
_OWN_WORDS = ("Traceback", "  File", "    ")  # of an error of its own: code, no documents
_COUNTS = ("unchanged", "embedded")  # of all documents


@dataclass(frozen=True)
class Discretion:
    """What a caller may hear. `desk` is theirs."""

    desk: Desk
    caller: Caller

    @classmethod
    def of(cls, whole: Desk, caller: Caller) -> Discretion:
        return cls(whole.seen_by(caller.sight), caller)

    @property
    def everything(self) -> bool:
        return self.caller.everything

    @cached_property
    def library(self) -> Library:
        return self.desk.library

    @cached_property
    def _hidden(self) -> frozenset[str]:
        hidden = self.desk.hidden_from(self.caller.sight)
        return hidden.names | hidden.told

    @property
    def hides(self) -> bool:
        """Whether anything in the library is hidden from the caller."""
        return bool(self._hidden)

    @cached_property
    def known(self) -> frozenset[str]:
        """The documents, files and removed documents of which the caller may know."""
        library = self.library
        return frozenset(
            (
                *(version.document for version in library.versions.values()),
                *(state.document for state in library.files()),
                *(event.document for event in library.events()),
            )
        )

    def sees(self, document: str) -> bool:
        """Whether a document of the library may be named, or one that may come to be there."""
        if self.everything:
            return True
        audience = self.desk.audiences().of(document)
        return document not in self._hidden and self.caller.sight.sees(audience)

    def knows(self, document: str) -> bool:
        """Whether the caller sees a document that is there, or was."""
        return self.everything or (document in self.known and self.sees(document))

    def says(self, text: str) -> bool:
        """Whether a text names nothing that is hidden."""
        return self.everything or not any(name in text for name in self._hidden)

    def clean(self, value: Any) -> Any:
        """A value without the texts that name something hidden."""
        if self.everything or not self._hidden:
            return value
        if isinstance(value, str):
            return value if self.says(value) and self.sees(value) else WITHHELD
        if isinstance(value, Mapping):
            return {name: self.clean(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.clean(one) for one in value]
        return value

    def evaluation(self, kept: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        """An evaluation, where the caller sees all that answered in it; else None."""
        if kept is None or self.everything or not self._hidden:
            return kept
        saw = frozenset(kept.get("saw", ()))
        seen = bool(saw) and not any(short_sum(name) in saw for name in self._hidden)
        return kept if seen else None

    def generation(self, kept: Generation) -> Generation:
        """A generation, with how much of it there is for the caller, where that is known."""
        if self.everything or not self.hides:
            return kept
        counts = self.library.about.counts if kept.generation == self.library.generation else None
        return replace_fields(kept, counts=counts)

    def job(self, job: Job | None) -> Job | None:
        """A job as it may be told. What it came by is named where it is in the library by now."""
        if job is None or self.everything:
            return job
        if job.kind not in ("sync", "dry run"):
            mine = job.kind in _OF_ALL or job.options.get("sight") == self.mark
            problem = job.problem if self.says(job.problem) else WITHHELD
            return replace(job, report=job.report if mine else {}, what="", problem=problem)
        named = job.what.split(": ")[0]
        what = job.what if not named or self.knows(named) else ""
        problem = job.problem if self.says(job.problem) else WITHHELD
        return replace(job, what=what, problem=problem, report=self.report(job.report))

    def log(self, text: str) -> str:
        """The lines of a job's log that name nothing but what the caller knows."""
        if self.everything:
            return text
        return "\n".join(line for line in text.splitlines() if self._may_log(line))

    def _may_log(self, line: str) -> bool:
        told = _LOGGED.fullmatch(line)
        return self.knows(told[1]) if told else line.startswith(_OWN_WORDS)

    def report(self, report: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a sync did, of what the caller knows."""
        if not report:
            return report
        told = dict(report)
        for name in _NAMES:
            told[name] = [one for one in report.get(name, ()) if self.knows(one)]
        for name in _RECORDS:
            told[name] = [one for one in report.get(name, ()) if self._may_tell(one)]
        told["passed_over"] = [
            one for one in report.get("passed_over", ()) if self.sees(one["path"])
        ]
        for name in _BY_NAME:
            told[name] = {one: of for one, of in report.get(name, {}).items() if self.knows(one)}
        for name in ("warnings", "failed", "gate", "logged"):
            told[name] = self.clean(told.get(name))
        if self.hides:
            counts = self.library.about.counts
            told |= {name: 0 for name in _COUNTS if name in told}
            told |= {"documents": counts["documents"], "passages": counts["passages"]}
        return told

    def _may_tell(self, record: Mapping[str, str]) -> bool:
        """Whether the document of a record is known, and the other one that it names is seen."""
        others = [record[name] for name in ("of", "from") if name in record]
        return self.knows(record["path"]) and all(map(self.sees, others))

    def heard(self, mark: str, document: str = "") -> bool:
        """Whether the caller may hear what was said by one who sees so much, of a document."""
        told = is_heard(mark, self.caller.sight)
        return told and (not document or self.sees(document))

    def marked(self, filters: Mapping[str, Any]) -> dict[str, Any]:
        """What was asked for, with what could be seen then."""
        return {**filters, SEEN_BY: self.mark} if self.mark else dict(filters)

    @cached_property
    def mark(self) -> str:
        """What the caller may see beyond what everybody does; see Audiences.mark."""
        return self.desk.audiences().mark(self.caller.sight)
