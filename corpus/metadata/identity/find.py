"""All that a document says of itself, field by field, the likeliest first, with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from corpus.document import SURE, FoundText
from corpus.metadata.identity.business import jurisdictions, lines_of_business
from corpus.metadata.identity.face import Face
from corpus.metadata.identity.forms import in_words
from corpus.metadata.identity.kinds import kinds
from corpus.metadata.identity.names import Names
from corpus.metadata.identity.numbers import numbers, versions
from corpus.metadata.identity.titles import titles
from corpus.metadata.identity.whose.evidence import Speaker
from corpus.metadata.identity.whose.programs import program
from corpus.metadata.identity.whose.speakers import speakers
from corpus.metadata.identity.whose.together import others_of, speak_together

_APART = 0.12  # by how much the likeliest body must be ahead of the next
_CERTAIN = 0.85  # nobody needs to look at what else it could be
_DOUBTFUL = 0.35  # what has less is not worth a person's look
_CODE = re.compile(r"\bAdministrative Code\b|\bCode of (?:\w+ ){0,3}Regulations\b", re.IGNORECASE)
_TOP = 8  # lines
_MOST_DOUBTFUL = 3  # of one field


def find_identity(face: Face, names: Names) -> tuple[FoundText, ...]:
    """For each field the values found, the one to use first where it is sure enough."""
    able = speakers(face, names)
    speaker = _clear(able)
    found_titles = list(titles(face, speaker))
    title = next((one.value for one in found_titles if one.field == "title"), "")
    whose = list(_whose(face, able, speaker, title))
    return (
        *_worth_a_look(one for one in found_titles if one.field == "title"),
        *(one for one in found_titles if one.field != "title"),
        *whose,
        *_worth_a_look(numbers(face)),
        *list(versions(face))[:1],
        *list(kinds(face, title))[:1],
    )


def _worth_a_look(found: Iterable[FoundText]) -> Sequence[FoundText]:
    """The likeliest, with the next ones where it is not beyond doubt."""
    likely = list(found)[: _MOST_DOUBTFUL + 1]
    return likely[:1] if likely and likely[0].sure >= _CERTAIN else likely


def _clear(speakers: Sequence[Speaker]) -> Speaker | None:
    """The body that speaks beyond doubt, if one does."""
    able = [one for one in speakers if one.body.role not in ("licensor",)]
    if not able or able[0].sure < SURE or not able[0].owns:
        return None
    others = (one for one in able[1:] if not _same_house(one, able[0]))
    second = next((one for one in others if not speak_together(able[0], one)), None)
    if second is not None and able[0].sure - second.sure < _APART:
        return None
    return able[0]


def _same_house(one: Speaker, other: Speaker) -> bool:
    """A name that is part of the other: "AOK" and "AOK Bayern", a plan and its programme."""
    a, b = one.body.name.casefold(), other.body.name.casefold()
    return a in b or b in a


def _whose(
    face: Face, speakers: Sequence[Speaker], speaker: Speaker | None, title: str
) -> Iterator[FoundText]:
    told = program(face, speakers, speaker, title)
    if told is not None:
        yield from told
        if told[0].field == "publisher":
            yield from jurisdictions(face)
            return
    if speaker is None:
        if told is None:
            yield from _told_of(face, speakers) or _doubtful(speakers)
        yield from lines_of_business(face)
        yield from jurisdictions(face)
        return
    body, line = speaker.body, speaker.best
    if told is None and body.pays:
        yield from others_of(face, speakers, speaker)
    yield FoundText("publisher", body.name, line.text[:300], line.page, speaker.sure)
    if told is None and body.pays:
        yield FoundText("payer", body.name, line.text[:300], line.page, speaker.sure)
        if body.role == "agency":
            yield FoundText("line_of_business", "Medicaid", line.text[:300], line.page, 0.9)
        else:
            yield from lines_of_business(face)
    places = list(jurisdictions(face))
    if body.place and not places:
        yield FoundText("jurisdiction", body.place, line.text[:300], line.page, speaker.sure)
    yield from places


def _told_of(face: Face, speakers: Sequence[Speaker]) -> list[FoundText]:
    """The state's Medicaid whose rules sentence after sentence tells, or of which a rule of the
    state's code says what it shall do, where nobody else is named: whoever wrote them, it is the
    payer. Of a company anybody writes so."""
    if len(speakers) != 1 or speakers[0].body.role != "agency":
        return []
    body = speakers[0].body
    pays = re.compile(
        rf"\b{re.escape(body.name)}\s+(?:does not\s+)?(?:covers?|pays?|reimburses?)\b"
    )
    said = [line for line in face.lines for _ in pays.finditer(line.text)]
    if any(_CODE.search(line.text) for line in face.opening[:_TOP]):
        shall = re.compile(rf"\b{re.escape(body.name)}\s+(?:shall|may|will|must)\b")
        said += 2 * [line for line in face.lines if shall.search(line.text)]
    if len(said) < 2:
        return []
    name = body.name if body.listed else in_words(body.name.upper())
    text, page = said[0].text[:300], said[0].page
    return [
        FoundText("payer", name, text, page, SURE),
        FoundText("line_of_business", "Medicaid", text, page, SURE),
    ]


def _doubtful(speakers: Sequence[Speaker]) -> Iterator[FoundText]:
    """Who may be the payer, for a person to look at."""
    able = [one for one in speakers if one.body.pays and one.sure >= _DOUBTFUL]
    for one in able[:_MOST_DOUBTFUL]:
        sure = min(one.sure, SURE - 0.01)
        yield FoundText("payer", one.body.name, one.best.text[:300], one.best.page, sure)
