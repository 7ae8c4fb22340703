"""How pages and exports describe a passage: its place, dates and citation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.answer import Citation
from assistant.policies.ages import months_before, old_copy_of
from corpus.document import Metadata
from index.versions import Status, Term, Version, today
from ui.state.ages import ages

KIND_NAMES = {
    "policy": "Policy",
    "rule": "Rule",
    "guide": "Guide",
    "evidence": "Evidence",
    "faq": "Questions and answers",
    "glossary": "Glossary",
    "form": "Form",
    "gap": "Not known",
}
STATUS_NAMES = {
    Status.IN_FORCE: "In force",
    Status.FUTURE: "Not yet in force",
    Status.RETIRED: "Retired",
    Status.UNDATED: "Undated",
    Status.PROPOSED: "Proposed",
}
NOT_IN_FORCE = (Status.RETIRED, Status.FUTURE, Status.PROPOSED)
TONES = {Status.IN_FORCE: "green", Status.RETIRED: "red", Status.FUTURE: "blue"}
_STANDINGS = {
    "proposed": "A draft or proposal, not in force",
    "prior": "A prior version, no longer in force",
    "retired": "Retired, as it says itself; the day is not known",
}
# Invisible characters and marks that change the writing direction can make text look like
# something else. They are shown as a replacement character.
_BAR = re.compile(r"(?<!\S)\|(?!\S)")
_TRICKS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def plain(text: str) -> str:
    """The text without control characters and marks that change the writing direction."""
    return _TRICKS.sub("\ufffd", text)


def written_day(day: date) -> str:
    """`Oct 16, 2024`: nobody mistakes the month for the day."""
    return f"{day:%b} {day.day}, {day.year}"


def counted(many: int, what: str) -> str:
    """One passage, 2 passages."""
    return f"{many:,} {what}{'' if many == 1 else 's'}"


def kind_name(kind: str | None) -> str:
    return KIND_NAMES.get(kind or "", plain(kind or "").capitalize())


def page_name(page: int | None, label: str | None) -> str:
    """`page 12 (printed 4-2)`, or nothing where the format has no pages."""
    if page is None:
        return ""
    printed = f" (printed {plain(label)})" if label and label != str(page) else ""
    return f"page {page}{printed}"


def section_name(section: tuple[str, ...]) -> str:
    return " › ".join(plain(part) for part in section)


def whose_words(metadata: Metadata) -> str:
    """`Summary by the Codedesk library of Cigna 0540`, or nothing where the words may be the
    payer's own."""
    if not metadata.is_retold:
        return ""
    writer = plain(metadata.written_by or "")
    # A name that ends in a common noun takes the article: the Codedesk library, but Jane Smith.
    article = "the " if writer.rpartition(" ")[2][:1].islower() else ""
    if metadata.about and metadata.number:
        return f"Summary by {article}{writer} of {plain(metadata.about)} {plain(metadata.number)}"
    if metadata.about:
        return f"Summary by {article}{writer}, about {plain(metadata.about)}"
    return f"Written by {article}{writer}"


def payer_names(metadata: Metadata) -> str:
    """Every payer whose policy it is, or nothing."""
    return plain(", ".join(metadata.payers))


def status_name(version: Version, status: Status) -> str:
    """The status in a word or two; an old copy says of what year it is, and what does not say since
    when it is in force, when it was issued."""
    metadata = version.metadata
    if status is Status.UNDATED and metadata.copy_of:
        return f"Copy of {metadata.copy_of.year}"
    if status is Status.UNDATED and metadata.issued and not metadata.standing:
        return f"Issued {metadata.issued.year}"
    return unchecked_words(version, status) or STATUS_NAMES[status] + _since_looked_at(
        version, status
    )


