"""What tests need that not every machine has. Without it they are skipped, but never in CI: there
they fail, so that a test which always ran is not lost unnoticed."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from typing import NoReturn

import pytest

from corpus.readers.scans.models import INSTALL, recogniser

_PROGRAMS = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))


def lacking(what: str, remedy: str) -> NoReturn:
    """Ends a test that cannot be run here."""
    if os.environ.get("CI"):
        pytest.fail(f"CI must have {what}: {remedy}.")
    pytest.skip(f"No {what} on this machine: {remedy}.")


def program(name: str, *, package: str) -> str:
    """The path of a program of Debian's."""
    found = shutil.which(name, path=_PROGRAMS)
    return found or lacking(name, f"install Debian's package `{package}`")


# A recogniser of scans is installed with what the tests need: in CI they fail without it.
needs_recogniser = pytest.mark.skipif(not (os.environ.get("CI") or recogniser()), reason=INSTALL)


def module(name: str, *, extra: str) -> None:
    """A module that only an extra of Codedesk's brings."""
    if find_spec(name) is None:
        lacking(name, f"install `codedesk[{extra}]`")
