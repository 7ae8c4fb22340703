"""Which documents a change of the library's own names of payers and publishers may concern."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from corpus.document import Metadata
from corpus.metadata.identity.names import Body
from index.sync.past import Past

NAMES = "names"  # in a generation's recipe: those that its documents were looked through for


def as_recipe(bodies: Iterable[Body]) -> list[dict[str, Any]]:
    """The names as a manifest keeps them."""
    return [
        {
            "name": body.name,
            "role": body.role,
            "printed": list(body.printed),
            "domains": list(body.domains),
            "place": body.place,
        }
        for body in bodies
    ]


def concerned(past: Past | None, bodies: Sequence[Body]) -> frozenset[str]:
    """The documents that print a name which was added, changed or taken out since, or have it as
    their payer or publisher. No other can be told apart by it, so no other is read again."""
    if past is None or past.generation is None:
        return frozenset()
    before, now = past.manifest.recipe.get(NAMES, []), as_recipe(bodies)
    changed = [one for one in (*before, *now) if (one in before) != (one in now)]
    if not changed:
        return frozenset()
    printed = {word.casefold() for one in changed for word in _printed(one)}
    found = set()
    for listed in past.versions():
        document = past.document(listed)
        text = document.text.casefold()
        named = {name.casefold() for name in _whose(document.metadata)}
        whole = " ".join((text, document.id.casefold(), *document.warnings))
        if named & printed or any(word in whole for word in printed):
            found.add(listed.document)
    return frozenset(found)


def _printed(body: Mapping[str, Any]) -> Iterable[str]:
    return (body["name"], *body["printed"], *body["domains"])


def _whose(metadata: Metadata) -> Iterable[str]:
    return filter(None, (metadata.payer, metadata.publisher, *metadata.other_payers))