def _since_looked_at(version: Version, status: Status) -> str:
    """`, reviewed Apr 17, 2025`, where only that keeps what began long ago from being an old copy;
    else nothing."""
    metadata = version.metadata
    if status is not Status.IN_FORCE or metadata.effective is None or metadata.copy_of:
        return ""
    if metadata.effective >= months_before(today(), ages().copy_months):
        return ""
    signs = (("reviewed", metadata.reviewed), ("revised", metadata.revised))
    later = [(how, day) for how, day in signs if day and metadata.effective < day <= today()]
    how, day = max(later, key=lambda one: one[1], default=("", today()))
    return f", {how} {written_day(day)}" if how else ""


def status_chip(version: Version, status: Status) -> dict[str, str]:
    """The status as a chip. What may have been replaced long ago is never green."""
    tone = "" if unchecked_words(version, status) else TONES.get(status, "")
    return {"text": status_name(version, status), "tone": tone}


def standing_words(version: Version) -> str:
    """What a document says of itself that is not in force whatever its dates; else nothing."""
    return _STANDINGS.get(version.metadata.standing or "", "")


def unchecked_words(version: Version, status: Status) -> str:
    """`Copy of 2016, not checked since`: nobody knows of anything newer, for long; else nothing."""
    if status is not Status.IN_FORCE or version.metadata.copy_of:
        return ""
    old = old_copy_of(version.metadata, today(), ages())
    return f"Copy of {old.year}, not checked since" if old else ""


def copy_words(version: Version) -> str:
    """What is known of an old copy: of what year it is, and whether anybody looked for a later
    text; nothing for a document that is none."""
    copied, checked = version.metadata.copy_of, version.metadata.checked
    if copied is None:
        return ""
    later = (
        f"no later text found on {written_day(checked)}" if checked else "later text not looked up"
    )
    return f"Copy of {copied.year}, {later}"


def term_sentence(citation: Citation) -> str:
    """Since when and until when the version is in force, as far as known."""
    return term_words(citation.version, citation.term, citation.status)


def term_words(version: Version, term: Term, status: Status) -> str:
    """The same for any version: the term gives its end, and its beginning where the metadata, or a
    section of its own day, say it."""
    effective = term.start or version.metadata.effective
    since = f" since {written_day(effective)}" if effective else ""
    if status is Status.RETIRED and term.end:
        how = "Superseded by a newer version" if term.superseded else "Retired"
        return f"{how} on {written_day(term.end)}{succession_words(term, status)}"
    standing = standing_words(version)
    if standing and status is not Status.FUTURE:
        return standing
    as_revised = " as revised" if effective and version.metadata.revised == effective else ""
    if status is Status.FUTURE and effective:
        return f"Not yet in force{as_revised}: from {written_day(effective)}"
    if status is Status.UNDATED:
        return copy_words(version) or issued_words(version)
    words = f"In force{as_revised}{since}" + (
        f", until {written_day(term.end)}" if term.end else ""
    )
    words += _since_looked_at(version, status)
    words += succession_words(term, status)
    unchecked = unchecked_words(version, status)
    return f"{words}; {unchecked[:1].lower()}{unchecked[1:]}" if unchecked else words


def succession_words(term: Term, status: Status) -> str:
    """`; taken for an earlier version of new.md, which nobody has confirmed`: the other file that
    ended this one, or that it ended."""
    ended = status is Status.RETIRED and term.superseded
    other = term.successor if ended else term.predecessor
    if other is None:
        return ""
    what = f"{'an earlier' if ended else 'the later'} version of {plain(other)}"
    return f"; {what}" if term.agreed else f"; taken for {what}, which nobody has confirmed"


def issued_words(version: Version) -> str:
    """What an undated document says of itself: when it was issued or revised, if it does."""
    metadata = version.metadata
    for how, day in (("Revised", metadata.revised), ("Issued", metadata.issued)):
        if day is not None:
            return f"{how} on {written_day(day)}; it does not say since when it is in force"
    return "Undated: the document does not say since when"


