"""Whose the addresses of a document are: a domain that is listed, or that a name begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.metadata.identity.face import Face, Line
from corpus.metadata.identity.names import Body, Names
from corpus.metadata.identity.whose.evidence import Shown

OBJECT = re.compile(
    r"(?:submitted to|administered by|affiliated with|prepared by|issued by|underwritten by"
    r"|members? of|partners of|policy of|plans of|offered by|applies to|reproduced only by|contact"
    r"|property of|coders of|staff of|required by|asked for by|paid by|approved by"
    r"|Versicherte der|Versicherte)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_BRAND = re.compile(r"\b([A-Z][A-Za-z]{4,})(?: of(?: [A-Z][a-z]+){1,2})?")
_PAYING = re.compile(r"[®™]?\s+(?:considers?|covers?|pays?|reimburses?|denies)\b")


def owners(face: Face, names: Names, bodies: Sequence[Body]) -> Iterator[Shown]:
    """Whose addresses the document gives, by the list or by the names found in it."""
    for domain, line in face.addresses:
        body = names.owner(domain)
        if body is not None:
            yield Shown(_kind(line), body, line)
            continue
        stem = _stem(domain)
        for known in bodies:
            if not known.listed and _abbreviates(stem, known.name):
                yield Shown(_kind(line), known, line)


def brands(face: Face, names: Names) -> Iterator[Shown]:
    """Names of no known form that the document's own address begins with, where they are the
    subject or object of a policy's sentences: "Ambetter of Arkansas pays", ambetterhealth.com.
    """
    for domain, address in face.addresses:
        if names.owner(domain) is not None:
            continue
        stem = _stem(domain)
        for line in face.lines:
            for found in _BRAND.finditer(line.text):
                word = found[1].lower()
                if len(word) * 5 < len(stem) * 2 or not stem.startswith(word):
                    continue
                before = line.text[max(0, found.start() - 40) : found.start()]
                if _PAYING.match(line.text, found.end()) or OBJECT.search(before):
                    body = Body(found.group(), "payer", listed=False)
                    yield Shown("subject", body, line)
                    yield Shown(_kind(address), body, address)


def _stem(domain: str) -> str:
    return re.sub(r"[^a-z]", "", domain.split(".")[-2])


def _kind(line: Line) -> str:
    return "own address" if line.repeats else "address"


def _abbreviates(stem: str, name: str) -> bool:
    """Whether a domain is a name's: all of it, its beginning, or its initials and little more."""
    words = [re.sub(r"[^a-z]", "", word) for word in name.lower().split()]
    words = [word for word in words if word not in ("", "of", "and", "the", "inc", "llc")]
    whole = "".join(words)
    initials = "".join(word[0] for word in words)
    if len(stem) >= 5 and (whole.startswith(stem) or stem.startswith(whole)):
        return True
    if len(initials) >= 3 and stem.startswith(initials) and len(stem) <= len(initials) + 5:
        return True
    return len(words) > 2 and stem.startswith("".join(words[:2]))
