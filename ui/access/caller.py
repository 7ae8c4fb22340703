"""Who asks. Every face finds it out in its own way and hands it down."""

from __future__ import annotations

from dataclasses import dataclass

from ui.access.roles import Act, Role, may


@dataclass(frozen=True, slots=True)
class Caller:
    """A person or program by its name, with the roles that it has and the groups it belongs to.
    `subject` is what the provider knows a person by; names may change."""

    name: str
    roles: tuple[Role, ...] = ()
    groups: tuple[str, ...] = ()
    subject: str = ""

    def may(self, act: Act) -> bool:
        return may(self.roles, act)


# Without sign-in there is one caller: whoever can reach the server. So is the command line, which
# reads and writes the files themselves.
ANYONE_HERE = Caller("this machine", (Role.ADMIN,))
