"""Without the data of any subject the product works: packs only add."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

_GARDEN = """# The kitchen garden

## How often are tomatoes watered?

Tomatoes are watered every two days, in the morning, at the root.

## When is garlic planted?

Garlic is planted in October, six weeks before the first frost.

## Which tool cuts hedges?

A hedge is cut with shears. Shears cost $35 at the village shop.
"""
_ASK = """
import json, sys
from pathlib import Path
import corpus.packs.billing as billing
billing._HERE = Path(sys.argv[1]) / "no packs"
from assistant.desk import Desk
from index.home import Home
from index.model.embedder import Embedder
from index.model.source import converted_model
from index.sync import SyncSettings, sync
folder, models = Path(sys.argv[1]), Path(sys.argv[2])
home = Home(folder / "home")
home.make()
embedder = Embedder(converted_model(models), threads=1)
settings = SyncSettings(workers=1)
sync(home, [("garden", folder / "garden")], embedder=lambda: embedder, settings=settings)
with Desk(home, embedder=embedder) as desk:
    answers = [desk.ask(question) for question in json.loads(sys.argv[3])]
print(json.dumps([[one.verdict, one.citations[0].section[-1], one.missing] for one in answers]))
"""


def test_without_packs_another_subject_is_answered_and_declined(
    tmp_path: Path, models: Path
) -> None:
    (tmp_path / "garden").mkdir()
    (tmp_path / "garden" / "garden.md").write_text(_GARDEN, "utf-8")
    questions = [
        "how often do I water tomatoes",
        "when is garlic planted",
        "how much do shears cost",
        "how much does garlic cost",
        "who won the world cup in brazil",
    ]
    done = subprocess.run(
        [sys.executable, "-c", _ASK, str(tmp_path), str(models), json.dumps(questions)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    water, plant, cost, no_cost, off = json.loads(done.stdout)
    assert water[:2] == ["answered", "How often are tomatoes watered?"]
    assert plant[:2] == ["answered", "When is garlic planted?"]
    assert cost[:2] == ["answered", "Which tool cuts hedges?"]
    assert no_cost[0] != "answered"
    assert off[0] == "not_found"
