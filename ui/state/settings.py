"""Settings, read in one place: the environment first, then `$CODEDESK_HOME/settings.toml`."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import platformdirs

from corpus.errors import CodedeskError
from corpus.files.limits import MEGABYTE, STANDARD, Limits
from corpus.metadata.identity.names import Body, read_names
from corpus.starter import DOCUMENTS
from index.home import Home
from index.home.switch import settle
from ui.database.address import Address, read_address
from ui.state.serving import Serving, SignIn, read_table

_TABLES: Mapping[str, type[Any]] = {"server": Serving, "sign_in": SignIn}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person can set. `model` is the default model's name or a folder with another one.

    `precision` is auto, f32, bf16, or int8, which is another model: the next sync embeds all
    anew. `device` is what a sync embeds on: cpu, or one that torch knows, as cuda; questions
    are embedded on the processor. `token_bits` are 8, or 4 for an index of two thirds of the
    size: the next sync embeds all anew. `keep` is how many generations stay on disk, besides
    the last one of each of the last `keep_days`; what is deleted or replaced in the home's own
    folder is in the trash for `trash_days`; `workers` how many processes read files; `compare`
    how a sync sees that a file is as it was: by times (and sizes), or by all its bytes;
    `threads` how many of the processor's a question may use. The rest limits the reading of one
    file: `seconds` of the processor, `megabytes` on the disk, `pages`, `unpacked_megabytes` of
    what a DOCX or XLSX holds, `memory_megabytes`. `scans` is recognise, or leave: scanned pages
    then stay pictures.
    A review is past after `review_months`; a text of which nothing newer is known for
    `copy_months` is shown as an old copy. Where `smtp` names a server (HOST:PORT), what is new
    to saved searches is mailed from `mail_from` to `mail_to` after a sync, with links to the
    pages at `address`; `smtp_security` is starttls, tls or none, and the password of
    `smtp_user` stands in $CODEDESK_SMTP_PASSWORD. `server` and `sign_in` are for who serves
    others; `records` is the address of the PostgreSQL in which several servers keep what changes
    besides the index (see ui.database.address), by default a file of the home. `cluster` is the
    HOST:PORT of a Ray cluster that reads and embeds; where `cluster_place` says where the library
    is published, it answers as well.
    """

    home: Path
    model: str = "all-MiniLM-L6-v2"
    precision: str = "auto"
    device: str = "cpu"
    token_bits: int = 8
    keep: int = 3
    keep_days: int = 7
    trash_days: int = 30
    workers: int = 2
    compare: str = "times"
    threads: int = 1
    seconds: float = 30.0
    megabytes: int = 200
    unpacked_megabytes: int = 200
    memory_megabytes: int = 1610
    pages: int = 50_000
    scans: str = "recognise"
    review_months: int = 12
    copy_months: int = 36
    server: Serving = field(default_factory=Serving)
    sign_in: SignIn | None = None
    gate_tolerance: float = 0.01
    smtp: str = ""
    smtp_security: str = "starttls"
    smtp_user: str = ""
    mail_from: str = ""
    mail_to: str = ""
    address: str = "http://127.0.0.1:8501"
    records: str = ""
    records_password_file: str = ""
    cluster: str = ""
    cluster_place: str = ""

    def limits(self) -> Limits:
        """What the reading of one file may cost."""
        return Limits(
            seconds=self.seconds,
            file_bytes=self.megabytes * MEGABYTE,
            decompressed_bytes=self.unpacked_megabytes * MEGABYTE,
            memory=self.memory_megabytes * MEGABYTE,
            pages=self.pages,
            seconds_per_scan=STANDARD.seconds_per_scan if self.scans == "recognise" else 0.0,
        )

    def records_address(self) -> Address | None:
        """Where the records are, if not in the home. Raises CodedeskError."""
        if not self.records:
            return None
        return read_address(self.records, password_file=self.records_password_file)

    def names(self) -> tuple[Body, ...]:
        """The names of publishers and payers in `names.toml` of the home. Raises CodedeskError."""
        return read_names(self.home / "names.toml")


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in force. Raises CodedeskError for a file that cannot be used, naming the line
    or the setting."""
    home = home_path(environment)
    settle(Home(home))
    path = home / "settings.toml"
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raw = {}
    except NotADirectoryError as error:
        raise CodedeskError(
            f"{home} cannot be a folder: a part of the path is a file. Choose another folder with "
            "CODEDESK_HOME."
        ) from error
    except PermissionError as error:
        raise CodedeskError(
            f"{path} may not be read by this account. Run the command as the account whose home it "
            "is, or have the home shared with a group of yours (see docs/home.md)."
        ) from error
    except (OSError, ValueError) as error:
        raise CodedeskError(
            f"{path} cannot be read: {error}. Mend the file or delete it."
        ) from error
    tables = {name: read_table(raw.pop(name), kind, name, path) for name, kind in _present(raw)}
    return Settings(home=home, **tables, **_checked(raw, path))


def home_path(environment: Mapping[str, str] | None = None) -> Path:
    """`$CODEDESK_HOME`, or the platform's folder for data."""
    environment = os.environ if environment is None else environment
    return Path(
        environment.get("CODEDESK_HOME") or platformdirs.user_data_path("codedesk", appauthor=False)
    ).expanduser()


def _present(raw: Mapping[str, Any]) -> list[tuple[str, type[Any]]]:
    return [(name, kind) for name, kind in _TABLES.items() if name in raw]


_ONE_OF: Mapping[str, tuple[Any, ...]] = {
    "precision": ("auto", "f32", "bf16", "int8"),
    "token_bits": (8, 4),
    "scans": ("recognise", "leave"),
    "smtp_security": ("starttls", "tls", "none"),
    "compare": ("times", "bytes"),
}
_MAY_BE_0 = ("keep_days", "gate_tolerance")


def _checked(raw: Mapping[str, Any], path: Path) -> dict[str, Any]:
    kinds = {one.name: one.type for one in fields(Settings) if one.name not in ("home", *_TABLES)}
    checked: dict[str, Any] = {}
    for name, value in raw.items():
        if name not in kinds:
            raise CodedeskError(
                f"{path} sets `{name}`, which is no setting. The settings are "
                f"{', '.join(sorted(kinds))}."
            )
        expected: tuple[type, ...] = {"str": (str,), "int": (int,), "float": (int, float)}[
            str(kinds[name])
        ]
        if not isinstance(value, expected) or isinstance(value, bool):
            raise CodedeskError(f"{path}: `{name}` must be of type {kinds[name]}, not {value!r}.")
        if isinstance(value, int | float) and value <= 0 and not (value == 0 and name in _MAY_BE_0):
            raise CodedeskError(f"{path}: `{name}` must be more than 0.")
        checked[name] = value
    for name, allowed in _ONE_OF.items():
        if name in checked and checked[name] not in allowed:
            *first, last = (str(one) for one in allowed)
            raise CodedeskError(f"{path}: `{name}` is {', '.join(first)} or {last}.")
    if checked.get("records"):
        read_address(checked["records"])  # says what is wrong with it
    return checked


def starter_library() -> Path:
    """The folder of the documents that come with Codedesk."""
    return DOCUMENTS
