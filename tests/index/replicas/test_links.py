"""A link that is slow, breaks or goes silent; a full disk at either end; two publishers at once.
Whatever happens, what answers is whole."""

from __future__ import annotations

import getpass
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from link import Link
from machines import FIRST, SECOND, Machine, bring, machine_at, page_of
from servers import object_storage, ssh_server

from index.home import Home
from index.replicas.publish import latest_at
from index.replicas.published import OBJECTS, object_name, state_of
from index.replicas.store import Store, Unreachable

S3 = "s3://hospital/library"


@pytest.fixture
def link(monkeypatch: pytest.MonkeyPatch) -> Iterator[Link]:
    """A link to a storage that speaks as S3 does."""
    with object_storage(monkeypatch) as port, Link(port) as made:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{made.port}")
        yield made


def test_a_follower_answers_while_it_fetches_over_a_slow_link(
    published: tuple[Machine, Path, Path, Path], follower: Machine, link: Link
) -> None:
    _put(published[2])
    follower.does("follow", S3, "--once")
    _put(published[1])
    link.rate = 50_000
    fetching = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "follow", S3, "--once"],
        env={**os.environ, "CODEDESK_HOME": str(follower.home)},
        cwd="/",
    )
    met = []
    while fetching.poll() is None:
        if list((follower.home / "fetching").glob("*")):
            met.append(follower.text())
        time.sleep(0.05)
    assert fetching.returncode == 0
    assert met.count(page_of(FIRST)) >= 3
    assert set(met) <= {page_of(FIRST), page_of(SECOND)}
    assert follower.text() == page_of(SECOND)


def test_a_link_that_breaks_leaves_the_old_state_and_what_was_fetched(
    published: tuple[Machine, Path, Path, Path], follower: Machine, link: Link
) -> None:
    _put(published[2])
    follower.does("follow", S3, "--once")
    _put(published[1])
    size = sum(path.stat().st_size for path in published[1].rglob("*") if path.is_file())
    link.breaks_after = link.passed + size // 3
    broken = follower.run("follow", S3, "--once")
    assert broken.returncode == 1
    assert "cannot be reached" in broken.stderr
    assert "Traceback" not in broken.stderr
    assert follower.text() == page_of(FIRST)
    assert "cannot be reached" in _following(follower)["problem"]
    link.breaks_after = None
    follower.does("follow", S3, "--once")
    assert follower.state() == published[0].state()
    assert not _following(follower)["problem"]


