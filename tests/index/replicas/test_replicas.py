"""One library on several machines: a home publishes, others follow, all answer alike."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from machines import FIRST, SECOND, Machine, bring, machine_at, page_of

from index.home import Home
from index.home.crash import REPLICA_STEPS

PUBLISHING = ("object-sent", "state-sent", "latest-sent")
FOLLOWING = tuple(step for step in REPLICA_STEPS if step not in PUBLISHING)
SWITCHING = ("restore-noted", "aside-made", "editions-in", "folder-named", "pointer-replaced")


def test_a_follower_has_the_publishers_generation_byte_for_byte(
    published: tuple[Machine, Path, Path, Path], follower: Machine
) -> None:
    machine, place, *_ = published
    follower.does("follow", str(place), "--once")
    assert follower.state() == machine.state()
    asked = ("ask", "After how many failed treatments is cryotherapy of warts covered?", "--json")
    assert _cited(follower.does(*asked)) == _cited(machine.does(*asked))
    assert SECOND in follower.text()


def test_only_what_is_lacking_is_fetched(
    published: tuple[Machine, Path, Path, Path], follower: Machine, place: Path
) -> None:
    follower.does("follow", str(place), "--once")
    assert FIRST in follower.text()
    bring(published[1], place)
    done = json.loads(follower.does("follow", str(place), "--once", "--json"))
    there = {path.name for path in (place / "objects").rglob("*") if path.is_file()}
    assert done["changed"]
    assert 0 < done["fetched"] < len(there)
    assert SECOND in follower.text()
    assert Home(follower.home).kept() == [1, 2]
    again = json.loads(follower.does("follow", str(place), "--once", "--json"))
    assert not again["changed"]
    assert again["fetched"] == 0


@pytest.mark.parametrize("step", [*FOLLOWING, *SWITCHING])
def test_a_follower_that_is_killed_answers_the_old_state_or_the_new(
    published: tuple[Machine, Path, Path, Path], follower: Machine, place: Path, step: str
) -> None:
    follower.does("follow", str(place), "--once")
    bring(published[1], place)
    assert follower.run("follow", str(place), "--once", crash=step).returncode == 137
    assert follower.text() in (page_of(FIRST), page_of(SECOND))
    follower.does("follow", str(place), "--once")
    assert follower.state() == published[0].state()
    assert SECOND in follower.text()
    assert not [path.name for path in follower.home.iterdir() if path.name.endswith(".tmp")]


@pytest.mark.parametrize("step", PUBLISHING)
def test_a_publisher_that_is_killed_leaves_a_whole_state_there(
    published: tuple[Machine, Path, Path, Path], follower: Machine, place: Path, step: str
) -> None:
    machine = published[0]
    assert machine.run("publish", "--to", str(place), crash=step).returncode == 137
    follower.does("follow", str(place), "--once")
    assert follower.text() in (page_of(FIRST), page_of(SECOND))
    machine.does("publish", "--to", str(place))
    follower.does("follow", str(place), "--once")
    assert SECOND in follower.text()


def test_what_does_not_match_its_sum_is_refused_and_the_old_state_answers_on(
    published: tuple[Machine, Path, Path, Path], follower: Machine, place: Path
) -> None:
    follower.does("follow", str(place), "--once")
    known = {path.name for path in (place / "objects").rglob("*")}
    bring(published[1], place)
    new = [
        path for path in (place / "objects").rglob("*") if path.is_file() and path.name not in known
    ]
    torn = max(new, key=lambda path: path.stat().st_size)
    content = torn.read_bytes()
    torn.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    done = follower.run("follow", str(place), "--once")
    assert done.returncode == 1
    assert "is not what was published" in done.stderr
    assert FIRST in follower.text()
    told = json.loads(follower.does("status", "--json"))["following"]
    assert told["behind"]
    assert (told["generation"], told["latest"]) == (1, 2)
    assert "is not what was published" in told["problem"]
    torn.write_bytes(content)
    follower.does("follow", str(place), "--once")
    assert SECOND in follower.text()


def test_a_fetch_goes_on_where_it_was(
    published: tuple[Machine, Path, Path, Path], follower: Machine, place: Path
) -> None:
    largest = max(
        (path for path in (place / "objects").rglob("*") if path.is_file()),
        key=lambda path: path.stat().st_size,
    )
    content = largest.read_bytes()
    half = len(content) // 2
    fetching = follower.home / "fetching"
    fetching.mkdir()
    (fetching / f"{largest.name}.part").write_bytes(content[:half])
    largest.write_bytes(bytes(half) + content[half:])  # the first half cannot be fetched any more
    follower.does("follow", str(place), "--once")
    assert FIRST in follower.text()


def test_a_damaged_file_of_the_followers_own_is_fetched_again(
    published: tuple[Machine, Path, Path, Path], follower: Machine, place: Path
) -> None:
    follower.does("follow", str(place), "--once")
    home = Home(follower.home)
    damaged = max(home.folder(1).rglob("*.*"), key=lambda path: path.stat().st_size)
    content = damaged.read_bytes()
    damaged.unlink()
    damaged.write_bytes(bytes(len(content)))
    follower.does("follow", str(place), "--once")
    assert damaged.read_bytes() == content
    assert FIRST in follower.text()


def test_a_place_has_one_publisher(
    published: tuple[Machine, Path, Path, Path], tmp_path: Path, models: Path, place: Path
) -> None:
    other = machine_at(tmp_path / "other", models)
    (other.home / "library").mkdir()
    (other.home / "library" / "x.md").write_text("# X\n\nAnother hospital's library.\n", "utf-8")
    other.does("sync", str(other.home / "library"))
    latest = (place / "LATEST").read_bytes()
    refused = other.run("publish", "--to", str(place))
    assert refused.returncode == 1
    assert "--take-over" in refused.stderr
    assert (place / "LATEST").read_bytes() == latest
    other.does("publish", "--to", str(place), "--take-over")
    assert (place / "LATEST").read_bytes() != latest


def test_a_follower_does_not_sync_until_it_stops_following(
    published: tuple[Machine, Path, Path, Path], follower: Machine, place: Path
) -> None:
    follower.does("follow", str(place), "--once")
    refused = follower.run("sync")
    assert refused.returncode == 1
    assert "codedesk follow --stop" in refused.stderr
    follower.does("follow", "--stop")
    assert json.loads(follower.does("status", "--json"))["following"] is None
    assert FIRST in follower.text()


def test_the_documents_files_come_along(
    published: tuple[Machine, Path, Path, Path], follower: Machine, place: Path
) -> None:
    follower.does("follow", str(place), "--once")
    texts = [path.read_text("utf-8") for path in (follower.home / "originals").glob("*/*")]
    assert any(FIRST in text for text in texts)


def test_decisions_and_names_come_along(
    published: tuple[Machine, Path, Path, Path], follower: Machine, tmp_path: Path
) -> None:
    machine = published[0]
    names = '[[body]]\nname = "Larch Health Plan"\nrole = "payer"\nprinted = ["LHP"]\n'
    (machine.home / "names.toml").write_text(names, "utf-8")
    machine.does("publish", "--to", str(tmp_path / "named"))
    follower.does("follow", str(tmp_path / "named"), "--once")
    assert (follower.home / "names.toml").read_text("utf-8") == names
    (machine.home / "names.toml").unlink()
    machine.does("publish", "--to", str(tmp_path / "named"))
    follower.does("follow", str(tmp_path / "named"), "--once")
    assert not (follower.home / "names.toml").exists()
    assert SECOND in follower.text()


def test_an_address_where_nothing_lies_says_so(follower: Machine, tmp_path: Path) -> None:
    done = follower.run("follow", str(tmp_path / "nowhere"), "--once")
    assert done.returncode == 1
    assert "Nothing is published" in done.stderr


def _cited(printed: str) -> list[tuple[str, str]]:
    """The passages of an answer, in order, with their documents."""
    return [(one["text"], one["document"]) for one in json.loads(printed)["citations"]]
