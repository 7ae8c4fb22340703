"""What a sync does besides the model: `python -m tests.bench.sync_cost [FOLDER ...]`.

Syncs the folders, or 300 made Markdown files of some 5,100 short passages, into an empty home with
a model whose forward pass gives made vectors at once. Everything else is the product's own, the
tokenizer and what is done with the vectors included. Prints, in ms of the processor a passage, what
the syncing process and the reading processes take, and what the first takes for one passage alone,
in seconds: that is a sync's own, however large it is. Processor time hardly minds what else the
machine does; run it twice.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from index.home import Home
from index.model.embedder import Embedder
from index.model.source import converted_model
from index.sync import SyncSettings, sync

_SAID = (
    "the plan pays claim hospital outpatient cryoablation breast tumor authorization required "
    "medical record physician service date within days appeal denial code modifier units imaging "
    "ultrasound guidance biopsy report size millimeters member benefit coverage policy criteria "
    "review network provider facility fee schedule rate percent allowance procedure device supply"
)
_WORDS = _SAID.split()
_TOLD = ("0581T", "19105", "C50.911", "modifier 50", "90 days", "15 mm", "4,100 dollars")


class _AtOnce:
    """An engine that gives made vectors; `seconds` is what it took for them."""

    tokens_a_batch = 2048

    def __init__(self, embedder: Embedder) -> None:
        made = np.random.default_rng(0)
        self._vectors = made.standard_normal((512, embedder.dimension)).astype(np.float32)
        self._tokens = made.standard_normal((600, embedder.card.token_dimension))
        self._tokens = self._tokens.astype(np.float32)
        for rows in (self._vectors, self._tokens):
            rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        self.seconds = 0.0

    def vectors(self, ids: Any, mask: Any) -> Any:
        del mask
        started = time.thread_time()
        passages = self._vectors[ids.sum(axis=1) % len(self._vectors)]
        tokens = self._tokens[(ids + np.arange(ids.shape[1])) % len(self._tokens)]
        self.seconds += time.thread_time() - started
        return passages, tokens


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path)
    asked = parser.parse_args().folders
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        model = converted_model(work / "models")
        made, alone = work / "made", work / "alone"
        _write(made, files=300)
        alone.mkdir()
        (alone / "a.md").write_text("# Rule\n\n0581T is paid once.\n", encoding="utf-8")
        fixed, _, _ = _synced(model, work / "first", [alone])
        for folders in (asked or [made], asked or [made]):
            own, reading, passages = _synced(model, work / f"home{time.time_ns()}", folders)
            print(
                f"{passages:,} passages: {1000 * own / passages:.2f} ms a passage in the syncing "
                f"process (of it {fixed:.2f} s once), {1000 * reading / passages:.2f} in the "
                "reading processes"
            )


def _synced(model: Any, home: Path, folders: list[Path]) -> tuple[float, float, int]:
    """Seconds of the processor, of this process and of those that read, and the passages."""
    embedder = Embedder(model)
    engine = _AtOnce(embedder)
    embedder._engine = engine  # type: ignore[assignment]
    started, before = time.process_time(), os.times()
    report = sync(
        Home(home),
        [(None, folder) for folder in folders],
        embedder=lambda: embedder,
        settings=SyncSettings(workers=1),
    )
    own, after = time.process_time() - started - engine.seconds, os.times()
    reading = after.children_user + after.children_system
    return own, reading - before.children_user - before.children_system, report.passages


def _write(folder: Path, *, files: int) -> None:
    made = random.Random(5)
    folder.mkdir()

    def sentence() -> str:
        words = [made.choice(_WORDS) for _ in range(made.randint(8, 18))]
        return " ".join([*words, made.choice(_TOLD)]).capitalize() + "."

    for number in range(files):
        parts = [f"# Plan {number} policy\n\nEffective Date: 01/01/{2020 + number % 7}\n"]
        for section in range(1, 17):
            title = " ".join(made.choice(_WORDS) for _ in range(3)).title()
            text = " ".join(sentence() for _ in range(made.randint(3, 5)))
            parts.append(f"\n## {section}. {title}\n\n{text}\n")
        (folder / f"p{number:03}.md").write_text("".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
