"""The README shows what is printed, and leads to what is there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
_SESSIONS = re.findall(r"^```console\n(.*?)^```", README, re.M | re.S)
_ASKED = re.compile(r'^\$ \.venv/bin/codedesk ask "(.+)"\n((?:(?!\$ ).*\n)*)', re.M)
SHOWN = [found for session in _SESSIONS for found in _ASKED.findall(session)]
_LINKS = [
    (path, target)
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8"))
    if not target.startswith("https://")
]

Command = Callable[..., CompletedProcess[str]]


def test_the_readme_shows_what_its_questions_print(codedesk: Command) -> None:
    assert len(SHOWN) == README.count("\n$ ") >= 2
    synced = codedesk("sync", "--json")
    assert synced.returncode == 0, synced.stderr
    for question, shown in SHOWN:
        printed = codedesk("ask", question, environment={"COLUMNS": "100"}).stdout
        lines = "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
        assert _is_shown(shown, lines), f"{question}\n\n{lines}"


def test_a_newcomer_reads_two_screens() -> None:
    lines = README.splitlines()
    assert len(lines) <= 90
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize(("path", "target"), _LINKS)
def test_a_link_leads_to_a_file_and_a_heading(path: Path, target: str) -> None:
    name, _, heading = target.partition("#")
    there = path.parent / name if name else path
    assert there.exists()
    if heading:
        assert heading in {_anchor(title) for title in _titles(there)}


def test_the_index_names_every_document() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    names = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert {name for name in names if f"]({name})" not in index} == set()


def _is_shown(shown: str, printed: str) -> bool:
    """Whether the output begins with what is shown; a line `...` stands for any lines left out."""
    pattern = ".*?".join(re.escape(part) for part in re.split(r"^\.\.\.\n", shown, flags=re.M))
    return re.fullmatch(pattern, printed, re.S) is not None


def _titles(path: Path) -> list[str]:
    return re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.M)


def _anchor(title: str) -> str:
    """The name that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
