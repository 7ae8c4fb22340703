"""Collects what the tests of trust did and found, and writes the table of it.

A test names its check by `@pytest.mark.trust(5)`, and counts in the fixture `figures`. Counts
travel with the tests' reports, so that several test processes give one table.
"""

from __future__ import annotations

import os
import platform
import subprocess
import textwrap
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "tests" / "torture" / "RESULTS.md"
TRUST = ROOT / "docs" / "trust.md"
CHECKS = {
    "1": "kill -9 while indexing, at any time",
    "2": "kill at every step of publishing",
    "3": "disk full, folder read-only",
    "4": "torn and missing files",
    "5": "bit rot",
    "6": "two writers",
    "7": "readers while generations are published",
    "8": "rollback",
    "9": "backup and restore, under load",
    "10": "deletion is real",
    "11": "order of flushes and renames",
    "14": "PDF bombs",
    "15": "Office bombs and XML",
    "16": "what cannot be read is listed",
    "17": "names and links",
    "18": "limits of uploads",
    "19": "markup and scripts in a browser",
    "20": "formulas in exports",
    "21": "no code in data",
    "22": "patients' identifiers in logs",
    "23": "who may not, cannot",
    "24": "the server, hardened",
    "25": "no egress, known holes",
    "fuzz": "every reader, fuzzed",
    "errors": "errors are sentences",
}
_BEGIN, _END = "<!-- figures of make torture -->", "<!-- end of figures -->"
_FIGURE, _CHECK, _FILE = "figure", "trust", "file"
_SEEN = pytest.StashKey["_Seen"]()


@dataclass(slots=True)
class _Seen:
    """What the reports told: outcomes, counts by check, and what became of hostile files."""

    outcomes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    figures: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    files: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    failed: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Iterator[Counter[str]]:
    """Counts that are added up over all tests and end in the table."""
    counts = Counter[str]()
    yield counts
    request.node.user_properties.extend((_FIGURE, [name, n]) for name, n in counts.items())


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> Iterator[Counter[tuple[str, str]]]:
    """Hostile files by (kind, what became of it), for the table of files."""
    counts = Counter[tuple[str, str]]()
    yield counts
    request.node.user_properties.extend((_FILE, [*key, n]) for key, n in counts.items())


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--torture-results", action="store_true", help="write tests/torture/RESULTS.md"
    )
    parser.addoption("--fuzz-minutes", default="10", help="how long the long fuzz takes")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_SEEN] = _Seen()
    config.pluginmanager.register(_Listener(config.stash[_SEEN]), "trust-table")


def pytest_itemcollected(item: pytest.Item) -> None:
    named = [str(number) for mark in item.iter_markers(_CHECK) for number in mark.args]
    if named:
        assert set(named) <= set(CHECKS), f"{item.nodeid} names a check that there is not"
        item.user_properties.append((_CHECK, named))


class _Listener:
    """Hears every test's reports, in the one process that has them all."""

    def __init__(self, seen: _Seen) -> None:
        self._seen = seen

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        told = list(report.user_properties)
        checks = next((value for name, value in told if name == _CHECK), [])
        if report.failed:
            self._seen.failed.append(report.nodeid)
        if report.skipped and isinstance(report.longrepr, tuple):
            self._seen.skipped[report.nodeid] = report.longrepr[2].removeprefix("Skipped: ")
        for check in checks:
            if report.when == "call" or not report.passed:
                self._seen.outcomes[check][report.outcome] += 1
        if report.when == "teardown":
            self._count(told, checks)

    def _count(self, told: Sequence[tuple[str, object]], checks: Sequence[str]) -> None:
        for name, value in told:
            if name == _FIGURE and isinstance(value, list):
                counts = self._seen.figures[checks[0] if checks else ""]
                counts[value[0]] = counts.get(value[0], 0) + value[1]
            elif name == _FILE and isinstance(value, list):
                self._seen.files[value[0]][value[1]] += value[2]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """Print the counts; write the whole table where that was asked for."""
    seen = config.stash[_SEEN]
    for check in CHECKS:
        for name, count in seen.figures.get(check, {}).items():
            terminalreporter.write_line(f"{count:>10,}  {name}")
    if config.getoption("--torture-results") and exitstatus in (0, 1):  # not one that was stopped
        RESULTS.write_text(_results(seen, exitstatus), "utf-8")
        before, _, rest = TRUST.read_text("utf-8").partition(_BEGIN)
        _, _, after = rest.partition(_END)
        TRUST.write_text(f"{before}{_BEGIN}\n{_sentence(seen)}\n{_END}{after}", "utf-8")


