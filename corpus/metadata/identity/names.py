"""The names that are known: of payers, agencies, contractors and other bodies, as printed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from corpus.errors import CodedeskError
from corpus.packs import billing

OWN_NAMES = "names.toml"  # of a home: the names that a library adds
_WORD = re.compile(r"[\w’']+(?:-\w+)*")
ROLES = (
    *("payer", "agency", "program", "contractor", "federal", "foreign", "provider", "institute"),
    *("licensor", "other"),
)
PAYERS = frozenset({"payer", "agency", "federal", "foreign"})  # roles of those whose policies count


@dataclass(frozen=True, slots=True)
class Body:
    """Who may publish or pay. `listed` says that the name is among those known, not only a form."""

    name: str
    role: str
    printed: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    place: str | None = None
    listed: bool = True

    @property
    def pays(self) -> bool:
        return self.role in PAYERS


@dataclass(frozen=True, slots=True)
class Named:
    """A body where a text names it, `text[start:end]`."""

    body: Body
    start: int
    end: int


class Names:
    """Finds known names in texts, the longest first, with their capitals."""

    def __init__(self, bodies: Iterable[Body]) -> None:
        self.bodies = tuple(bodies)
        self._named: dict[tuple[str, ...], Body] = {}
        self._longest: dict[str, int] = {}
        for body in self.bodies:
            for printed in (body.name, *body.printed):
                words = tuple(_WORD.findall(printed))
                if words:
                    self._named.setdefault(words, body)
                    self._named.setdefault(tuple(word.upper() for word in words), body)
        for words in self._named:
            self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))
        self._domains = {domain: body for body in self.bodies for domain in body.domains}

    def find(self, text: str) -> Iterator[Named]:
        found = list(_WORD.finditer(text))
        words = [_bare(word.group()) for word in found]
        at = 0
        while at < len(words):
            for count in range(min(self._longest.get(words[at], 0), len(words) - at), 0, -1):
                body = self._named.get(tuple(words[at : at + count]))
                if body is not None:
                    yield Named(body, found[at].start(), found[at + count - 1].end())
                    at += count - 1
                    break
            at += 1

    def owner(self, domain: str) -> Body | None:
        """Whose a domain is: the domain itself or one under it."""
        while domain:
            if domain in self._domains:
                return self._domains[domain]
            domain = domain.partition(".")[2]
        return None


def _bare(word: str) -> str:
    """A word without what makes it a genitive."""
    return re.sub(r"[’']s?$", "", word)


@cache
def standard_names() -> Names:
    """The names of the billing pack, `corpus/packs/billing/names.toml`."""
    return Names(read_bodies(billing.table("names")))


@cache
def names_with(more: tuple[Body, ...]) -> Names:
    """The names of the pack and those that a library adds; the library's own come first."""
    return Names((*more, *standard_names().bodies)) if more else standard_names()


def names_stamp(home: Path) -> int:
    """Changes whenever a library's own names are edited."""
    try:
        return (home / OWN_NAMES).stat().st_mtime_ns
    except OSError:
        return 0


def read_names(path: Path) -> tuple[Body, ...]:
    """The names that a maintainer wrote into a file like the pack's; none where there is no file.
    Raises CodedeskError."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        bodies = tuple(read_bodies(raw))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CodedeskError(
            f"{path} cannot be read ({error}). Each entry is a [[body]] with name, role, printed "
            "and domains. Mend the file or delete it."
        ) from error
    wrong = next((body for body in bodies if body.role not in ROLES), None)
    if wrong is not None:
        raise CodedeskError(
            f"{path}: the role of {wrong.name} is {wrong.role!r}; write one of {', '.join(ROLES)}."
        )
    return bodies


def read_bodies(raw: Mapping[str, Any]) -> Sequence[Body]:
    """Raises KeyError and TypeError for what is no list of names."""
    return [
        Body(
            name=str(entry["name"]),
            role=str(entry.get("role", "payer")),
            printed=tuple(map(str, entry.get("printed", ()))),
            domains=tuple(str(domain).lower() for domain in entry.get("domains", ())),
            place=entry.get("place"),
        )
        for entry in raw.get("body", ())
    ]
