"""The whole way with every connection refused, and nothing that others may read."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ui.state.records import Records

ROOT = Path(__file__).resolve().parent.parent
Command = Callable[..., subprocess.CompletedProcess[str]]

_REFUSING = """
import os, socket, sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        with open(os.environ["CODEDESK_TEST_TRIED"], "a") as file:
            file.write(f"{event} {arguments[1:]}\\n")
        raise OSError("no connection leaves this machine")

sys.addaudithook(refuse)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "policies"
    root.mkdir()
    (root / "cryo.md").write_text("# Cryoablation\n\nBill 0581T once per breast.\n")
    return root


def _whole_way(folder: Path, backup: Path) -> Sequence[tuple[tuple[str, ...], int]]:
    return (
        (("sync", str(folder)), 0),
        (("ask", "How often is 0581T billed per breast?", "--json"), 0),
        (("search", "breast", "--mode", "hybrid"), 0),
        (("code", "0581T"), 0),
        (("status",), 0),
        (("doctor",), 0),
        (("backup", str(backup)), 0),
        (("restore", str(backup)), 0),
    )


@pytest.mark.trust(25)
def test_the_whole_way_tries_no_connection_and_converts_its_model_by_itself(
    codedesk: Command, folder: Path, tmp_path: Path, home: Path
) -> None:
    (home / "models").unlink()  # made again here: that too must ask nobody
    refusing = tmp_path / "refusing"
    refusing.mkdir()
    (refusing / "sitecustomize.py").write_text(_REFUSING)
    tried = tmp_path / "tried"
    environment = {"PYTHONPATH": str(refusing), "CODEDESK_TEST_TRIED": str(tried)}
    probe = "import socket; socket.create_connection(('127.0.0.1', 9))"
    seen = subprocess.run(
        [sys.executable, "-c", probe], env={**os.environ, **environment}, capture_output=True
    )
    assert b"no connection leaves" in seen.stderr  # the refusal itself works
    tried.unlink()
    for arguments, code in _whole_way(folder, tmp_path / "b.tar"):
        done = codedesk(*arguments, environment=environment)
        assert done.returncode == code, (arguments, done.stderr)
    assert not tried.exists(), tried.read_text()


@pytest.mark.trust(25)
@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs Linux's unshare")
def test_the_whole_way_needs_no_network_at_all(folder: Path, tmp_path: Path, home: Path) -> None:
    alone = ["unshare", "-rn"]
    if subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("leaving the network is not allowed here")
    for arguments, code in _whole_way(folder, tmp_path / "b.tar"):
        done = subprocess.run(
            [*alone, sys.executable, "-m", "ui.cli", *arguments],
            env={**os.environ, "CODEDESK_HOME": str(home)},
            cwd="/",
            capture_output=True,
            encoding="utf-8",
        )
        assert done.returncode == code, (arguments, done.stderr)


@pytest.mark.trust(22)
@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a user's folders apart by itself")
def test_whatever_is_written_is_its_owners_alone(
    codedesk: Command, folder: Path, tmp_path: Path, home: Path
) -> None:
    before = os.umask(0o000)  # the worst that a user may have set
    try:
        for arguments, code in _whole_way(folder, tmp_path / "b.tar"):
            done = codedesk(*arguments)
            assert done.returncode == code, (arguments, done.stderr)
        records = Records(home)
        records.audit("test")
        left = [home, tmp_path / "b.tar", *home.rglob("*")]
        opened = [
            str(path)
            for path in left
            if not path.is_symlink() and stat.S_IMODE(path.stat().st_mode) & 0o077
        ]
        records.close()
    finally:
        os.umask(before)
    assert opened == []


@pytest.mark.trust(25)
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_the_kernel_sees_no_connection_to_anywhere(
    folder: Path, tmp_path: Path, home: Path, figures: Counter[str]
) -> None:
    """Libraries of C connect without Python hearing of it; the kernel hears of all."""
    for arguments, code in _whole_way(folder, tmp_path / "b.tar")[:3]:
        log = tmp_path / "trace"
        traced = ["strace", "-f", "-e", "trace=connect,sendto", "-o", str(log)]
        done = subprocess.run(
            [*traced, sys.executable, "-m", "ui.cli", *arguments],
            env={**os.environ, "CODEDESK_HOME": str(home)},
            cwd="/",
            capture_output=True,
            encoding="utf-8",
        )
        if "ptrace" in done.stderr:
            pytest.skip("tracing is not allowed here")
        assert done.returncode == code, done.stderr
        reached = [
            line for line in log.read_text().splitlines() if "sin_" in line or "sin6" in line
        ]
        figures["connections that the kernel saw"] += len(reached)
        assert reached == []


def _pinned() -> dict[str, tuple[int, ...]]:
    """Every package of the lock file with its version, as far as that is of numbers."""
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    found = (re.match(r"([A-Za-z0-9_.-]+)==(\d+(?:\.\d+)*)", line) for line in lines)
    return {m[1].lower(): tuple(map(int, m[2].split("."))) for m in found if m}


@pytest.mark.trust(25)
@pytest.mark.parametrize(
    ("package", "least", "hole"),
    [
        ("pypdf", (7, 1), "CVE-2026-119208 and those of 7.0.0"),
        ("streamlit", (1, 54), "CVE-2026-33682, CVE-2024-42474, CVE-2022-35918"),
        ("torch", (2, 6), "CVE-2025-32434"),
        ("lxml", (5,), "entities are not resolved"),
        ("faiss-cpu", (1, 15), "an index that crashes its search"),
    ],
)
def test_no_pinned_package_has_a_hole_that_is_known_here(
    package: str, least: tuple[int, ...], hole: str
) -> None:
    assert _pinned()[package] >= least, hole


@pytest.mark.trust(25)
def test_no_package_that_unpickles_or_phones_home_is_pinned() -> None:
    banned = {"chromadb", "langchain", "langchain-community", "llama-index", "joblib-stubs"}
    assert not banned & set(_pinned())
