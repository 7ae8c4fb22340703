"""Who has no cluster pays nothing for it; who has one keeps its doors shut."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.cluster.engine import ClusterProblem, ray_itself
from index.cluster.messages import Failed, HasModel, answer_in, packed
from index.cluster.worker import FOLDER, Worker

_RUN = """
import json, os, sys
from ui.cli import app
try:
    app(sys.argv[1:])
except SystemExit:
    pass
open(os.environ["SEEN"], "w").write(json.dumps(sorted(sys.modules)))
"""


@pytest.mark.parametrize("command", ["sync", "ask", "search", "status"])
def test_without_a_cluster_ray_is_not_imported(
    command: str, codedesk: Callable[..., object], home: Path, tmp_path: Path
) -> None:
    """Neither Ray nor anything of ours that talks to it."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "one.md").write_text("# One\n\nBill 0581T once.\n", "utf-8")
    codedesk("sync", str(tmp_path / "rules"))
    given = {"sync": [str(tmp_path / "rules")], "ask": ["0581T?"], "search": ["0581T"]}
    subprocess.run(
        [sys.executable, "-c", _RUN, command, *given.get(command, [])],
        env={"CODEDESK_HOME": str(home), "SEEN": str(tmp_path / "seen"), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        timeout=120,
    )
    seen = json.loads((tmp_path / "seen").read_text("utf-8"))
    assert "index.home" in seen
    assert [name for name in seen if name.split(".")[0] == "ray" or "index.cluster" in name] == []


def test_a_cluster_without_a_token_is_not_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    with pytest.raises(ClusterProblem, match="whoever reaches a port"):
        ray_itself()


@pytest.mark.parametrize(
    "asked",
    [b"", b"\x80\x04\x95", b"\x81\xa4type\xa7nothing", packed(HasModel(b"no card"))[:-3]],
)
def test_a_worker_answers_nonsense_with_a_failure(
    asked: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    answer = answer_in(Worker().ask(asked))
    assert isinstance(answer, Failed)


def test_what_a_worker_is_told_to_write_stays_in_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.cluster.messages import Drop, Fetch

    monkeypatch.setenv(FOLDER, str(tmp_path / "workers"))
    (tmp_path / "mine").mkdir()
    worker = Worker()
    for asked in (Drop("../../../mine"), Fetch("..", "../x", 0), Fetch("a", "../../x", 0)):
        assert isinstance(answer_in(worker.ask(packed(asked))), Failed)
    assert (tmp_path / "mine").is_dir()
