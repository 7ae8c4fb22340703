"""What a machine lacks is a test's failure in CI, and elsewhere a reason to skip it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from needed import lacking, module, program

LACKING = [
    pytest.param(lambda: program("no-such-program", package="no-such"), id="program"),
    pytest.param(lambda: module("no_such_module", extra="no-such"), id="module"),
    pytest.param(lambda: lacking("no-such", "install it"), id="other"),
]


@pytest.mark.parametrize("look", LACKING)
def test_what_is_lacking_in_ci_is_a_failure(
    look: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"CI must have no.such.*: install"):
        look()


@pytest.mark.parametrize("look", LACKING)
def test_what_is_lacking_elsewhere_skips_the_test(
    look: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"No no.such.*: install"):
        look()


def test_what_is_here_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert program("sh", package="dash").endswith("/sh")
    module("pytest", extra="dev")