def test_a_connection_that_broke_is_made_again(
    published: tuple[Machine, Path, Path, Path],
    follower: Machine,
    place: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ssh_server(tmp_path, monkeypatch) as port, Link(port) as link:
        url = f"sftp://{getpass.getuser()}@127.0.0.1:{link.port}{place}"
        command = [sys.executable, "-m", "ui.cli", "follow", url, "--every", "1"]
        environment = {**os.environ, "CODEDESK_HOME": str(follower.home)}
        with subprocess.Popen(command, env=environment, cwd="/") as process:
            try:
                _until(lambda: Home(follower.home).kept() == [1])
                link.breaks_after = 0
                link.break_off()
                _until(lambda: bool(_following(follower)["problem"]))
                assert follower.text() == page_of(FIRST)
                bring(published[1], place)
                link.breaks_after = None
                _until(lambda: follower.text() == page_of(SECOND))
            finally:
                process.kill()


def test_storage_that_goes_silent_is_given_up(link: Link) -> None:
    store = Store(S3, patience=0.5)
    store.write("x", b"x")
    link.silent = True
    with pytest.raises(Unreachable, match="cannot be reached"):
        store.read("x")


def test_a_server_that_goes_silent_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ssh_server(tmp_path, monkeypatch) as port, Link(port) as link:
        url = f"sftp://{getpass.getuser()}@127.0.0.1:{link.port}{tmp_path}/place"
        store = Store(url, patience=0.5)
        store.write("x", b"x")
        link.silent = True
        with pytest.raises(Unreachable, match="cannot be reached"):
            store.read("x")
        with pytest.raises(Unreachable, match="cannot be reached"):
            Store(url, patience=0.5)


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's mounts")
def test_a_followers_full_disk_leaves_the_old_state_and_goes_on_when_there_is_room(
    published: tuple[Machine, Path, Path, Path], models: Path, place: Path, tmp_path: Path
) -> None:
    with _disk(tmp_path / "disk", megabytes=24) as disk:
        follower = machine_at(disk / "home", models)
        follower.does("follow", str(place), "--once")
        bring(published[1], place)
        for leave in (0, 20_000, 60_000, 100_000):
            with _filled(disk, leave=leave):
                done = follower.run("follow", str(place), "--once")
                assert done.returncode == 1, done.stdout
                assert "no space left" in done.stderr.lower()
                assert "Traceback" not in done.stderr
                assert follower.text() == page_of(FIRST)
        follower.does("follow", str(place), "--once")
        assert follower.state() == published[0].state()


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's mounts")
def test_a_full_place_keeps_what_was_published_before(
    published: tuple[Machine, Path, Path, Path], follower: Machine, tmp_path: Path
) -> None:
    with _disk(tmp_path / "disk", megabytes=24) as disk:
        place = shutil.copytree(published[2], disk / "place")
        for leave in (0, 20_000, 60_000):
            with _filled(disk, leave=leave):
                done = published[0].run("publish", "--to", str(place))
                assert done.returncode == 1, done.stdout
                assert "no space left" in done.stderr.lower()
                assert "Traceback" not in done.stderr
            follower.does("follow", str(place), "--once")
            assert follower.text() == page_of(FIRST)
        published[0].does("publish", "--to", str(place))
        follower.does("follow", str(place), "--once")
        assert follower.text() == page_of(SECOND)


def test_of_two_publishers_at_once_a_whole_state_is_followed(
    published: tuple[Machine, Path, Path, Path], follower: Machine, models: Path, tmp_path: Path
) -> None:
    place = tmp_path / "place"
    other = machine_at(tmp_path / "other", models)
    (other.home / "library").mkdir()
    (other.home / "library" / "warts.md").write_text("# Warts\n\nOf another.\n", "utf-8")
    other.does("sync", str(other.home / "library"))
    whole = {page_of(SECOND), page_of("Of another.")}
    publish = ("publish", "--to", str(place), "--take-over")
    with ThreadPoolExecutor() as both:
        for _ in range(4):
            runs = [both.submit(machine.run, *publish) for machine in (published[0], other)]
            for run in runs:
                done = run.result()
                assert done.returncode == 0 or "run the command again" in done.stderr
            follower.does("follow", str(place), "--once")
            assert follower.text() in whole


def test_what_another_publisher_is_sending_is_not_taken_away(
    published: tuple[Machine, Path, Path, Path], place: Path
) -> None:
    machine = published[0]
    machine.does("publish", "--to", str(place))
    store = Store(str(place))
    sent = "ab" * 32
    store.write(object_name(sent), b"sent by another, whose state is not there yet")
    _change(machine, "names.toml")
    machine.does("publish", "--to", str(place))
    assert object_name(sent) in store.sizes(OBJECTS)
    _change(machine, "names.toml")
    machine.does("publish", "--to", str(place))  # by now it would be named: it is left over
    assert object_name(sent) not in store.sizes(OBJECTS)
    latest = latest_at(store)
    assert latest is not None
    state = state_of(str(place), store.read(latest.state), latest)
    assert set(map(object_name, state.objects)) <= set(store.sizes(OBJECTS))
    (machine.home / "names.toml").unlink()


def _put(place: Path) -> None:
    """Let the storage hold what a folder does."""
    store = Store(S3)
    files = [path for path in place.rglob("*") if path.is_file()]
    for path in sorted(files, key=lambda path: path.name == "LATEST"):
        store.write(path.relative_to(place).as_posix(), path.read_bytes())


def _following(machine: Machine) -> dict[str, str]:
    told: dict[str, str] = json.loads((machine.home / "following.json").read_text("utf-8"))
    return told


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def _change(machine: Machine, name: str) -> None:
    """A decision that travels with the generation."""
    path = machine.home / name
    path.write_text((path.read_text("utf-8") if path.exists() else "") + "# seen\n", "utf-8")


@contextmanager
def _disk(folder: Path, *, megabytes: int) -> Iterator[Path]:
    """A small file system of its own; skips where mounting is not allowed."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small file system is not allowed here (it needs root)")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def _filled(disk: Path, *, leave: int) -> Iterator[None]:
    """All space taken but `leave` bytes."""
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(disk).free - leave)
    yield
    ballast.unlink()
