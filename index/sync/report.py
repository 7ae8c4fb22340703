"""What a sync did, file by file."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field

from corpus.document import Document
from index.embedded.catalogue import Listed
from index.sync.plan import Plan


@dataclass(slots=True)
class SyncReport:
    """What a sync did. Documents are named by their ids; every file is in exactly one of added,
    changed, moved, unchanged, failed and, where no page of it has text, needs_ocr."""

    generation: int = 0
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    moved: list[dict[str, str]] = field(default_factory=list)  # the same bytes under another path
    unchanged: int = 0
    duplicates: list[dict[str, str]] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)
    passed_over: list[dict[str, str]] = field(default_factory=list)  # no documents by their names
    needs_ocr: list[str] = field(default_factory=list)
    ocr_pages: dict[str, list[int]] = field(default_factory=dict)
    warnings: dict[str, list[str]] = field(default_factory=dict)
    documents: int = 0
    passages: int = 0
    embedded: int = 0
    seconds: float = 0.0
    rebuilt: str = ""  # why everything was made anew; "" when it was not
    swept: list[str] = field(default_factory=list)  # what a killed writer had left behind
    published: bool = False
    held: int | None = None  # the generation that was made and was not approved to answer

    def note_plan(self, plan: Plan, pages_to_read: Container[str]) -> None:
        """What is known before anything is read; `pages_to_read` are the documents with pages that
        hold an image and no text."""
        self.removed = sorted(plan.removed)
        self.duplicates = [{"path": path, "of": of} for path, of in plan.duplicates]
        self.failed = [{"path": path, "reason": reason} for path, reason in plan.failed]
        for state in plan.refused:
            self.note_failed(state.document, state.reason)
        self.passed_over = [{"path": path, "reason": why} for path, why in plan.passed_over]
        for state in plan.kept:
            if state.state == "failed":
                self.note_failed(state.document, state.reason)
                continue
            if state.state == "needs_ocr" or state.document in pages_to_read:
                self.needs_ocr.append(state.document)
            if state.state == "indexed":
                self.unchanged += 1

    def note_read(self, document: Document, latest: Listed | None, *, before: str = "") -> None:
        """A file that was read; `latest` is the version known before, `before` what the document
        was called then, if that was something else."""
        if document.blocks:
            if before:
                self.moved.append({"path": document.id, "from": before})
            elif latest is None:
                self.added.append(document.id)
            elif (latest.sha256 != document.sha256) or not self.rebuilt:
                self.changed.append(document.id)
            else:
                self.unchanged += 1
        if document.needs_ocr:
            self.needs_ocr.append(document.id)
            self.ocr_pages[document.id] = list(document.needs_ocr)
        if document.warnings:
            self.warnings[document.id] = list(document.warnings)

    def note_failed(self, document: str, reason: str) -> None:
        self.failed.append({"path": document, "reason": reason})
