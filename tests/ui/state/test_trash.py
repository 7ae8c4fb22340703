"""What is deleted or replaced can be put back for a while, and is whole whatever interrupts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.json import decode, encode
from msgspec.structs import replace

from corpus.errors import CodedeskError
from corpus.metadata.told import Told
from index.care.restore import restore
from index.home import Home
from ui.jobs.backing_up import back_up_home
from ui.state import own_library, trash
from ui.state.settings import Settings


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A home with one file and its sidecar."""
    own_library.put(tmp_path, "a.md", b"# A\n")
    own_library.edit(tmp_path, "library/a.md", {"payer": "Lakeside"})
    return tmp_path


def present(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (home / "library").iterdir()}


def test_what_was_deleted_comes_back_with_its_sidecar_and_what_was_said_of_it(kept: Path) -> None:
    before = present(kept)
    said = (Told("payer", "Hillside", "abc"),)
    entry = trash.throw(kept, kept / "library" / "a.md", action=trash.DELETED, told=said)
    own_library.delete(kept, "library/a.md")
    assert present(kept) == {}
    assert trash.thrown(kept) == [entry]
    assert trash.put_back(kept, entry.key).told == said
    assert present(kept) == before
    assert trash.thrown(kept) == []


def test_putting_back_what_was_replaced_throws_away_what_replaced_it(kept: Path) -> None:
    entry = trash.throw(kept, kept / "library" / "a.md", action=trash.REPLACED)
    own_library.put(kept, "a.md", b"# A, second\n")
    trash.put_back(kept, entry.key)
    assert present(kept)["a.md"] == b"# A\n"
    (other,) = trash.thrown(kept)
    trash.put_back(kept, other.key)
    assert present(kept)["a.md"] == b"# A, second\n"


def test_the_trash_is_emptied_of_what_is_over_its_term_and_of_nothing_else(kept: Path) -> None:
    old = trash.throw(kept, kept / "library" / "a.md", action=trash.DELETED)
    new = trash.throw(kept, kept / "library" / "a.md", action=trash.DELETED)
    path = kept / "trash" / old.key / "entry.json"
    then = (datetime.now(UTC) - timedelta(days=31)).isoformat(timespec="seconds")
    path.write_bytes(encode(replace(decode(path.read_bytes(), type=trash.Thrown), at=then)))
    assert [one.key for one in trash.empty(kept, days=30)] == [old.key]
    assert [one.key for one in trash.thrown(kept)] == [new.key]
    with pytest.raises(CodedeskError, match="no longer"):
        trash.put_back(kept, old.key)


THROWS = """
import sys, pathlib
from ui.state import own_library, trash
home = pathlib.Path(sys.argv[1])
print("ready", flush=True)
while True:
    own_library.put(home, "a.md", b"# A" * 50_000)
    trash.throw(home, home / "library" / "a.md", action=trash.DELETED)
    own_library.delete(home, "library/a.md")
"""


@pytest.mark.parametrize("after", [0.05, 0.13, 0.31])
def test_a_kill_leaves_a_file_in_the_library_or_whole_in_the_trash(
    tmp_path: Path, after: float
) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", THROWS, str(tmp_path)],
        stdout=subprocess.PIPE,
        cwd="/",
        env=os.environ,
    )
    assert writer.stdout is not None
    writer.stdout.readline()
    time.sleep(after)
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    whole = b"# A" * 50_000
    for entry in trash.thrown(tmp_path):
        assert (tmp_path / "trash" / entry.key / "a.md").read_bytes() == whole
    left = tmp_path / "library" / "a.md"
    assert not left.exists() or left.read_bytes() == whole


def test_what_can_be_taken_back_is_in_a_backup_and_what_is_over_its_term_is_not(
    home: Path, tmp_path: Path
) -> None:
    trash_days = timedelta(days=30)
    new = trash.throw(home, home / "library" / "lakeside.md", action=trash.DELETED)
    own_library.delete(home, "library/lakeside.md")
    old = trash.throw(home, home / "library" / "mue.md", action=trash.REPLACED)
    path = home / "trash" / old.key / "entry.json"
    then = (datetime.now(UTC) - trash_days).isoformat(timespec="seconds")
    path.write_bytes(encode(replace(decode(path.read_bytes(), type=trash.Thrown), at=then)))
    back_up_home(Settings(home=home, trash_days=trash_days.days), tmp_path / "desk.backup")
    trash.empty(home, days=0)
    assert trash.thrown(home) == []
    restore(Home(home), tmp_path / "desk.backup")
    assert trash.thrown(home) == [new]
    assert "lakeside.md" not in present(home)
    trash.put_back(home, new.key)
    assert "Lakeside" in present(home)["lakeside.md"].decode()


def test_what_a_killed_throw_left_is_no_entry_and_goes(kept: Path) -> None:
    half = kept / "trash" / ".20260101T000000.0123456789abcdef.tmp"
    half.mkdir(parents=True)
    (half / "entry.json").write_bytes(b"{}")
    assert trash.thrown(kept) == []
    trash.empty(kept, days=30)
    assert half.is_dir(), "somebody may be writing it"
    then = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    os.utime(half, (then, then))
    trash.empty(kept, days=30)
    assert not half.exists()
