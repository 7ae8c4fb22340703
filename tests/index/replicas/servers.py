"""Real servers that a library is published to: moto's of S3, OpenSSH's."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from needed import program


@contextmanager
def object_storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Storage that speaks as S3 does, with the bucket `hospital`; gives its port."""
    port = free_port()
    server = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with running(server, port):
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "tests",
            "AWS_SECRET_ACCESS_KEY": "tests",
            "AWS_DEFAULT_REGION": "us-east-1",
        }.items():
            monkeypatch.setenv(name, value)
        import s3fs

        s3fs.S3FileSystem(skip_instance_cache=True).mkdir("hospital")
        yield port


@contextmanager
def ssh_server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server that lets in whoever has the key in `folder`; gives its port."""
    sshd = program("sshd", package="openssh-server")
    port = free_port()
    with running([sshd, "-D", "-e", "-f", str(_sshd_settings(folder, port))], port):
        (folder / "home").mkdir()
        (folder / "home" / ".ssh").mkdir(mode=0o700)
        shutil.copy(folder / "user_key", folder / "home" / ".ssh" / "id_ed25519")
        monkeypatch.setenv("HOME", str(folder / "home"))
        yield port


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
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
