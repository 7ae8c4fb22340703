"""Text that would act on a terminal is shown as text by every command, and JSON stays JSON."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., subprocess.CompletedProcess[str]]

_EVIL = "\x1b[31mred\x1b]0;title\x07 \x9b2J \u202egnp.exe\u202c \u2066x\u2069 \u061c [bold]b[/bold]"
_ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_POLICY = f"""---
title: {json.dumps("Evil " + _EVIL)}
payer: {json.dumps("Payer " + _EVIL)}
kind: policy
effective: 2025-01-01
source_url: {json.dumps("https://example.org/" + chr(27) + "[2J")}
---
# Heading {_EVIL}

The code 0581T {_EVIL} is billed once per breast. =HYPERLINK("http://x") <script>alert(1)</script>

| Code | Note {_EVIL} |
|---|---|
| 0581T | covered {_EVIL} |
"""


@pytest.fixture
def hostile(codedesk: Command, home: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "evil.md").write_text(_POLICY)
    (folder / "line\nGeneration 9: \x1b[31mforged.md").write_text("# Forged\n\nName of 0581T.\n")
    (folder / "bad\n\x1b[2J\u202efdp.pdf").write_bytes(b"%PDF-1.4 broken")
    (folder / "unknown\x1b[2J.xyz").write_text("what is this")
    (folder / "by\udcfftes.md").write_text("# Bytes\n\nA name that is no text, 0581T.\n")
    return folder


@pytest.mark.trust(19)
def test_no_command_passes_on_what_acts_on_a_terminal(codedesk: Command, hostile: Path) -> None:
    first = codedesk("sync", str(hostile))
    assert first.returncode == 3, first.stderr
    (hostile / "evil.md").write_text(_POLICY.replace("once", "twice").replace("2025", "2026"))
    commands = [
        ("sync", str(hostile)),
        ("status",),
        ("ask", "How is 0581T billed per breast?"),
        ("search", "breast billed"),
        ("search", "breast billed", "--format", "csv"),
        ("search", "breast billed", "--format", "md"),
        ("code", "0581T"),
        ("code", "0581T", "--format", "csv"),
        ("code", "0581T", "--format", "md"),
        ("matrix", "0581T"),
        ("matrix", "0581T", "--format", "md"),
        ("show", "evil.md"),
        ("diff", "evil.md"),
        ("diff", "evil.md", "--format", "md"),
        ("changes", "--since", "2020-01-01"),
        ("generations",),
        ("doctor",),
    ]
    for arguments in commands:
        done = codedesk(*arguments)
        assert done.returncode in (0, 1, 3, 4), (arguments, done.stderr)
        assert "error of its own" not in done.stderr, arguments
        assert not _ACTS.search((done.stdout + done.stderr).replace("\r\n", "\n")), arguments
        assert not re.search("^Generation 9", done.stdout, re.MULTILINE), arguments


@pytest.mark.trust(19)
def test_json_stays_json_and_acts_on_nothing(codedesk: Command, hostile: Path) -> None:
    synced = codedesk("sync", str(hostile), "--json")
    report = json.loads(synced.stdout)
    assert not _ACTS.search(synced.stdout)
    named = report["added"] + [entry["path"] for entry in report["failed"]]
    assert len(named) == 5
    for arguments in (
        ("status",),
        ("ask", "How is 0581T billed per breast?"),
        ("search", "breast billed"),
        ("code", "0581T"),
        ("matrix", "0581T"),
        ("show", "evil.md"),
        ("generations",),
        ("doctor",),
    ):
        done = codedesk(*arguments, "--json")
        assert done.stdout, (arguments, done.stderr)
        assert json.loads(done.stdout) is not None
        assert not _ACTS.search(done.stdout), arguments
