"""What every room's tests share: a home, the model converted once, the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import settings

from index.model.embedder import Embedder
from index.model.source import ConvertedModel, converted_model

sys.path.insert(0, str(Path(__file__).resolve().parent))  # for trust_table.py beside the tests
from trust_table import (  # noqa: F401 - fixtures and hooks that pytest finds here
    figures,
    pytest_addoption,
    pytest_configure,
    pytest_itemcollected,
    pytest_terminal_summary,
    tried,
)

# A busy machine is no failure: no example is timed.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """A command that runs in the tests' process makes its files its owner's alone; what the next
    test makes is not to be."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(scope="session")
def models(request: pytest.FixtureRequest) -> Path:
    """The folder of converted models. The conversion takes seconds: it is made once for all test
    processes, and kept between runs. Its files are compared with their sums before they are used.
    """
    folder = Path(request.config.cache.mkdir("codedesk-models"))
    with FileLock(folder.with_suffix(".lock")):
        converted_model(folder)
    return folder


@pytest.fixture(scope="session")
def model(models: Path) -> ConvertedModel:
    """The real model, converted."""
    return converted_model(models)


@pytest.fixture(scope="session")
def embedder(model: ConvertedModel) -> Embedder:
    return Embedder(model, threads=1)


@pytest.fixture
def home(tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty `$CODEDESK_HOME` that already knows the converted model."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    (folder / "models").symlink_to(models, target_is_directory=True)
    monkeypatch.setenv("CODEDESK_HOME", str(folder))
    return folder


@pytest.fixture
def codedesk(home: Path) -> Command:
    """Runs the command in a process of its own, as a user does."""

    def run(
        *arguments: str, cwd: Path | None = None, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ui.cli", *arguments],
            env={**os.environ, "CODEDESK_HOME": str(home), **(environment or {})},
            cwd=cwd or Path("/"),
            encoding="utf-8",
            capture_output=True,
            timeout=300,
        )

    return run


@pytest.fixture
def write() -> Callable[[Path, str], Path]:
    """Writes a text file, its folders included."""

    def written(path: Path, text: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    return written


def loads(result: subprocess.CompletedProcess[str]) -> Any:
    """The JSON that a command printed; its errors, where it printed none."""
    assert result.stdout, result.stderr
    return json.loads(result.stdout)
