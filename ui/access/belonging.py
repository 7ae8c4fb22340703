"""To which groups folders and documents belong, as a person may see and change it.

The rules count at once, without a sync: whoever is hidden something from, is so from their next
question on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from assistant.showing import NotInLibrary
from corpus.errors import CodedeskError
from index.audience.rules import Rules, change_rules, read_rules
from ui.access.discretion import Discretion
from ui.schema.served import Belonging, Belongings

_MOST, _LONGEST = 50, 200  # groups of a rule, and characters of a group


def belongings(home: Path, seen: Discretion) -> Belongings:
    """The rules that name what the caller may see."""
    rules = read_rules(home)
    told = [_told(seen, path) for path in sorted(rules.groups) if seen.sees(path)]
    return Belongings(rules=tuple(told), problem=rules.broken or None)


def regroup(home: Path, seen: Discretion, path: str, groups: Sequence[str] | None) -> Belonging:
    """Let a folder or a document belong to groups, to everybody with none of them, or to whom it
    belongs without a rule of its own, with None. Raises NotInLibrary for what the caller may not
    see, CodedeskError."""
    name, wanted = path.strip("/"), _checked(groups)
    if not name or not _is_there(seen, name):
        raise NotInLibrary(f"There is no document or folder {path} in the library.")

    def changed(rules: Rules) -> Rules:
        if wanted is None and rules.said_of(name) is None:
            raise CodedeskError(f"No rule names {name}. Nothing was changed.")
        return rules.with_rule(name, wanted)

    change_rules(home, changed)
    return _told(seen, name)


def _is_there(seen: Discretion, path: str) -> bool:
    """Whether there is such a document or folder for the caller. Who keeps the machine may rule
    before anything is read."""
    if seen.everything:
        return True
    return seen.sees(path) and any(
        name == path or name.startswith(f"{path}/") for name in seen.known
    )


def _told(seen: Discretion, path: str) -> Belonging:
    audiences = seen.desk.audiences()
    return Belonging(
        path=path,
        rule=audiences.rules.said_of(path),
        conditions=tuple(tuple(sorted(condition)) for condition in audiences.of(path)),
    )


def _checked(groups: Iterable[str] | None) -> tuple[str, ...] | None:
    if groups is None:
        return None
    named = tuple(dict.fromkeys(one.strip() for one in groups))
    if len(named) > _MOST or not all(
        one.isprintable() and 0 < len(one) <= _LONGEST for one in named
    ):
        raise CodedeskError(
            f"A rule names at most {_MOST} groups, each by 1 to {_LONGEST} characters."
        )
    return named