def source_of(version: Version) -> str:
    """The URL of the source, if a browser may open it."""
    url = (version.metadata.source_url or "").strip()
    return url if re.match(r"https?://[^\s/]", url, re.I) else ""


def also_in(citation: Citation) -> str:
    """The documents and pages that say the same in the same words."""
    named = (
        (plain(also.version.document), page_name(also.page, also.page_label))
        for also in citation.also_in
    )
    return "; ".join(", ".join(part for part in parts if part) for parts in named)


def recognised_words(sure: float | None, doubtful: Sequence[str] = ()) -> str:
    """That a text was recognised from a scan, and how surely; "" where the file holds it."""
    if sure is None:
        return ""
    doubt = f", {plain(', '.join(doubtful))} a doubtful reading" if doubtful else ""
    look = ", compare it with the page" if doubt or sure < 0.9 else ""
    return f"recognised from a scan, {min(int(sure * 100), 99)} % sure{doubt}{look}"


def cited_plain(citation: Citation) -> str:
    """A passage with its citation, to paste into a letter. A summary is not put into quotation
    marks: under a payer's name they would make it the payer's words."""
    text = plain(citation.text)
    whose = whose_words(citation.version.metadata)
    said = f"{whose}:\n{text}" if whose else f"“{text}”"
    return f"{said}\n\n{reference(citation)}"


def cited_markdown(citation: Citation) -> str:
    """The same in Markdown; nothing in the passage acts as markup."""
    whose = whose_words(citation.version.metadata)
    mark, head = ("", f"{escape_markdown(whose)}:\n\n") if whose else ("> ", "")
    lines = (f"{mark}{escape_markdown(line)}" for line in plain(citation.text).splitlines())
    said = head + "\n".join(lines)
    return f"{said}\n\n{escape_markdown(reference(citation))}"


def reference(citation: Citation) -> str:
    """The citation in one line: document, place, whose words, dates, source, proof."""
    place = ", ".join(
        part
        for part in (
            section_name(citation.section[-1:]),
            page_name(citation.page, citation.page_label),
        )
        if part
    )
    title, *about = _about(citation)
    proof = (
        recognised_words(citation.sure, citation.doubtful),
        "verified word for word" if citation.verified else "NOT VERIFIED",
    )
    return _sentences(title, place, *about, *proof)


def document_reference(citation: Citation) -> str:
    """The same of the document alone, as a list of sources names it."""
    return _sentences(*_about(citation))


def _about(citation: Citation) -> tuple[str, ...]:
    version = citation.version
    metadata = version.metadata
    numbered = f"{metadata.title} ({metadata.number})" if metadata.number else metadata.title
    return (
        plain(numbered),
        whose_words(metadata) or plain(metadata.publisher or metadata.payer or ""),
        term_sentence(citation),
        _source_words(version),
        f"{plain(version.document)}, version {version.ordinal}, sha256:{version.sha256[:12]}",
    )


def _sentences(*parts: str) -> str:
    return ". ".join(part for part in parts if part) + "."


def _source_words(version: Version) -> str:
    url = source_of(version)
    return f"Source of the summary: {url}" if url and version.metadata.is_retold else url


def escape_markdown(text: str) -> str:
    """The text so that Markdown, HTML and Streamlit's own marks in it have no effect."""
    escaped = re.sub(r"([\\`*_{}\[\]()#+\-.!|~:$<>&@^=\"'])", r"\\\1", text)
    return escaped.replace("\\<", "&lt;").replace("\\>", "&gt;").replace("\\&", "&amp;")


def cells_apart(text: str, *, is_row: bool) -> str:
    """A row of a table, or some words of it, with dots between the cells: the bars are the
    reader's, not the document's. Any other text as it is."""
    return _BAR.sub("·", text) if is_row else text


def beginning(text: str, *, most: int) -> str:
    """As much of a text as fits, to the end of a word where it is cut."""
    if len(text) <= most:
        return text
    return text[: most + 1].rpartition(" ")[0].rstrip() or text[:most]
