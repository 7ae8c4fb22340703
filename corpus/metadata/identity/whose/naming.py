"""The bodies that a text of a document names: known ones, and forms where no known name stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.metadata.identity.face import Face
from corpus.metadata.identity.forms import begins_name, find_forms
from corpus.metadata.identity.names import Body, Named, Names

FAR = 200_000  # letters of the text in which names are counted
_OFTEN = 3


@dataclass(frozen=True, slots=True)
class Naming:
    """The names of a document, by the lists of names and by its own words."""

    face: Face
    names: Names

    def in_text(self, text: str) -> Iterator[Named]:
        known = [self._whole_name(one, text) for one in self.names.find(text)]
        yield from known
        for formed in find_forms(text):
            if not any(one.start < formed.end and formed.start < one.end for one in known):
                yield formed

    def names_any(self, text: str) -> bool:
        return next(self.in_text(text), None) is not None

    def _whole_name(self, named: Named, text: str) -> Named:
        """A known payer's name that is only the end of another's, wherever it stands: the
        "HealthPartners" of Lakeview HealthPartners."""
        before = re.search(r"([\w’'-]+) $", text[: named.start])
        if named.body.role != "payer" or before is None or not begins_name(before[1]):
            return named
        printed = text[named.start : named.end]
        whole = f"{before[1]} {printed}"
        count = self.face.text.count(whole, 0, FAR)
        if count < _OFTEN or count != self.face.text.count(printed, 0, FAR):
            return named
        body = Body(whole, "payer", listed=False)
        return Named(body, named.start - len(before[0]), named.end)
