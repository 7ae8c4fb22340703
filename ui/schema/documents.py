"""A document's version, as everything that names one tells it, and a document that is shown."""

from __future__ import annotations

from datetime import date

from assistant import showing
from index.versions import Status, Term, Version
from ui.schema.model import Model


class FoundDate(Model):
    """A date found in the text, with its evidence. No person has confirmed it."""

    field: str
    value: date
    sentence: str
    page: int | None


class Document(Model):
    """`retired` is the day from which the version is no longer in force, whether by a date of its
    own or because a later version took its place (`superseded`). `unconfirmed` are the dates that
    were found in the text and that no person has confirmed. `written_by` wrote the words; where
    that is not the payer or body that they are `about`, they are a summary and no quotation of it.
    The text of an old copy is of the day `copy_of`; on `checked` a later one was looked for in
    vain. `part` is the chapter or part that the title names, `printed_version` the version that the
    document prints; `version` counts the ones that the library has seen. `standing` is proposed,
    prior or retired where the document says of itself that it is not in force. Where other files
    are taken for versions of it, `successor` ended this one and this one ended `predecessor`;
    `agreed`: a person said so."""

    id: str
    title: str
    publisher: str | None
    payer: str | None
    kind: str | None
    number: str | None
    source_url: str | None
    effective: date | None
    retired: date | None
    superseded: bool
    reviewed: date | None
    retrieved: date | None
    status: Status
    version: int
    sha256: str
    unconfirmed: tuple[FoundDate, ...]
    written_by: str | None
    about: str | None
    copy_of: date | None
    checked: date | None
    line_of_business: tuple[str, ...]
    other_payers: tuple[str, ...]
    jurisdiction: str | None
    part: str | None
    printed_version: str | None
    issued: date | None
    revised: date | None
    next_review: date | None
    standing: str | None
    successor: str | None
    predecessor: str | None
    agreed: bool


def document_of(version: Version, term: Term, status: Status) -> Document:
    metadata = version.metadata
    return Document(
        id=version.document,
        title=metadata.title,
        publisher=metadata.publisher,
        payer=metadata.payer,
        kind=metadata.kind,
        number=metadata.number,
        source_url=metadata.source_url,
        effective=metadata.effective,
        retired=term.end,
        superseded=term.superseded,
        reviewed=metadata.reviewed,
        retrieved=metadata.retrieved,
        status=status,
        version=version.ordinal,
        sha256=version.sha256,
        unconfirmed=tuple(map(FoundDate.like, metadata.found)),
        written_by=metadata.written_by,
        about=metadata.about,
        copy_of=metadata.copy_of,
        checked=metadata.checked,
        line_of_business=metadata.line_of_business,
        other_payers=metadata.other_payers,
        jurisdiction=metadata.jurisdiction,
        part=metadata.part,
        printed_version=metadata.version,
        issued=metadata.issued,
        revised=metadata.revised,
        next_review=metadata.next_review,
        standing=metadata.standing,
        successor=term.successor,
        predecessor=term.predecessor,
        agreed=term.agreed,
    )


class Shown(Model):
    """A document's text, or one page of it."""

    document: Document
    versions: int
    page: int | None
    page_label: str | None
    text: str


def shown_of(shown: showing.Shown) -> Shown:
    return Shown(
        document=document_of(shown.version, shown.term, shown.term.status(shown.on)),
        versions=shown.versions,
        page=shown.page.number if shown.page else None,
        page_label=shown.page.label if shown.page else None,
        text=shown.text,
    )
