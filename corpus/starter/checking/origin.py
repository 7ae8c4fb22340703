"""Whether a document says whose words it holds, of whom it tells, and where and when that was read.

`retrieved` is the latest day on which a source of its facts was looked up (`looked_up` in
`facts.toml`). Where that day was written down nowhere, or no single page can be named, the document
says so with `not_given: [retrieved]`; a day or an address may not be made up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from corpus.document import Document

_MAY_BE_MISSING = ("source_url", "retrieved")


def origin_complaints(
    document: Document,
    *,
    written: Mapping[str, Any],
    cited: Iterable[str],
    facts: Mapping[str, Any],
) -> Iterator[str]:
    """All complaints about where a document comes from; `cited` are the facts that it rests on."""
    not_given = written.get("not_given", [])
    if not isinstance(not_given, list) or set(not_given) - set(_MAY_BE_MISSING):
        yield f"`not_given` is {not_given!r}; it may list {' and '.join(_MAY_BE_MISSING)}"
        return
    yield from _about(document, written)
    for name in _MAY_BE_MISSING:
        if not written.get(name) and name not in not_given:
            yield f"`{name}` is missing: give it, or list it in `not_given` where no source has it"
        if written.get(name) and name in not_given:
            yield f"`{name}` is given and listed in `not_given`"
    days = [facts[fact]["looked_up"] for fact in cited if "looked_up" in facts.get(fact, {})]
    latest = max(days, default=None)
    retrieved = document.metadata.retrieved
    if retrieved != latest and (retrieved is not None or "retrieved" in not_given):
        yield (
            f"`retrieved` is {retrieved or 'not given'}, but the sources of its facts were last "
            f"looked up on {latest or 'a day that facts.toml does not give'}"
        )


def _about(document: Document, written: Mapping[str, Any]) -> Iterator[str]:
    if written.get("about"):
        if written.get("written_by") and not document.metadata.is_retold:
            yield "`written_by` is the payer or body itself: its own words are not ours to ship"
    elif written.get("payer") or written.get("kind") in ("policy", "rule"):
        yield "`about` is missing: name the payer or body whose policy or rule the words tell"
    else:
        yield "`about` is missing: name what the words tell of"
