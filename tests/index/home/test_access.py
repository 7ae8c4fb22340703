"""Who may use a home: its owner alone, or the group that somebody shares it with."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.care.doctor import GOOD, NOTE, PROBLEM, Finding, examine
from index.home import Home
from index.home.access import file_mode, folder_mode, shared_bits, umask_for
from ui.state.records import Records

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")


@pytest.mark.parametrize(
    ("mode", "folder", "file", "umask"),
    [
        (0o700, 0o700, 0o600, 0o077),
        (0o755, 0o700, 0o600, 0o077),  # what mkdir makes: nobody chose to share it
        (0o777, 0o770, 0o660, 0o007),
        (0o770, 0o770, 0o660, 0o007),
        (0o2770, 0o770, 0o660, 0o007),
        (0o2775, 0o770, 0o660, 0o007),
        (0o2755, 0o750, 0o640, 0o027),
        (0o750, 0o750, 0o640, 0o027),
        (0o2700, 0o700, 0o600, 0o077),
    ],
)
def test_what_is_made_in_a_home_grants_what_the_home_grants_its_group_and_others_nothing(
    mode: int, folder: int, file: int, umask: int, tmp_path: Path
) -> None:
    tmp_path.chmod(mode)
    assert (folder_mode(tmp_path), file_mode(tmp_path), umask_for(tmp_path)) == (
        folder,
        file,
        umask,
    )


def test_a_home_that_is_made_is_its_owners_and_one_that_is_there_keeps_its_mode(
    tmp_path: Path,
) -> None:
    Home(tmp_path / "new").make()
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    for mode in (0o2770, 0o755, 0o750):
        home = tmp_path / oct(mode)
        home.mkdir()
        home.chmod(mode)
        Home(home).make()
        Records(home).close()
        assert stat.S_IMODE(home.stat().st_mode) == mode
        wanted = stat.S_IMODE(Home(home).generations.stat().st_mode) & 0o777
        assert wanted & ~folder_mode(home) == 0
    assert shared_bits(tmp_path / "there is none") == 0


def _permissions(home: Path) -> list[Finding]:
    return [finding for finding in examine(Home(home)) if finding.area == "permissions"]


def test_the_doctor_says_what_is_too_open_and_what_a_group_cannot_use(tmp_path: Path) -> None:
    home = tmp_path / "home"
    Home(home).make()
    (home / "library").mkdir()
    (home / "library").chmod(0o755)
    assert [f.level for f in _permissions(home)] == [GOOD], "nobody comes to what lies in it"
    home.chmod(0o755)
    found = {finding.level: finding for finding in _permissions(home)}
    assert str(home / "library") in found[PROBLEM].text and "go-rwx" in found[PROBLEM].remedy
    assert "names" in found[NOTE].text
    home.chmod(0o2770)
    closed = [f.text for f in _permissions(home) if f.level == PROBLEM]
    assert any(str(home / "generations") in text for text in closed)
    assert any("is shared" in f.text for f in _permissions(home) if f.level == NOTE)
    home.chmod(0o2777)
    assert all("o-rwx" in f.remedy and "go-rwx" not in f.remedy for f in _permissions(home))


_GROUP, _ANN, _BEA = 54321, 54322, 54323


@pytest.fixture
def shared(models: Path) -> Iterator[Path]:
    """A home that two accounts share by their group; only root can be one and the other."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("needs root and setpriv, to become other accounts")
    with tempfile.TemporaryDirectory() as folder:  # the test's own is root's alone
        Path(folder).chmod(0o755)
        home = Path(folder) / "shared"
        home.mkdir()
        os.chown(home, _ANN, _GROUP)
        home.chmod(0o2770)
        (home / "models").symlink_to(models, target_is_directory=True)
        yield home


def _as(account: int, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as another account. It may read everything, as this environment lies where only
    root comes; what it may write and change is that account's."""
    held = "-all,+dac_read_search"
    powers = [f"--inh-caps={held}", f"--ambient-caps={held}", f"--bounding-set={held}"]
    become = ["setpriv", f"--reuid={account}", f"--regid={account}", f"--groups={_GROUP}", *powers]
    return subprocess.run(
        [*become, sys.executable, "-m", "ui.cli", *arguments],
        env={**os.environ, "CODEDESK_HOME": str(home), "HOME": "/"},
        cwd="/",
        encoding="utf-8",
        capture_output=True,
        timeout=300,
    )


def test_two_people_of_a_group_sync_ask_and_tend_one_home_in_turn(
    shared: Path,
) -> None:
    library = shared.with_name("policies")
    library.mkdir()
    rule = library / "rule.md"
    for turn, account in enumerate((_ANN, _BEA, _ANN), 1):
        rule.write_text(f"# Rule\n\nOak Plan pays 0581T at {turn}00 dollars.\n")
        synced = _as(account, shared, "sync", str(library))
        assert synced.returncode == 0, synced.stderr
        for person in (_ANN, _BEA):
            asked = _as(person, shared, "ask", "What does Oak Plan pay for 0581T?")
            assert f"{turn}00 dollars" in asked.stdout, asked.stderr
    assert _as(_BEA, shared, "rollback").returncode == 0
    backup = shared / "library" / "b.tar"
    backup.parent.mkdir(exist_ok=True)
    os.chown(backup.parent, _ANN, _GROUP)
    backup.parent.chmod(0o2770)
    assert _as(_BEA, shared, "backup", str(backup)).returncode == 0
    assert _as(_BEA, shared, "restore", str(backup)).returncode == 0
    doctor = json.loads(_as(_ANN, shared, "doctor", "--json").stdout)
    assert [f for f in doctor["findings"] if f["level"] == PROBLEM] == []
    for path in shared.rglob("*"):
        if not path.is_symlink() and path.name != backup.name:
            wanted = 0o070 if path.is_dir() else 0o060
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == wanted, path
            assert path.stat().st_gid == _GROUP, path
