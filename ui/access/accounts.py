"""Who runs a command on a home whose people sign in: an account of the system, with the roles and
groups that the settings give it.

The files of the home are what keeps other accounts out. Who can read them can read the library,
whatever a command says; what is refused here is what an account was let in for something else for.
"""

from __future__ import annotations

import getpass
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from corpus.errors import CodedeskError
from ui.access.roles import Role

if TYPE_CHECKING:
    from pathlib import Path

    from ui.access.caller import Caller
    from ui.state.serving import SignIn

_GROUP = "@"  # before the name of a group of the system


class NoRole(CodedeskError):
    """The account that runs this may do nothing in this home."""


def account() -> str:
    """The one that runs this process, as the system tells it and not as its environment says; where
    nobody signs in, nobody else is known."""
    if sys.platform != "win32":
        return _name_of(os.geteuid())
    with suppress(KeyError, OSError, ImportError):
        return getpass.getuser()
    return "unknown"


def caller_here(home: Path, sign_in: SignIn | None) -> Caller:
    """Whoever can run a command may do everything where nobody signs in, and on Windows, where a
    folder's own list says who may. Raises NoRole."""
    from ui.access.caller import ANYONE_HERE, Caller

    if sign_in is None or sys.platform == "win32":
        return ANYONE_HERE
    name = account()
    names = {name, *_groups()}
    is_owner = _owner(home) == os.geteuid()
    roles = tuple(role for role in Role if names.intersection(sign_in.accounts.get(role, ())))
    if is_owner and not _is_named(name, sign_in.accounts.values()):
        roles = (Role.ADMIN,)
    if not roles:
        raise NoRole(
            f"The account {name} has no role here: people sign in to this library. Name it, or a "
            f"group of the system as {_GROUP}GROUP, under [sign_in.accounts] in "
            f"{home / 'settings.toml'}, or run the command as {_name_of(_owner(home))}, whose home "
            "this is."
        )
    groups = tuple(group for group, of in sign_in.account_groups.items() if names.intersection(of))
    everything = is_owner and Role.ADMIN in roles
    return Caller(name, roles, groups, f"account {name}", everything=everything)


def _is_named(name: str, lists: object) -> bool:
    return any(name in one for one in lists)  # type: ignore[attr-defined]


def _owner(home: Path) -> int:
    return home.stat().st_uid


def _name_of(user: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:  # in a container accounts need no name
        return str(user)


def _groups() -> set[str]:
    """The groups that this process has, as the settings name them."""
    import grp

    found = set()
    for number in {os.getegid(), *os.getgroups()}:
        with suppress(KeyError):
            found.add(f"{_GROUP}{grp.getgrgid(number).gr_name}")
    return found
