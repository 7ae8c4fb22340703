"""Every reader, on small real files that were broken at random: seconds here, ten minutes slow."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import scene
from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import mutated
from reading import DOCUMENT, outcome
from seeds import seeds

from corpus.document import Document
from corpus.reading.pool import ReadJob, read_all
from index.model.embedder import Embedder

pytestmark = pytest.mark.trust("fuzz")
_FILES = seeds()
_KEPT = scene.HERE.parent / "artefacts" / "fuzz"


@pytest.mark.parametrize("name", [name for name in _FILES if not name.endswith(".toml")])
def test_what_is_broken_for_the_fuzz_is_read_when_it_is_whole(
    name: str, tmp_path: Path, embedder: Embedder
) -> None:
    (tmp_path / name).write_bytes(_FILES[name])
    assert outcome(tmp_path / name, embedder.sizer) == DOCUMENT


@settings(max_examples=150, deadline=None, derandomize=True)
@given(name=st.sampled_from(sorted(_FILES)), seed=st.integers(0, 2**32))
def test_a_file_broken_at_random_is_read_or_refused_in_a_sentence(
    name: str, seed: int, tmp_path_factory: pytest.TempPathFactory, embedder: Embedder
) -> None:
    folder = tmp_path_factory.getbasetemp() / "broken"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(mutated(_FILES[name], random.Random(seed)))
    target = folder / name.removesuffix(".meta.toml")
    if target.name != name:
        target.write_text("The text beside it, of 0581T.")
    outcome(target, embedder.sizer)
    (folder / name).unlink()


@pytest.mark.slow
def test_ten_minutes_of_broken_files_end_in_documents_and_reasons(
    models: Path,
    tmp_path: Path,
    figures: Counter[str],
    tried: Counter[tuple[str, str]],
    request: pytest.FixtureRequest,
) -> None:
    end = time.monotonic() + 60 * float(request.config.getoption("--fuzz-minutes"))
    counts, findings, crashes = Counter[str](), list[dict[str, Any]](), list[Path]()
    while (left := end - time.monotonic()) > 1:
        folder = tmp_path / f"fuzz-{len(crashes)}"
        folder.mkdir()
        command = [sys.executable, str(scene.HERE / "fuzzer.py"), str(models), str(folder)]
        seed = str(random.SystemRandom().randrange(2**32))
        done = subprocess.run([*command, seed, str(left)], capture_output=True, encoding="utf-8")
        told = [json.loads(line) for line in done.stdout.splitlines()]
        findings += [line for line in told if "finding" in line]
        for line in told:
            counts.update(line.get("counts", {}))
        if done.returncode:
            crashes.append(folder)
    for name, number in counts.items():
        kind, _, end_ = name.partition("|")
        tried[f"fuzzed {kind}", end_] += number
    hung = [line for line in findings if not _ends_within_limits(Path(line["file"]))]
    figures["minutes of fuzzing"] += round(float(request.config.getoption("--fuzz-minutes")))
    figures["files broken and read"] += sum(counts.values())
    figures["crashes of the process"] += len(crashes)
    figures["errors that were no refusal"] += _many(findings, "error")
    figures["slow or large ones, stopped by a sync's limits"] += len(findings) - _many(
        findings, "error"
    )
    figures["hangs"] += len(hung)
    _keep([*crashes, *(Path(line["file"]) for line in findings)])
    assert (crashes, [f for f in findings if f["finding"].startswith("error")], hung) == (
        [],
        [],
        [],
    )


def _many(findings: list[dict[str, Any]], kind: str) -> int:
    return sum(line["finding"].startswith(kind) for line in findings)


def _ends_within_limits(path: Path) -> bool:
    """Whether a sync's reading process makes a document of it or gives a reason."""
    [(_, result)] = read_all([ReadJob(path, path.name)], workers=1)
    return isinstance(result, Document) or result.reason.endswith(".")


def _keep(found: list[Path]) -> None:
    """What was found is kept beside the pictures of the pages, for whoever mends it."""
    for path in found:
        _KEPT.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, _KEPT / f"{path.name}-{int(time.time())}")
        else:
            shutil.copy(path, _KEPT)
