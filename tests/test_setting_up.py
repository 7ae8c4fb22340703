"""`.ci/torch` takes the build of torch that fits the machine, with a real pip and small indexes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import venv
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
VERSION = next(
    line.removeprefix("torch==")
    for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    if line.startswith("torch==")
)
_CLOSED = "http://127.0.0.1:9"  # the port of "discard", where nothing listens
Install = Callable[..., tuple[str, str]]
pytestmark = [
    pytest.mark.xdist_group("setting-up"),  # one process: the environment is made once
    pytest.mark.skipif(sys.platform != "linux", reason="only on Linux there is a choice"),
]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the tests' output is theirs."""


def _wheel(folder: Path, version: str) -> None:
    folder.mkdir(parents=True)
    info = f"torch-{version}.dist-info"
    with zipfile.ZipFile(folder / f"torch-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: torch\nVersion: {version}\n"
        )
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of two indexes: `usual`, as PyPI is, and `processor`, as PyTorch's own is."""
    folder = tmp_path_factory.mktemp("indexes")
    _wheel(folder / "usual" / "torch", VERSION)
    _wheel(folder / "processor" / "torch", f"{VERSION}+cpu")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True, symlinks=True)
    return folder / "bin" / "python"


@pytest.fixture
def install(python: Path, indexes: str, tmp_path: Path) -> Install:
    """Runs the script where there is no torch; gives what it said and which torch is there then."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    environment = {
        **kept,
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": f"{indexes}/usual",
        "PIP_NO_CACHE_DIR": "1",
        "no_proxy": "127.0.0.1",
    }
    pip = [str(python), "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "uninstall", "-y", "-q", "torch"], env=environment, check=True)

    def run(processor_index: str, *, torch_index: str = "") -> tuple[str, str]:
        told = subprocess.run(
            [str(ROOT / ".ci" / "torch"), str(python), processor_index],
            env={**environment, "TORCH_INDEX": torch_index},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        shown = subprocess.run(
            [*pip, "list", "--format=freeze"], env=environment, capture_output=True, text=True
        )
        (torch,) = (line for line in shown.stdout.splitlines() if line.startswith("torch=="))
        return told.stdout, torch.removeprefix("torch==")

    return run


@pytest.fixture
def no_card() -> None:
    there = any(Path("/dev").glob("nvidia[0-9]*"))
    if there or subprocess.run(["sh", "-c", "nvidia-smi"], capture_output=True).returncode == 0:
        pytest.skip("this machine has an NVIDIA card")


@pytest.mark.usefixtures("no_card")
def test_without_a_card_the_build_for_the_processor_is_taken(
    install: Install, indexes: str
) -> None:
    told, torch = install(f"{indexes}/processor")
    assert torch == f"{VERSION}+cpu"
    assert "no NVIDIA card" in told


@pytest.mark.usefixtures("no_card")
def test_where_that_index_cannot_be_reached_the_usual_one_is_and_it_says_so(
    install: Install,
) -> None:
    told, torch = install(_CLOSED)
    assert torch == VERSION
    assert f"{_CLOSED} cannot be reached" in told
    assert len(told.splitlines()) == 1


def test_with_a_card_the_build_with_cuda_is_taken(
    install: Install, indexes: str, tmp_path: Path
) -> None:
    answering = tmp_path / "nvidia-smi"
    answering.write_text("#!/bin/sh\n")
    answering.chmod(0o755)
    told, torch = install(f"{indexes}/processor")
    assert torch == VERSION
    assert "an NVIDIA card was found" in told


def test_an_index_that_is_named_goes_before_all(install: Install, indexes: str) -> None:
    _, torch = install(_CLOSED, torch_index=f"{indexes}/processor")
    assert torch == f"{VERSION}+cpu"


def test_an_installed_torch_stays_and_nothing_is_fetched(install: Install, indexes: str) -> None:
    install(_CLOSED, torch_index=f"{indexes}/processor")
    assert install(_CLOSED, torch_index=_CLOSED) == ("", f"{VERSION}+cpu")
