"""The rules of a home: which folders and documents belong to which groups, in `private.toml`.

    [groups]
    "contracts" = ["contracting"]              # a folder: all below it
    "contracts/2025/rates.pdf" = ["pricing"]   # a document
    "contracts/how-to-read.md" = []            # everybody's

Of several that name a document or a folder above it, the one nearest to it counts. What a metadata
file says holds besides, but where a rule names the document itself. The rules lie beside the
generations and in none of them: they count at once, and for an earlier state that answers again
too. While they cannot be read, nobody sees anything but who can mend them.
"""

from __future__ import annotations

import json
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from index.audience.sight import NOBODY, Audience
from index.errors import IndexProblem
from index.home.durable import write_durably

NAME = "private.toml"  # of a home
_TABLE = "groups"
_WAITS = 10  # seconds, for another writer
_MOST_BYTES = 4_000_000
_HEAD = "# Which folders and documents belong to which groups; see docs/private.md.\n"


@dataclass(frozen=True, slots=True)
class Rules:
    """`groups` by the path of a folder or a document. `broken` says why they cannot be read."""

    groups: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    broken: str = ""

    def __bool__(self) -> bool:
        return bool(self.groups or self.broken)

    def of(self, document: str, own: Iterable[Iterable[str]] = ()) -> Audience:
        """Whom a document is for, of which its metadata say that it belongs to `own` groups: for
        each of its versions that says so."""
        if self.broken:
            return NOBODY
        said = dict.fromkeys(map(frozenset, own))
        nearest = self.nearest(document)
        ruled = frozenset(self.groups[nearest]) if nearest is not None else frozenset()
        if self.said_of(document) is not None:
            said = {}  # somebody decided on this very document
        return (ruled, *said) if ruled else tuple(said)

    def nearest(self, path: str) -> str | None:
        """The path of the rule that counts for a folder or a document."""
        known = {_plain(name): name for name in self.groups}
        return next((known[above] for above in _and_above(_plain(path)) if above in known), None)

    def said_of(self, path: str) -> tuple[str, ...] | None:
        """The groups of the rule that names this very folder or document; None without one."""
        nearest = self.nearest(path)
        same = nearest is not None and _plain(nearest) == _plain(path)
        return self.groups[nearest] if nearest is not None and same else None

    def with_rule(self, path: str, groups: Iterable[str] | None) -> Rules:
        """The same with another rule for a path; without one for None."""
        name = path.strip("/")
        kept = {one: of for one, of in self.groups.items() if _plain(one) != _plain(name)}
        if groups is not None:
            kept[name] = tuple(dict.fromkeys(filter(None, (one.strip() for one in groups))))
        return Rules(kept)

    def named(self) -> frozenset[str]:
        """Every group that a rule names."""
        return frozenset(group for groups in self.groups.values() for group in groups)


NO_RULES = Rules()


def read_rules(home: Path) -> Rules:
    """The rules of a home; such as let nobody see anything where they cannot be read."""
    path = home / NAME
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise ValueError("it is longer than 4 MB")
        return Rules(_rules(tomllib.loads(data.decode("utf-8-sig"))))
    except FileNotFoundError:
        return NO_RULES
    except (OSError, ValueError) as error:
        return Rules(
            broken=f"{NAME} of the home cannot be read ({error}). Until it is mended, who signs in "
            "sees no document."
        )


def write_rules(home: Path, rules: Rules) -> None:
    """Raises IndexProblem for what cannot be written down."""
    lines = [
        f"{_quoted(path)} = [{', '.join(map(_quoted, groups))}]\n"
        for path, groups in sorted(rules.groups.items())
    ]
    text = f"{_HEAD}[{_TABLE}]\n{''.join(lines)}"
    try:
        written = _rules(tomllib.loads(text))
    except ValueError as error:
        raise IndexProblem(f"The rules cannot be written down: {error}.") from error
    if written != dict(rules.groups):
        raise IndexProblem("The rules cannot be written down: a name holds what TOML cannot.")
    write_durably(home / NAME, text.encode())


def change_rules(home: Path, change: Callable[[Rules], Rules]) -> Rules:
    """Change the rules as they are, one writer after the other. Raises IndexProblem where they
    cannot be read: nobody knows what a change would open."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(home / f"{NAME}.lock", timeout=_WAITS):
            before = read_rules(home)
            if before.broken:
                raise IndexProblem(before.broken)
            after = change(before)
            if after != before:
                write_rules(home, after)
            return after
    except Timeout as error:
        raise IndexProblem(f"Another process is changing {NAME}. Try again.") from error


def rules_stamp(home: Path) -> tuple[int, ...]:
    """Changes whenever the rules are written."""
    try:
        found = (home / NAME).stat()
    except FileNotFoundError:
        return ()
    except OSError:
        return (-1,)
    return found.st_mtime_ns, found.st_size, found.st_ino


def _rules(raw: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    if set(raw) - {_TABLE}:
        raise ValueError(f"it has other tables than [{_TABLE}]")
    listed = raw.get(_TABLE, {})
    if not isinstance(listed, Mapping):
        raise ValueError(f"{_TABLE} is no table")
    found: dict[str, tuple[str, ...]] = {}
    for path, groups in listed.items():
        if not isinstance(groups, list) or not all(isinstance(one, str) and one for one in groups):
            raise ValueError(f'{path} has no list of groups, such as ["contracting"]')
        if not path.strip("/") or _plain(path) in map(_plain, found):
            raise ValueError(f"“{path}” names nothing, or what another rule names")
        found[path.strip("/")] = tuple(groups)
    return found


def _and_above(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]


def _plain(path: str) -> str:
    """Some disks know no capitals, and write letters with accents in two ways."""
    return unicodedata.normalize("NFC", path.strip("/")).casefold()


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
