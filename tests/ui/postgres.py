"""A real PostgreSQL, from Debian's package, that the tests start, stop and start again."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

from certificates import make_certificate
from needed import lacking

_BELOW = Path("/usr/lib/postgresql")
_USER = "desk"
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")


class PostgreSQL:
    """One server, with a password that everybody has to say, and a database for every test."""

    def __init__(self, programs: Path, *, tls: bool = False) -> None:
        """`tls`: it has a certificate, for `localhost`, and takes nobody without TLS."""
        self._programs = programs
        self._tls = tls
        self.folder = Path(tempfile.mkdtemp(prefix="codedesk-pg-"))
        self.password = secrets.token_urlsafe(12)
        self.password_file = self.folder / "password"
        self.password_file.write_text(self.password, "utf-8")
        self._numbers = count(1)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        if os.geteuid() == 0:  # which PostgreSQL refuses to run as
            for path in (self.folder, self.password_file):
                shutil.chown(path, *_other_account())
        data = str(self.folder / "data")
        self._run("initdb", "-D", data, "-U", _USER, "-A", "scram-sha-256", "-E", "UTF8",
                  "--locale=C.UTF-8", f"--pwfile={self.password_file}", "--no-sync")  # fmt: skip
        if tls:
            self._take_certificate()
        self.start()

    def _take_certificate(self) -> None:
        self.authority = make_certificate(self.folder / "server", name="localhost")
        self.take_files()
        taken = "hostssl all all 127.0.0.1/32 scram-sha-256\n"
        (self.folder / "data" / "pg_hba.conf").write_text(taken, "utf-8")

    def take_files(self) -> None:
        """Let its certificate belong to the account that it runs as."""
        for file in self.folder.glob("server.*") if os.geteuid() == 0 else ():
            shutil.chown(file, *_other_account())

    def start(self) -> None:
        options = [f"-p {self.port}", "-h 127.0.0.1", f"-k {self.folder}"]
        options += [f"-c {one}" for one in _FAST]
        if self._tls:
            server = self.folder / "server"
            options += [
                "-c ssl=on",
                f"-c ssl_cert_file={server}.crt",
                f"-c ssl_key_file={server}.key",
            ]
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"),
                  "-w", "-o", " ".join(options), "start")  # fmt: skip

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "fast", "-w", "stop")

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"records_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name}", database="postgres")
        return self.address(name)

    def address(self, database: str) -> str:
        return f"postgresql://{_USER}@127.0.0.1:{self.port}/{database}"

    def settings(self, address: str) -> str:
        """What settings.toml says to keep the records there."""
        return f'records = "{address}"\nrecords_password_file = "{self.password_file}"\n'

    def run(self, sql: str, *, database: str) -> list[Any]:
        """What a person does who has the password."""
        from pg8000.dbapi import connect

        connection = connect(
            user=_USER,
            password=self.password,
            host="127.0.0.1",
            port=self.port,
            database=database,
        )
        connection.autocommit = True
        try:
            cursor = connection.cursor()
            cursor.execute(sql)
            return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()

    def _run(self, program: str, *arguments: str) -> None:
        before: list[str] = []
        if os.geteuid() == 0:
            user, group = _other_account()
            before = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"]
        done = subprocess.run(
            [*before, str(self._programs / program), *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # the server keeps it open
            stderr=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            timeout=120,
        )
        log = self.folder / "log"
        said = (done.stderr or b"").decode() or (log.read_text("utf-8") if log.is_file() else "")
        assert done.returncode == 0, said


def _other_account() -> tuple[str, str]:
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return name, str(found.pw_gid) if name == "nobody" else name
    raise AssertionError("there is no account to run PostgreSQL as")


def start_postgresql(*, tls: bool = False) -> PostgreSQL:
    """Skips where it is not installed, but not in CI."""
    found = sorted(_BELOW.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        lacking("PostgreSQL", "install Debian's package `postgresql`")
    return PostgreSQL(found[-1].parent, tls=tls)
