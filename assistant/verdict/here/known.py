"""What an open library knows, part by part, and how the verdict looks at its passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import Citation
from assistant.question.names.naming import Naming
from assistant.question.names.payers import PROGRAMS
from assistant.verdict.here.named import NamedHere
from assistant.verdict.here.payers import PayersHere
from assistant.verdict.here.reading import Reading
from assistant.verdict.here.unknown import UnknownWords
from assistant.verdict.meeting import Looked, look
from assistant.verdict.requirements import Need
from index.library import Library
from index.recent import Recent
from index.versions import Version

_KEPT = 2000  # passages whose words are kept: about 2 MB
_BEGINS = 1500  # characters of a document that say whose it is
_HEAD = 400  # of these, what stands at the very top: a name, a title


class Known:
    """What an open library knows. It never changes, so what was looked up once is kept.

    It holds the library, and the library knows nothing of it: both go together.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self.payers = PayersHere(library)
        self.named = NamedHere(library)
        self.unknown = UnknownWords(self.named)
        self.reading = Reading(library, self.payers, self.named, self.unknown)
        self._looked: Recent[int, Looked] = Recent(_KEPT)
        self._beginnings: Recent[int, str | None] = Recent(_KEPT)
        self._openings: Recent[int, str] = Recent(_KEPT)

    @property
    def naming(self) -> Naming:
        """The names by which questions are understood, the library's own payers among them."""
        return self.payers.naming

    def look(self, citation: Citation, needs: Sequence[Need]) -> Looked:
        """A citation as the verdict looks at it; the words of many passages are kept."""
        found = self._looked.get(
            citation.passage, lambda: look(citation, self.naming, self._opening(citation))
        )
        named = any(need.payer is not None for need in needs)
        told_of = self._told_of(citation.version) if named and found.payer is None else None
        return replace(found, citation=citation, told_of=told_of)

    def _opening(self, citation: Citation) -> str:
        """What a document begins with, which says whose it is and what its tables are of."""
        version = citation.version.id
        begins = self._openings.get(version, lambda: self._library.text(version)[:_BEGINS])
        return begins if " | " in citation.text else begins[:_HEAD]

    def _told_of(self, version: Version) -> str | None:
        """The only payer that the title and the beginning of a document name."""
        return self._beginnings.get(version.id, lambda: self._payer_at_the_beginning(version))

    def _payer_at_the_beginning(self, version: Version) -> str | None:
        begins = self._library.text(version.id)[:_BEGINS]
        named = self.naming.payers_in(f"{version.metadata.title} {begins}")
        names = {payer.name for payer, _ in named}
        own = names - PROGRAMS or names
        return own.pop() if len(own) == 1 else None
