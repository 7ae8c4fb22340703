"""A small library, read by the real model, and a real server with a real browser before it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from needed import lacking

from index.home import Home
from ui.state.records import Records

sys.path.insert(0, str(Path(__file__).resolve().parent))  # for the modules beside this one

from postgres import PostgreSQL, start_postgresql
from small_library import (
    GAP,
    GOLDEN,
    HOSTILE,
    POLICY,
    RETIRED,
    SENTENCE,
    checklist_docx,
    make_home,
    units_pdf,
)

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small library's files."""
    folder = tmp_path_factory.mktemp("documents")
    (folder / "lakeside.md").write_text(POLICY, "utf-8")
    (folder / "hillcrest.md").write_text(RETIRED, "utf-8")
    (folder / "mue.md").write_text(GAP, "utf-8")
    (folder / "zebra<b>x.md").write_text(HOSTILE, "utf-8")
    (folder / "units.pdf").write_bytes(units_pdf())
    (folder / "checklist.docx").write_bytes(checklist_docx())
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing follows")
    return folder


@pytest.fixture(scope="session")
def read_home(tmp_path_factory: pytest.TempPathFactory, models: Path, documents: Path) -> Path:
    """A home to read from; tests that change one take `home`."""
    return make_home(tmp_path_factory.mktemp("home") / "desk", models, documents)


@pytest.fixture
def home(read_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own, already synced."""
    path = tmp_path / "desk"
    # What others asked of the shared home is none of the test's business.
    shutil.copytree(
        read_home, path, symlinks=True, ignore=shutil.ignore_patterns("desk.sqlite3*", "jobs")
    )
    monkeypatch.setenv("CODEDESK_HOME", str(path))
    assert Home(path).current() == 1
    return path


@pytest.fixture
def shared_home(read_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home that tests only look at: its desk is opened once for all of them."""
    monkeypatch.setenv("CODEDESK_HOME", str(read_home))
    Records(read_home).forget_questions()
    return read_home


@pytest.fixture
def empty_home(tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which nothing was ever read."""
    path = tmp_path / "empty"
    path.mkdir()
    (path / "models").symlink_to(models, target_is_directory=True)
    monkeypatch.setenv("CODEDESK_HOME", str(path))
    return path


class Server:
    """The pages, served by the real command in a process of its own."""

    def __init__(
        self, home: Path, *, cwd: Path, port: int | None = None, sign_in: bool = False
    ) -> None:
        if port is None:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
        self.home = home
        self.port = port
        self.address = f"http://127.0.0.1:{port}"
        self.log = cwd / "server.log"
        self._log = self.log.open("wb")
        self._asks = "settings.sign_in" if sign_in else "None"
        self.start()

    def start(self) -> None:
        """Start it, anew too, at the same address."""
        start = (
            "from ui.state.settings import read_settings; from ui.server.serve import serve; "
            f"settings = read_settings(); serve({self.port}, settings, sign_in={self._asks})"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", start],
            cwd=self.log.parent,
            env={**os.environ, "CODEDESK_HOME": str(self.home)},
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def _wait(self) -> None:
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=1):
                    return
            except OSError:
                assert self.process.poll() is None, "the server did not start; see server.log"
                time.sleep(0.1)
        raise AssertionError("the server did not answer within 30 s")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        self._log.close()


@pytest.fixture(scope="session")
def server(read_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Served from an empty folder: no option may depend on where the command was started."""
    running = Server(read_home, cwd=tmp_path_factory.mktemp("elsewhere"))
    yield running
    running.stop()


@pytest.fixture
def own_server(tmp_path: Path, models: Path, documents: Path) -> Iterator[Server]:
    """A server on a home that the test may change and sync: it knows its folder by its path.
    Its one golden question is answered by units.pdf as it is."""
    path = make_home(tmp_path / "own", models, documents)
    golden = {"id": "1", "question": GOLDEN, "kind": "rule", "document": "units.pdf"}
    golden["quote"] = SENTENCE
    (path / "questions.jsonl").write_text(json.dumps(golden) + "\n", "utf-8")
    running = Server(path, cwd=tmp_path)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def server_of() -> type[Server]:
    """For a home that several tests share."""
    return Server


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Callable[[Path], Server]]:
    """Starts servers, each on a home that the test has prepared."""
    running: list[Server] = []

    def start(home: Path) -> Server:
        running.append(Server(home, cwd=tmp_path))
        return running[-1]

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def empty_server(empty_home: Path, tmp_path: Path) -> Iterator[Server]:
    running = Server(empty_home, cwd=tmp_path)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A real browser. Where there is none the tests are skipped, but not in CI."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or CHROMIUM
    if not Path(path).exists():
        lacking("Chromium", "install Debian's package `chromium`")
    from playwright.sync_api import expect, sync_playwright

    # What is drawn of a page before stands until the page's run ends.
    expect.set_options(timeout=20_000)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Open an address in a fresh profile; the page keeps a list of what it requested elsewhere."""
    contexts = []

    def open_page(
        address: str, *, width: int = 1280, height: int = 900, theme: str = "light"
    ) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,
            permissions=["clipboard-read", "clipboard-write"],
            accept_downloads=True,
            # Playwright waits by evaluating strings, which the pages' policy forbids; under it they
            # are looked at in server/test_headers.py, and nothing here leans on it.
            bypass_csp=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        own = "/".join(address.split("/")[:3])
        page.elsewhere = []
        page.errors = []
        page.on(
            "request",
            lambda sent: (
                None
                if sent.url.startswith((own, own.replace("http", "ws"), "data:", "blob:"))
                else page.elsewhere.append(sent.url)
            ),
        )
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A real PostgreSQL."""
    running = start_postgresql()
    yield running
    running.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def keeper(request: pytest.FixtureRequest, tmp_path: Path) -> Keeper:
    """A home whose records lie in one of the two databases."""
    folder = tmp_path / "kept"
    folder.mkdir()
    if request.param == "sqlite":
        return Keeper(folder, None, None)
    server = request.getfixturevalue("postgresql")
    address = server.database()
    (folder / "settings.toml").write_text(server.settings(address), "utf-8")
    return Keeper(folder, server, address)


@pytest.fixture
def kept(keeper: Keeper) -> Path:
    """That home."""
    return keeper.home


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest, home: Path) -> None:
    """The test's synced home keeps its records in one of the two databases."""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        told = server.settings(server.database())
        settings = home / "settings.toml"
        before = settings.read_text("utf-8") if settings.is_file() else ""
        settings.write_text(told + before, "utf-8")


class Keeper:
    """A home, and how somebody who has the password writes to its records past Codedesk."""

    def __init__(self, home: Path, server: PostgreSQL | None, address: str | None) -> None:
        self.home = home
        self.server = server
        self.address = address

    def run(self, sql: str) -> list[Any]:
        if self.server is not None and self.address is not None:
            return self.server.run(sql, database=self.address.rpartition("/")[2])
        with closing(sqlite3.connect(self.home / "desk.sqlite3")) as connection:
            rows = connection.execute(sql).fetchall()
            connection.commit()
            return rows
