"""The two models that read scans: one finds lines of text on a picture, one reads their letters.

They come inside the package `rapidocr`, which `pip install "codedesk[ocr]"` installs, and OpenVINO
runs them. Of that package nothing but its files is used: its own code would download what it lacks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

INSTALL = 'pip install "codedesk[ocr]"'
_FINDS, _READS = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
_OWN = 1  # raised when the same models give other words

Numbers = np.ndarray[Any, np.dtype[Any]]


@cache
def recogniser() -> str:
    """The name and version of what reads scans here; "" where it is not installed."""
    if _folder() is None or find_spec("cv2") is None:
        return ""
    try:
        return f"PP-OCRv6 small of rapidocr {version('rapidocr')}, {_OWN}"
    except PackageNotFoundError:
        return ""


def _folder() -> Path | None:
    spec = find_spec("rapidocr")  # not imported: it is found, and its folder read
    for place in (spec.submodule_search_locations or ()) if spec else ():
        models = Path(place) / "models"
        if (models / _FINDS).is_file() and (models / _READS).is_file():
            return models
    return None


class Models:
    """Both models, loaded and compiled for one thread: other processes read other files."""

    def __init__(self) -> None:
        import openvino

        folder = _folder()
        assert folder is not None
        core = openvino.Core()
        one = {"INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1, "ENABLE_CPU_PINNING": False}
        self._finds = core.compile_model(core.read_model(folder / _FINDS), "CPU", one)
        reads = core.read_model(folder / _READS)
        told = reads.get_rt_info(["framework", "character"]).astype(str)
        known = ("", *told.split("\n"), " ")
        kept = [at for at, letter in enumerate(known) if not letter or _is_western(letter)]
        self.letters = tuple(known[at] for at in kept)
        self._reads = core.compile_model(_best_of(reads, kept), "CPU", one)

    def text_map(self, picture: Numbers) -> Numbers:
        """For each pixel of a picture (3, height, width; sides divisible by 32; from -1 to 1) how
        surely it lies in a line of text."""
        found: Numbers = self._finds(picture[None])[0][0, 0]
        return found

    def letters_in(self, line: Numbers) -> tuple[Numbers, Numbers]:
        """Of a line's picture (3, 48, width; from -1 to 1), for each column of 8 pixels the number
        of the letter in `letters`, 0 for none, and how sure it is."""
        sure, letter = self._reads(line[None]).values()
        return letter[0, :, 0], sure[0, :, 0]


@cache
def models() -> Models:
    """Loaded once in a process, when the first page needs them."""
    return Models()


def _best_of(model: Any, kept: Sequence[int]) -> Any:
    """The model with the best of some letters for each column as its output. All 18,710 of a page
    of lines would take hundreds of megabytes; most are Chinese, and a lone T is taken for one.
    How sure it is stays what it is among all: of a page in Chinese it is sure of nothing."""
    import openvino
    from openvino import opset13 as ops

    every = model.output(0).get_node().input_value(0)
    western = ops.gather(every, np.array(kept, np.int32), ops.constant(np.int32(2)))
    best = ops.topk(western, ops.constant(np.int32(1)), 2, "max", "value")
    return openvino.Model(list(best.outputs()), model.get_parameters(), "letters")


def _is_western(letters: str) -> bool:
    return all(map(_is_western_letter, letters))


def _is_western_letter(letter: str) -> bool:
    if ord(letter) < 0x250:  # Latin with all its accents, figures and signs
        return True
    name = unicodedata.name(letter, "")
    return name.startswith("GREEK") or (0x2000 <= ord(letter) < 0x2700 and letter not in "−–")
