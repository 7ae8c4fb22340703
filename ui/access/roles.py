"""What each role may do: one table, for the pages, the API, the MCP server and the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from corpus.errors import CodedeskError

if TYPE_CHECKING:
    from ui.access.caller import Caller


class Role(StrEnum):
    """Each may do what the ones before it may."""

    READER = "reader"
    ANALYST = "analyst"
    MAINTAINER = "maintainer"
    ADMIN = "admin"


class Act(StrEnum):
    """What can be done, in words that follow “you may not”."""

    ASK = "ask the library"
    READ = "read documents"
    RATE = "rate answers"
    LIST = "search and list whole codes and payers"
    EXPORT = "export what was found"
    WATCH = "look at figures of the server"
    UPLOAD = "add, replace or remove documents"
    EDIT = "change what is known about documents"
    SYNC = "bring the index up to date"
    PUBLISH = "let another generation answer"
    EVALUATE = "ask the golden questions"
    REVIEW = "see what others asked"
    AUDIT = "read the audit log"
    KEEP = "make backups and put them back"
    SERVE = "run the server, and keep its tokens and records"


_TABLE: Mapping[Role, tuple[Act, ...]] = {
    Role.READER: (Act.ASK, Act.READ, Act.RATE),
    Role.ANALYST: (Act.LIST, Act.EXPORT),
    Role.MAINTAINER: (
        *(Act.WATCH, Act.UPLOAD, Act.EDIT, Act.SYNC, Act.PUBLISH, Act.EVALUATE, Act.REVIEW),
    ),
    Role.ADMIN: (Act.AUDIT, Act.KEEP, Act.SERVE),  # a backup holds all records
}
_RANKS = tuple(Role)


class Forbidden(CodedeskError):
    """The caller's roles do not allow it."""


def may(roles: Iterable[Role], act: Act) -> bool:
    """Whether any of these roles, or one below it, allows this."""
    return any(act in _TABLE[below] for role in roles for below in _RANKS[: _RANKS.index(role) + 1])


def least(act: Act) -> Role:
    """The first role that may do it."""
    return next(role for role in _RANKS if act in _TABLE[role])


def require(caller: Caller, act: Act) -> None:
    """Raises Forbidden where the caller may not do it."""
    if not caller.may(act):
        article = "an" if least(act)[0] in "aeiou" else "a"
        raise Forbidden(
            f"You may not {act.value}: that takes the role of {article} {least(act).value}. Ask "
            "an admin of this server for it."
        )
