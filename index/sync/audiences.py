"""Whose the things are of which no version can tell: files that were not read, and documents that
were removed, of which events are kept. In doubt nobody sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from corpus.reading.messages import WRONG_METADATA
from corpus.reading.read import groups_of
from index.audience.audiences import Conditions
from index.audience.rules import Rules, change_rules, read_rules
from index.home import Home
from index.shards.stored import FileState
from index.sync.past import Past


def unread(path: Path, reason: str) -> Conditions:
    """Whose a file is that was not read."""
    return _as_conditions(None if reason.startswith(WRONG_METADATA) else groups_of(path))


def refused(state: FileState, folders: Mapping[str, str]) -> Conditions:
    """Whose a file is that was never opened."""
    path = Path(folders[state.folder]) / state.document.removeprefix(f"{state.folder}/")
    return _as_conditions(groups_of(path, opened=False))


def _as_conditions(groups: Sequence[str] | None) -> Conditions:
    if groups is None:  # nobody can tell: no group is enough
        return ((),)
    return (groups,) if groups else ()


def still(past: Past | None, documents: Iterable[str]) -> Mapping[str, Conditions]:
    """Whose the files are that were not read before, and are not read again now."""
    known = past.audiences(gone=False) if past else {}
    return {name: known[name] for name in documents if name in known}


def of_gone(past: Past, documents: Iterable[str]) -> Mapping[str, Conditions]:
    """Whose the documents were that go, as all of their versions said."""
    known = past.audiences(gone=False)
    found: dict[str, list[tuple[str, ...]]] = {}
    for listed in past.versions_of(documents):
        if listed.metadata.groups:
            found.setdefault(listed.document, []).append(listed.metadata.groups)
    for name in documents:
        if name in known:
            found.setdefault(name, []).extend(map(tuple, known[name]))
    return found


def follow(home: Home, moved: Iterable[tuple[str, str]]) -> None:
    """Let a rule of a document hold under its new name too: before that name can be seen."""
    renamed = dict(moved)
    rules = read_rules(home.path)
    if any(rules.said_of(old) is not None for old in renamed.values()):
        change_rules(home.path, lambda rules: _with_names(rules, renamed))


def _with_names(rules: Rules, renamed: Mapping[str, str]) -> Rules:
    for document, old in renamed.items():
        if (groups := rules.said_of(old)) is not None:
            rules = rules.with_rule(document, groups)
    return rules
