"""Documents with a known outline: every paragraph says in which section it stands.

`[[20.1|Scope]]` in a paragraph is the number and the title of its section.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_TEXT = (
    "coverage claim service hospital payment provider modifier policy record review physician "
    "patient code unit date report plan benefit request notice appeal order test device"
)
_WORDS = _TEXT.split()
_ITEMS = ("Apply ice", "Give 10.5 mg", "Call the plan", "Send the form")
_BAITS = (
    "90 days after the date of service the claim is denied.",
    "10.5 mg of the drug is one unit of the code.",
    "Section 1862 of the Act excludes what is not necessary.",
)


@dataclass(frozen=True, slots=True)
class Section:
    number: str
    title: str
    level: int
    shown: str  # number and title as they are printed
    chain: str  # the number with those around it, where it does not say them itself


def _title(rng: random.Random) -> str:
    return " ".join(rng.choice(_WORDS).capitalize() for _ in range(rng.randint(1, 4)))


def decimal_outline(rng: random.Random, *, step: int, mark: str) -> list[Section]:
    """60, 60.2, 60.2.1, sometimes with A., B. below."""
    found: list[Section] = []
    for first in range(1, 7):
        one = str(first * step)
        found.append(_section(one, _title(rng), 1, f"{one}{mark}"))
        for second in range(1, rng.randint(1, 4)):
            two = f"{one}.{second}"
            found.append(_section(two, _title(rng), 2, f"{two}{mark}"))
            for third in range(1, rng.randint(1, 4)):
                three = f"{two}.{third}"
                found.append(_section(three, _title(rng), 3, f"{three}{mark}"))
            if rng.random() < 0.4:
                for letter in "ABC"[: rng.randint(2, 3)]:
                    depth = found[-1].level + 1 if letter == "A" else found[-1].level
                    parent = next(one for one in reversed(found) if one.level < depth)
                    title = _title(rng)
                    chain = f"{parent.number} {letter}"
                    found.append(Section(letter, title, depth, f"{letter}. {title}", chain))
    return found


def chapter_outline(rng: random.Random, *, word: str = "Chapter") -> list[Section]:
    """Chapter I, A., 1."""
    found: list[Section] = []
    for chapter in ("I", "II", "III", "IV", "V"):
        number, title = f"{word} {chapter}", _title(rng)
        found.append(Section(number, title, 1, f"{number} - {title}", number))
        for letter in "ABCDE"[: rng.randint(2, 5)]:
            title = _title(rng)
            chain = f"{number} {letter}"
            found.append(Section(letter, title, 2, f"{letter}. {title}", chain))
            for figure in range(1, rng.choice((1, 1, 4))):
                title = _title(rng)
                found.append(
                    Section(str(figure), title, 3, f"{figure}. {title}", f"{chain} {figure}")
                )
    return found


def _section(number: str, title: str, level: int, mark: str) -> Section:
    return Section(number, title, level, f"{mark} {title}", number)


def _body(rng: random.Random, section: Section) -> list[str]:
    """The paragraphs of a section; some begin with a number, some are lists."""
    mark = f"[[{section.chain}|{section.title}]]"
    found = []
    for _ in range(rng.randint(1, 3)):
        words = " ".join(rng.choice(_WORDS) for _ in range(rng.randint(12, 40)))
        found.append(f"The {words} {mark}.")
    if rng.random() < 0.3:
        found.append(f"{rng.choice(_BAITS)} {mark}")
    if rng.random() < 0.3:
        found += [f"{at}. {item} {mark}" for at, item in enumerate(_ITEMS[:3], start=1)]
    return found


def made_documents() -> Iterator[tuple[str, bytes]]:
    """Names and bytes; the same every time."""
    outlines = {
        "manual": decimal_outline(random.Random(1), step=10, mark=" -"),
        "guide": decimal_outline(random.Random(2), step=1, mark=""),
        "rules": decimal_outline(random.Random(3), step=1, mark="."),
        "chapters": chapter_outline(random.Random(4)),
        "articles": chapter_outline(random.Random(5), word="Article"),
    }
    for name, outline in outlines.items():
        parts = [
            (section, _body(random.Random(f"{name}{at}"), section))
            for at, section in enumerate(outline)
        ]
        yield f"{name}.pdf", pdf(parts, sizes=(14, 12, 11), bold=True)
        yield f"{name}-one-look.pdf", pdf(parts, sizes=(10, 10, 10), bold=True)
        yield f"{name}-contents.pdf", pdf(parts, sizes=(10, 10, 10), bold=False, contents=True)
        yield f"{name}-styles.docx", docx(parts, styled=True, flat=False)
        yield f"{name}-one-style.docx", docx(parts, styled=True, flat=True)
        yield f"{name}-bold.docx", docx(parts, styled=False, flat=True)
        yield f"{name}.html", html(parts, tags=("h1", "h2", "h3", "h4"))
        yield f"{name}-one-tag.html", html(parts, tags=("h2",) * 4)
        yield f"{name}-bold.html", html(parts, tags=())
        yield f"{name}.md", markdown(parts, flat=False)
        yield f"{name}-bold.md", markdown(parts, flat=True)
        yield f"{name}.txt", text(parts)


Parts = Sequence[tuple[Section, Sequence[str]]]


def pdf(parts: Parts, *, sizes: tuple[int, ...], bold: bool, contents: bool = False) -> bytes:
    from reportlab.lib.enums import TA_LEFT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

    def escaped(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;")

    plain = ParagraphStyle("body", fontName="Times-Roman", fontSize=10, leading=12, spaceAfter=8)
    font = "Times-Bold" if bold else "Times-Roman"
    heads = [
        ParagraphStyle(f"h{size}", plain, fontName=font, fontSize=size, leading=size * 1.2,
                       spaceBefore=8, alignment=TA_LEFT)
        for size in (*sizes, sizes[-1])
    ]  # fmt: skip
    story: list[object] = []
    if contents:
        story.append(Paragraph("Table of Contents", heads[0]))
        for at, (section, _) in enumerate(parts):
            dots = "." * max(4, 90 - len(section.shown))
            story.append(Paragraph(f"{escaped(section.shown)} {dots} {2 + at // 4}", plain))
        story.append(PageBreak())
    for section, body in parts:
        story.append(Paragraph(escaped(section.shown), heads[section.level - 1]))
        story.append(Paragraph("(Rev. 12425; Issued: 12-21-23; Effective: 01-01-24)", heads[-1]))
        story += [Paragraph(escaped(one), plain) for one in body]
    out = io.BytesIO()
    SimpleDocTemplate(out, invariant=1).build(story)
    return out.getvalue()


def docx(parts: Parts, *, styled: bool, flat: bool) -> bytes:
    import docx as word

    document = word.Document()
    for section, body in parts:
        if styled:
            document.add_heading(section.shown, 1 if flat else section.level)
        else:
            document.add_paragraph().add_run(section.shown).bold = True
        for one in body:
            document.add_paragraph(one)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def html(parts: Parts, *, tags: tuple[str, ...]) -> bytes:
    lines = ["<!doctype html><title>Made</title><body>"]
    for section, body in parts:
        if tags:
            tag = tags[section.level - 1]
            lines.append(f"<{tag}>{section.shown}</{tag}>")
        else:
            lines.append(f"<p><strong>{section.shown}</strong></p>")
        lines += [f"<p>{one}</p>" for one in body]
    return "\n".join(lines).encode()


def markdown(parts: Parts, *, flat: bool) -> bytes:
    lines = []
    for section, body in parts:
        lines.append(f"**{section.shown}**" if flat else f"{'#' * section.level} {section.shown}")
        lines += [one.replace("[[", r"\[[") for one in body]
    return "\n\n".join(lines).encode()


def text(parts: Parts) -> bytes:
    return "\n\n".join(one for section, body in parts for one in (section.shown, *body)).encode()
