"""What a home that follows a published library knows of it: `following.json`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from index.errors import IndexProblem
from index.home import Home
from index.home.durable import write_durably

NOTE = "following.json"


@dataclass(frozen=True, slots=True)
class Following:
    """Where from; which generation answers here and which one there; when the other side was last
    reached, and what went wrong since then ('' for nothing). Times in UTC, ISO 8601."""

    url: str
    generation: int | None = None
    latest: int | None = None
    published: str = ""
    reached: str = ""
    problem: str = ""

    @property
    def behind(self) -> bool:
        """Whether there is another state than the one that answers here, as far as is known."""
        return self.latest is not None and self.latest != self.generation


def following(home: Home) -> Following | None:
    """None for a home that follows nobody, or whose note cannot be read: it is written anew."""
    try:
        return Following(**json.loads((home.path / NOTE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def note(home: Home, known: Following, *, reached: bool = False, problem: str = "") -> Following:
    """Write down what is known now."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    known = replace(known, problem=problem, reached=now if reached else known.reached)
    write_durably(home.path / NOTE, json.dumps(asdict(known), indent=1).encode())
    return known


def stop_following(home: Home) -> None:
    """Let the home be its own again; what answers stays."""
    with home.writing():
        (home.path / NOTE).unlink(missing_ok=True)


def must_not_follow(home: Home) -> None:
    """Raises IndexProblem where the home follows another: its index is made there."""
    if (home.path / NOTE).exists():
        known = following(home)
        raise IndexProblem(
            f"This home follows {known.url if known else 'another'}: its library is made there. "
            "Sync there, or end it with `codedesk follow --stop`."
        )
