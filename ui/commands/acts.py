"""What each command does, by the one table of roles. Before a command runs in a home whose people
sign in, it is looked at whether the account that runs it may do that. A home without sign-in asks
for nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

import typer

from ui.access.roles import Act


@dataclass(frozen=True, slots=True)
class Needs:
    """What a command does. `whole`: with all documents at once, so that it is for who sees them
    all. `reads`: what is asked is noted of who does not."""

    act: Act
    whole: bool = False
    reads: bool = False


_KEEPS = Needs(Act.SERVE, whole=True)  # so does a command that nobody thought of here
NEEDS: Mapping[str, Needs | None] = {
    "ask": Needs(Act.ASK, reads=True),
    "search": Needs(Act.LIST, reads=True),
    "show": Needs(Act.READ, reads=True),
    "code": Needs(Act.LIST, reads=True),
    "diff": Needs(Act.LIST, reads=True),
    "changes": Needs(Act.LIST, reads=True),
    "matrix": Needs(Act.LIST, reads=True),
    "status": Needs(Act.READ),
    "sync": Needs(Act.SYNC),
    "forget": Needs(Act.SYNC, whole=True),
    "generations": Needs(Act.WATCH),
    "rollback": Needs(Act.PUBLISH),
    "publish": Needs(Act.PUBLISH, whole=True),
    "follow": Needs(Act.PUBLISH, whole=True),
    "metadata export": Needs(Act.EDIT, reads=True),
    "metadata import": Needs(Act.EDIT),
    "metadata log": Needs(Act.EDIT, whole=True),
    "metadata undo": Needs(Act.EDIT, whole=True),
    "editions": Needs(Act.EDIT),
    "groups list": Needs(Act.EDIT),
    "groups set": Needs(Act.EDIT),
    "eval": Needs(Act.EVALUATE),
    "bench": None,  # of a set of its own, in a home of its own
    "doctor": Needs(Act.WATCH),
    "backup": Needs(Act.KEEP, whole=True),
    "restore": Needs(Act.KEEP, whole=True),
    "alerts": Needs(Act.REVIEW, whole=True),
    "audit verify": Needs(Act.AUDIT),
    "audit export": Needs(Act.AUDIT, whole=True),
    "cluster plan": None,  # a calculation
    "cluster status": Needs(Act.WATCH),
    "mcp": Needs(Act.ASK),
    "ui": _KEEPS,
    "serve": Needs(Act.SERVE),  # who signs in is looked at there
    "tokens list": _KEEPS,
    "tokens revoke": _KEEPS,
    "records move": _KEEPS,
}


def guard(app: typer.Typer, before: str = "") -> None:
    """Let every command of the app ask first."""
    for command in app.registered_commands:
        if command.callback is not None:
            name = command.name or command.callback.__name__.replace("_", "-")
            command.callback = _asking(command.callback, f"{before}{name}")
    for group in app.registered_groups:
        if group.typer_instance is not None:
            guard(group.typer_instance, f"{before}{group.name} ")


def _asking(run: Callable[..., Any], name: str) -> Callable[..., Any]:
    needs = NEEDS.get(name, _KEEPS)
    if needs is None:
        return run

    @wraps(run)
    def asked(*given: Any, **named: Any) -> Any:
        from ui.commands.shared import allow

        allow(needs.act, whole=needs.whole)
        if needs.reads:
            _note(name, named)
        return run(*given, **named)

    return asked


def _note(name: str, named: Mapping[str, Any]) -> None:
    from ui.commands.shared import note_reading

    said = {option: one for option, one in named.items() if one not in (None, False, [], ())}
    note_reading(name, said)
