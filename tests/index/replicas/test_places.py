"""The places that a library is published to: object storage, a server reached by SSH, an address
that leads nowhere. Real servers: moto's of S3, OpenSSH's."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from index.home import Home
from index.opening import open_last_good
from index.replicas.store import Store, Unreachable, shown

TEXT = "Alder Health Plan covers patch tests twice a year."
_SSHD = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/usr/bin")


def test_object_storage_is_published_to_and_followed(
    tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = _free_port()
    server = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with _running(server, port):
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "tests",
            "AWS_SECRET_ACCESS_KEY": "tests",
            "AWS_DEFAULT_REGION": "us-east-1",
        }.items():
            monkeypatch.setenv(name, value)
        import s3fs

        s3fs.S3FileSystem().mkdir("hospital")
        _goes_there_and_back("s3://hospital/library", tmp_path, models)


@pytest.mark.skipif(_SSHD is None, reason="no OpenSSH server on this machine")
def test_a_server_is_published_to_over_ssh_and_followed(
    tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = _free_port()
    with _running([str(_SSHD), "-D", "-e", "-f", str(_sshd_settings(tmp_path, port))], port):
        (tmp_path / "home").mkdir()
        (tmp_path / "home" / ".ssh").mkdir(mode=0o700)
        shutil.copy(tmp_path / "user_key", tmp_path / "home" / ".ssh" / "id_ed25519")
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
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


def _free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    """A server that runs until the block ends."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:
        try:
            _wait_for(port)
            yield
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    for _ in range(600):
        with closing(socket.socket()) as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not come up")


def _sshd_settings(folder: Path, port: int) -> Path:
    for name in ("host_key", "user_key"):
        path = str(folder / name)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    (folder / "authorized").write_bytes((folder / "user_key.pub").read_bytes())
    Path("/run/sshd").mkdir(exist_ok=True)  # where it parts its privileges
    settings = folder / "sshd_config"
    settings.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host_key\n"
        f"AuthorizedKeysFile {folder}/authorized\nStrictModes no\nPermitRootLogin yes\n"
        f"PidFile {folder}/sshd.pid\nSubsystem sftp internal-sftp\nUsePAM no\n",
        "utf-8",
    )
    return settings
