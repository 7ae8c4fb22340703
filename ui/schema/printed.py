"""Which command prints which model with `--json`, and the JSON Schema of them all.

`python -m ui.schema.printed docs/schema.json` writes it; `make schema` does.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from msgspec.json import schema_components

from assistant.evaluation.bench import BenchReport
from index.care.backup import Done
from index.sync.report import SyncReport
from ui.access.tokens import Token
from ui.confirming.writing import Edit
from ui.jobs.gate import GatedReport
from ui.jobs.jobs import Job
from ui.schema.alerts import Alerts
from ui.schema.answers import Answer, Found
from ui.schema.cluster import ClusterPlan, ClusterStatus
from ui.schema.codes import Listing, Matrix
from ui.schema.documents import Shown
from ui.schema.library import Edition, Generation, Health, LibraryStatus, RolledBack
from ui.schema.measured import Evaluation, Evaluations, IdentityScore, PageScore
from ui.schema.metadata import Exported, Imported
from ui.schema.problem import Problem
from ui.schema.replicas import Followed, Published
from ui.schema.served import Belonging, Belongings
from ui.schema.versions import Changes, Difference
from ui.state.audit import Checked

PRINTED: dict[str, Any] = {
    "ask": Answer,
    "search": Found,
    "show": Shown,
    "code": Listing,
    "diff": Difference,
    "changes": Changes,
    "matrix": Matrix,
    "sync": SyncReport,
    "sync --gate": GatedReport,
    "forget": SyncReport,
    "status": LibraryStatus,
    "generations": tuple[Generation, ...],
    "rollback": RolledBack,
    "doctor": Health,
    "editions": tuple[Edition, ...],
    "backup": Done,
    "restore": Done,
    "publish": Published,
    "cluster plan": ClusterPlan,
    "cluster status": ClusterStatus,
    "follow": Followed,
    "eval": Evaluation,
    "eval of several sets": Evaluations,
    "eval --documents": PageScore,
    "eval --identity": IdentityScore,
    "bench": BenchReport,
    "metadata export": Exported,
    "metadata import": Imported,
    "metadata log": tuple[Edit, ...],
    "metadata undo": Edit,
    "groups list": Belongings,
    "groups set": Belonging,
    "audit verify": Checked,
    "tokens list": tuple[Token, ...],
    "alerts": Alerts,
}
_OTHERS = (Job, Problem)  # what a job is, and what becomes of an error


def schema() -> str:
    """The JSON Schema of all that is printed: `commands` says which command prints what."""
    shapes, definitions = schema_components([*PRINTED.values(), *_OTHERS])
    commands = dict(zip(PRINTED, shapes, strict=False))
    told = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What Codedesk prints with --json",
        "commands": commands,
        "$defs": dict(sorted(definitions.items())),
    }
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(schema(), encoding="utf-8")
