"""What lies among the converted models for nothing is swept; what is in use stays."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from index.model.conversions import CARD, CONVERSION, converting, held, sweep


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """Three conversions, and what killed ones left."""
    folder = tmp_path / "models"
    for name, kind in (("now-1", CONVERSION), ("old-1", CONVERSION - 1), ("former-1", None)):
        (folder / name / "compiled").mkdir(parents=True)
        card = {"name": name} if kind is None else {"name": name, "conversion": kind}
        (folder / name / CARD).write_text(json.dumps(card))
    for name in (".converting-x1", ".now-1-4711", ".removed-older", "notes"):
        (folder / name).mkdir()
        (folder / name / "model.bin").write_bytes(b"half")
    return folder


def _names(models: Path) -> set[str]:
    return {entry.name for entry in models.iterdir() if entry.is_dir()}


def test_what_nobody_can_use_is_swept_and_named(models: Path) -> None:
    swept = sweep(models)
    left = {".converting-x1", ".now-1-4711", ".removed-older", "old-1", "former-1"}
    assert set(swept) == left
    assert _names(models) == {"now-1", "notes"}
    assert sweep(models) == []


def test_nothing_is_swept_while_another_process_converts(models: Path) -> None:
    before = _names(models)
    script = "import sys; from pathlib import Path; from index.model.conversions import sweep\n"
    with converting(models, wait=True):
        done = subprocess.run(
            [sys.executable, "-c", script + "print(sweep(Path(sys.argv[1])))", str(models)],
            capture_output=True,
            encoding="utf-8",
        )
    assert done.stdout.strip() == "[]", done.stderr
    assert _names(models) == before


def test_a_conversion_in_use_stays_until_its_process_lets_go(models: Path) -> None:
    with held(models / "old-1"):
        assert "old-1" not in sweep(models)
        assert (models / "old-1" / CARD).is_file()
    assert sweep(models) == ["old-1"]


def test_what_is_no_conversion_cannot_be_held(models: Path) -> None:
    with pytest.raises(FileNotFoundError):
        held(models / "notes")
    assert sweep(models.parent / "none") == []
