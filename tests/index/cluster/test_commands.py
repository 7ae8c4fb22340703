"""The commands, from an empty home to an answer of the cluster."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.index.cluster.machines import Machines

pytestmark = pytest.mark.xdist_group("ray")
Command = Callable[..., subprocess.CompletedProcess[str]]


def _told(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def test_a_home_is_indexed_published_and_answered_from_by_a_cluster(
    codedesk: Command, home: Path, tmp_path: Path, machines: Machines
) -> None:
    machines.add()
    machines.add()
    rules, place = tmp_path / "rules", tmp_path / "place"
    rules.mkdir()
    for number in range(6):
        text = f"# Plan {number}\n\nPlan {number} pays 0581T {number + 2} times a year.\n"
        (rules / f"{number}.md").write_text(text, "utf-8")
    report = _told(codedesk("sync", str(rules), "--cluster", machines.address, "--json"))
    assert (report["generation"], len(report["added"]), report["failed"]) == (1, 6, [])
    assert not (home / "cluster").exists()  # nothing is left where nothing was stopped
    asked = ("ask", "How often does plan 3 pay 0581T?", "--json")
    alone = _told(codedesk(*asked))
    (home / "settings.toml").write_text(
        f'cluster = "{machines.address}"\ncluster_place = "{place}"\n', "utf-8"
    )
    early = codedesk(*asked)
    assert early.returncode == 1
    assert "not published" in early.stderr
    codedesk("publish", "--to", str(place))
    together = _told(codedesk(*asked))
    assert together | {"seconds": 0} == alone | {"seconds": 0}
    assert together["citations"][0]["document"]["id"] == "rules/3.md"
    status = _told(codedesk("cluster", "status", "--json"))
    assert (status["generation"], status["shards"], status["whole"]) == (1, 1, True)
    assert status["copies"] == {"2": 1}
    assert [node["answers"] for node in status["nodes"]] == [True, True]


def test_without_a_cluster_its_status_says_what_to_set(codedesk: Command, home: Path) -> None:
    done = codedesk("cluster", "status")
    assert done.returncode == 2
    assert "cluster_place" in done.stderr


def test_a_cluster_that_is_not_there_is_said_and_changes_nothing(
    codedesk: Command, home: Path, tmp_path: Path, ray_files: Path
) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "one.md").write_text("# One\n\nBill 0581T once.\n", "utf-8")
    done = codedesk("sync", str(tmp_path / "rules"), "--cluster", "127.0.0.1:9")
    assert done.returncode == 1
    assert "cannot be joined" in done.stderr
    assert not (home / "CURRENT").exists()
