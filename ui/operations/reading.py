"""Operations that only read: answers, passages, pages, codes, payers, versions."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from assistant import answer as domain
from assistant.policies.changes import changes as changes_since
from assistant.policies.differences import diff as versions_compared
from assistant.policies.listing import list_code
from assistant.policies.matrix import matrix as payers_compared
from assistant.showing import find_document, shown
from corpus.errors import CodedeskError
from index.filters import Filters
from index.versions import today
from ui.access.caller import Caller
from ui.operations.boxed import boxed_page
from ui.operations.office import Office
from ui.operations.relations import relations
from ui.schema import asked
from ui.schema.answers import Answer, Found, answer_of, found_of
from ui.schema.codes import Listing, Matrix, listing_of, matrix_of
from ui.schema.documents import Shown, shown_of
from ui.schema.versions import Changes, Difference, difference_of
from ui.state.privacy import in_words, without_patient


def ask(office: Office, caller: Caller, asked: asked.Ask) -> Answer:
    question, warnings = _without_patient(asked.question)
    answer = office.desk(caller).ask(
        question, _filters(asked.as_of, asked.payers, asked.kinds), k=asked.k
    )
    _note(office, caller, answer)
    told = answer_of(answer)
    return replace(told, warnings=(*told.warnings, *warnings))


def search(office: Office, caller: Caller, asked: asked.Search) -> Found:
    query, warnings = _without_patient(asked.query)
    chosen = _filters(asked.as_of, asked.payers, asked.kinds, include_all=asked.all_versions)
    told = found_of(office.desk(caller).search(query, chosen, k=asked.k, mode=asked.mode))
    return replace(told, warnings=(*told.warnings, *warnings))


def show(office: Office, caller: Caller, asked: asked.ShowPage) -> Shown:
    found = shown(office.library(caller), asked.document, page=asked.page, version=asked.version)
    return shown_of(found)


def page_image(office: Office, caller: Caller, asked: asked.ShowImage) -> bytes:
    """Raises NoPicture where the page cannot be drawn."""
    library = office.library(caller)
    found = shown(library, asked.document, page=asked.page, version=asked.version)
    spans = []
    if asked.start is not None and asked.end is not None:
        if asked.start >= asked.end:
            raise CodedeskError("A span begins before it ends. Give `start` below `end`.")
        spans = [(asked.start, asked.end)]
    return boxed_page(found.version, library.document(found.version.id), asked.page, spans)


def code(office: Office, caller: Caller, asked: asked.ListCode) -> Listing:
    chosen = _filters(asked.as_of, asked.payers, asked.kinds, include_all=asked.all_versions)
    return listing_of(
        list_code(office.library(caller), asked.code, chosen, relations=relations(office.path))
    )


def matrix(office: Office, caller: Caller, asked: asked.ComparePayers) -> Matrix:
    chosen = _filters(asked.as_of, asked.payers, include_all=asked.all_versions)
    return matrix_of(payers_compared(office.library(caller), asked.code, chosen))


def diff(office: Office, caller: Caller, asked: asked.CompareVersions) -> Difference:
    library = office.library(caller)
    document = find_document(library, asked.document)[-1].document
    return difference_of(library, versions_compared(library, document, asked.before, asked.after))


def changes(office: Office, caller: Caller, asked: asked.Since) -> Changes:
    return Changes.like(changes_since(office.library(caller), asked.since))


def _filters(
    on: date | None,
    payers: tuple[str, ...],
    kinds: tuple[str, ...] = (),
    *,
    include_all: bool = False,
) -> Filters:
    return Filters(on=on or today(), payers=payers, kinds=kinds, include_all=include_all)


def _without_patient(typed: str) -> tuple[str, tuple[str, ...]]:
    """What is searched, without patient data, and a warning where there was some."""
    cleared = without_patient(typed)
    if not cleared.removed:
        return typed, ()
    kinds = in_words(cleared.removed)
    if not cleared.text:
        raise CodedeskError(
            f"The question seems to hold nothing but {kinds} of a patient. Ask without patient "
            "data."
        )
    return cleared.text, (
        f"The question seemed to hold {kinds} of a patient. It was removed before anything was "
        "searched or stored.",
    )


def _note(office: Office, caller: Caller, answer: domain.Answer) -> None:
    office.records.add_question(
        answer.question,
        verdict=answer.verdict.value,
        generation=answer.generation,
        as_of=answer.as_of.isoformat(),
        filters=office.discretion(caller).marked(answer.searched.filters),
        seconds=answer.seconds,
    )
