"""TLS to PostgreSQL: who answers with another certificate than it should is told nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from certificates import make_certificate

from ui.database import postgresql as spoken
from ui.database.address import BadAddress
from ui.database.away import RecordsAway
from ui.database.store import Store, place_of
from ui.state.records import Records

pytestmark = pytest.mark.trust(23)


@pytest.fixture(scope="module")
def guarded() -> Iterator[Any]:
    """A PostgreSQL with a certificate for `localhost`, that takes nobody without TLS."""
    from postgres import start_postgresql

    running = start_postgresql(tls=True)
    yield running
    running.remove()


@pytest.fixture
def home(tmp_path: Path, guarded: Any) -> Any:
    """Makes a home whose records are at that database; called with what follows its address."""
    address = guarded.database().replace("127.0.0.1", "HOST")

    def make(options: str, *, host: str = "localhost") -> Path:
        told = guarded.settings(f"{address.replace('HOST', host)}{options}")
        (tmp_path / "settings.toml").write_text(told, "utf-8")
        spoken._away.clear()
        return tmp_path

    return make


def test_a_certificate_of_the_named_authority_for_that_host_is_taken_and_all_is_encrypted(
    home: Any, guarded: Any
) -> None:
    there = home(f"?sslmode=verify-full&sslrootcert={guarded.authority}")
    Records(there).audit("x", who="me")
    assert [one.who for one in Records(there).audited()] == ["me"]
    sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    assert Store(place_of(there)).rows(sql) == [(True,)]


def test_a_certificate_of_another_authority_is_refused_with_what_to_name(
    home: Any, tmp_path: Path
) -> None:
    other = make_certificate(tmp_path / "other", name="localhost")
    with pytest.raises(RecordsAway, match="is not signed by the authority in") as refused:
        Records(home(f"?sslmode=verify-full&sslrootcert={other}")).audit("x")
    assert str(other) in str(refused.value) and "?sslrootcert=FILE" in str(refused.value)
    with pytest.raises(RecordsAway, match="one that this machine trusts"):
        Records(home("?sslmode=verify-full")).audit("x")


def test_a_certificate_for_another_host_is_refused_and_the_host_is_named(
    home: Any, guarded: Any
) -> None:
    there = home(f"?sslmode=verify-full&sslrootcert={guarded.authority}", host="127.0.0.1")
    with pytest.raises(RecordsAway, match=r"is not made for 127\.0\.0\.1\. Name the host"):
        Records(there).audit("x")


def test_without_tls_where_it_is_wanted_and_with_it_where_there_is_none_the_way_out_is_said(
    home: Any, postgresql: Any, tmp_path: Path
) -> None:
    with pytest.raises(RecordsAway, match=r"Write \?sslmode=verify-full"):
        Records(home("?sslmode=disable")).audit("x")
    plain = postgresql.settings(f"{postgresql.database()}?sslmode=verify-full")
    (tmp_path / "settings.toml").write_text(plain, "utf-8")
    with pytest.raises(RecordsAway, match=r"offers no TLS\. Switch `ssl` on there"):
        Records(tmp_path).audit("x")


def test_require_encrypts_and_takes_any_certificate(home: Any) -> None:
    Records(home("?sslmode=require", host="127.0.0.1")).audit("x")


def test_an_authority_whose_file_cannot_be_read_is_named(home: Any, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing", "utf-8")
    for file in ("missing.pem", "empty.pem"):
        with pytest.raises(BadAddress, match=f"{file} holds no certificate"):
            Records(home(f"?sslmode=verify-full&sslrootcert={tmp_path / file}")).audit("x")


def test_a_certificate_that_is_over_is_refused_with_what_to_do() -> None:
    from postgres import start_postgresql

    own = start_postgresql(tls=True)
    try:
        own.stop()
        authority = make_certificate(own.folder / "server", name="localhost", days=-1)
        own.take_files()
        own.start()
        address = f"{own.address('postgres').replace('127.0.0.1', 'localhost')}"
        options = f"?sslmode=verify-full&sslrootcert={authority}"
        home = own.folder / "home"
        home.mkdir()
        (home / "settings.toml").write_text(own.settings(address + options), "utf-8")
        with pytest.raises(RecordsAway, match="its certificate is over"):
            Records(home).audit("x")
    finally:
        own.remove()
