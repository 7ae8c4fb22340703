"""The address of a PostgreSQL that holds the records. Its text never tells the password."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from corpus.errors import CodedeskError

PASSWORD = "CODEDESK_RECORDS_PASSWORD"
_HERE = ("localhost", "127.0.0.1", "::1")
_TLS = ("verify-full", "require", "disable")
_WRITTEN = "Write it as postgresql://USER@HOST/DATABASE"


class BadAddress(CodedeskError):
    """An address of records that cannot be used."""


@dataclass(frozen=True, slots=True)
class Address:
    """`host` is a name, or the folder of a socket. `tls` is `verify-full`, which checks the
    server's certificate (against those of the file `authority`, where one is named), `require`,
    which does not, or `disable`."""

    host: str
    port: int
    database: str
    user: str
    tls: str
    authority: str
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        if self.is_socket:
            return f"postgresql://{self.user}@/{self.database}?host={self.host}"
        return f"postgresql://{self.user}@{host}:{self.port}/{self.database}"

    @property
    def is_socket(self) -> bool:
        return self.host.startswith("/")


def read_address(text: str, *, password_file: str = "") -> Address:
    """Raises BadAddress. The password is the file's, or the environment's."""
    try:
        parts = urlsplit(text)
        port = parts.port or 5432
    except ValueError as error:
        raise BadAddress(f"The address of the records cannot be read. {_WRITTEN}.") from error
    if parts.password is not None:  # settings are read by many, and are in every backup
        raise BadAddress(
            "The address of the records holds a password. Take it out: put it into a file that "
            f"`records_password_file` names, or into {PASSWORD}, and change it if others saw it."
        )
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    tls = options.pop("sslmode", "disable" if host in _HERE or host[:1] == "/" else "verify-full")
    authority = options.pop("sslrootcert", "")
    database = unquote(parts.path.lstrip("/"))
    if parts.scheme != "postgresql" or not (host and database and parts.username):
        raise BadAddress(f"`{text}` is no address of records. {_WRITTEN}.")
    if options or tls not in _TLS:
        raise BadAddress(
            f"`{text}`: what can follow the question mark is host, sslmode ({', '.join(_TLS)}) "
            "and sslrootcert."
        )
    user = unquote(parts.username)
    return Address(host, port, database, user, tls, authority, _password(password_file))


def _password(file: str) -> str:
    if not file:
        return os.environ.get(PASSWORD, "")
    try:
        return Path(file).read_text("utf-8").strip()
    except OSError as error:
        raise BadAddress(
            f"`records_password_file`: {file} cannot be read: {error.strerror}."
        ) from error