def _results(seen: _Seen, exitstatus: int) -> str:
    held = "every check held" if exitstatus == 0 else f"{len(seen.failed)} TESTS FAILED"
    lines = [
        "# What the torture found",
        "",
        f"Written by `make torture` on {time.strftime('%Y-%m-%d')}, code {_commit()}: {held}.",
        f"Machine: {_machine()}. What each check asks, and what is not checked: "
        "[docs/trust.md](../../docs/trust.md).",
        "",
        *_checks(seen),
        *_figures(seen),
        *_files(seen),
    ]
    for title, entries in (
        ("Failed", [f"`{name}`" for name in sorted(set(seen.failed))]),
        ("Skipped", [f"`{name}`: {why}" for name, why in sorted(seen.skipped.items())]),
    ):
        if entries:
            lines += [f"## {title}", "", *(f"- {entry}" for entry in entries), ""]
    return "\n".join(lines)


def _sentence(seen: _Seen) -> str:
    """The figures as docs/trust.md states them."""
    n: Counter[str] = Counter()
    for counts in seen.figures.values():
        n.update({name: int(count) for name, count in counts.items()})
    kills = n["kills of sync, by time"] + n["kills of sync, at an injected step"]
    old = n["old generation answered after the kill"]
    new = n["new generation answered after the kill"]
    files = sum(sum(ends.values()) for ends in seen.files.values())
    told = (
        f"In the last run ({time.strftime('%Y-%m-%d')}, code {_commit()}) {old + new:,} syncs, "
        f"{kills:,} of them killed before they were done, left the old generation {old:,} times "
        f"and the new one {new:,} times, "
        f"{n['half states, mixtures, errors or refusals after a kill']:,} half states and "
        f"{n['passages lost or different after the next sync']:,} lost passages. "
        f"{n['damages noticed before the file was parsed']:,} of "
        f"{n['damages done to files of a generation']:,} damages to files were noticed, "
        f"{n['flipped bits that the doctor found']:,} of {n['bits flipped in a home']:,} flipped "
        f"bits found by the doctor, {n['flipped backups refused']:,} of "
        f"{n['bits flipped in a backup']:,} flipped backups refused. {files:,} hostile files, "
        f"{n['files broken and read']:,} of them made by the fuzz, met "
        f"{n['crashes of the process']:,} crashes and {n['hangs']:,} hangs. "
        f"Tests that failed: {len(set(seen.failed))}."
    )
    return textwrap.fill(told, 98)


def _checks(seen: _Seen) -> Iterator[str]:
    yield from ("| # | check | date | machine | result |", "|---|---|---|---|---|")
    day, machine = time.strftime("%Y-%m-%d"), f"{platform.system()}, {os.cpu_count()} cores"
    for check, title in CHECKS.items():
        yield f"| {check} | {title} | {day} | {machine} | {_verdict(seen.outcomes[check])} |"
    yield ""


def _verdict(outcomes: Counter[str]) -> str:
    if not outcomes:
        return "not run"
    word = "**failed**" if outcomes["failed"] else "held" if outcomes["passed"] else "skipped"
    counts = [f"{outcomes[kind]} {kind}" for kind in ("passed", "failed", "skipped")]
    return f"{word}: {', '.join(told for told in counts if not told.startswith('0 '))}"


def _figures(seen: _Seen) -> Iterator[str]:
    yield from ("## Figures", "", "| # | what was done or found | times |", "|---|---|--:|")
    for check in CHECKS:
        for name, count in seen.figures.get(check, {}).items():
            yield f"| {check} | {name} | {count:,} |"
    yield ""


def _files(seen: _Seen) -> Iterator[str]:
    """What became of hostile files, by kind."""
    yield from ("## Hostile files", "", "| kind | files | what became of them |", "|---|--:|---|")
    for kind, ends in sorted(seen.files.items()):
        told = "; ".join(f"{end} {count:,}" for end, count in sorted(ends.items()))
        yield f"| {kind} | {sum(ends.values()):,} | {told} |"
    yield ""


def _machine() -> str:
    info = Path("/proc/cpuinfo")
    names = info.read_text("utf-8").splitlines() if info.exists() else []
    model = next(
        (line.split(":")[1].strip() for line in names if line.startswith("model name")), ""
    )
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores {model}, "
        f"Python {platform.python_version()}"
    )


def _commit() -> str:
    asked = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude", "*"]
    done = subprocess.run(asked, capture_output=True, encoding="utf-8")
    return done.stdout.strip() or "without a repository"
