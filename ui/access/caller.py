"""Who asks. Every face finds it out in its own way and hands it down."""

from __future__ import annotations

from dataclasses import dataclass

from index.audience.sight import EVERYTHING, Sight
from ui.access.roles import Act, Role, may


@dataclass(frozen=True, slots=True)
class Caller:
    """A person or program by its name, with the roles that it has and the groups it belongs to.
    `subject` is what the provider knows a person by; names may change. `everything`: the caller can
    read the home's files, so no document is hidden from them."""

    name: str
    roles: tuple[Role, ...] = ()
    groups: tuple[str, ...] = ()
    subject: str = ""
    everything: bool = False

    def may(self, act: Act) -> bool:
        return may(self.roles, act)

    @property
    def sight(self) -> Sight:
        """Which documents there are for the caller."""
        return EVERYTHING if self.everything else Sight(frozenset(self.groups))


# Without sign-in there is one caller: whoever can reach the server. So is the command line, which
# reads and writes the files themselves.
ANYONE_HERE = Caller("this machine", (Role.ADMIN,), everything=True)
