"""The places that a library is published to: object storage, a server reached by SSH, an address
that leads nowhere. Real servers: moto's of S3, OpenSSH's."""

from __future__ import annotations

import getpass
import os
import subprocess
import sys
from pathlib import Path

import pytest
from servers import object_storage, ssh_server

from index.home import Home
from index.opening import open_last_good
from index.replicas.store import Store, Unreachable, shown

TEXT = "Alder Health Plan covers patch tests twice a year."


def test_object_storage_is_published_to_and_followed(
    tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with object_storage(monkeypatch):
        _goes_there_and_back("s3://hospital/library", tmp_path, models)


def test_a_server_is_published_to_over_ssh_and_followed(
    tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ssh_server(tmp_path, monkeypatch) as port:
        place = f"sftp://{getpass.getuser()}@127.0.0.1:{port}{tmp_path}/place"
        _goes_there_and_back(place, tmp_path, models)


def test_a_place_that_does_not_answer_is_said_so(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("no folder", "utf-8")
    with pytest.raises(Unreachable, match="cannot be reached"):
        Store(str(file / "library")).write("LATEST", b"x")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sftp://ana:secret@files.example/library", "sftp://ana@files.example/library"),
        ("s3://hospital/library?key=secret", "s3://hospital/library"),
        ("/srv/library", "/srv/library"),
    ],
)
def test_no_secret_of_an_address_is_shown(url: str, said: str) -> None:
    assert shown(url) == said


def _goes_there_and_back(url: str, folder: Path, models: Path) -> None:
    publisher, follower = folder / "publisher", folder / "follower"
    for home in (publisher, follower):
        home.mkdir(mode=0o700)
        (home / "models").symlink_to(models, target_is_directory=True)
    (publisher / "library").mkdir()
    (publisher / "library" / "patch.md").write_text(f"# Patch tests\n\n{TEXT}\n", "utf-8")
    _does(publisher, "sync", str(publisher / "library"))
    for _ in range(2):  # the second time nothing is to be done
        _does(publisher, "publish", "--to", url)
        _does(follower, "follow", url, "--once")
    with open_last_good(Home(follower)) as library:
        assert any(TEXT in library.text(version) for version in library.versions)
    assert len(Store(url).sizes("states")) == 1


def _does(home: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli", *arguments],
        env={**os.environ, "CODEDESK_HOME": str(home)},
        cwd="/",
        encoding="utf-8",
        capture_output=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
