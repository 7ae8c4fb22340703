"""OpenVINO on this machine's processor: precision, threads, and only the parts that run a model."""

from __future__ import annotations

import os
import sys
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = tuple[NDArray[np.float32], NDArray[np.float32]]
_TELEMETRY = "openvino_telemetry"
_CONVERTER = "openvino.tools.ovc"
_A_FEW_TOKENS = (np.zeros((1, 8), np.int64), np.ones((1, 8), np.int64))
# openvino's bindings set themselves up in the first run of a process. Two threads in it at once
# wait for each other for ever: one has the interpreter's lock, the other that of the setting up.
_STARTING = threading.Lock()


def without_telemetry() -> None:
    """Keep openvino from loading its telemetry package: it then uses a stub that sends nothing."""
    sys.modules.setdefault(_TELEMETRY, None)  # type: ignore[arg-type]


def runtime() -> Any:
    """The package openvino without its converter, which is a third of the time to import it.

    openvino goes on where the converter cannot be imported, so it is told that it cannot be; once
    that is over it can be again, and `index.model.convert` asks for it by its own name.
    """
    without_telemetry()
    hidden = _CONVERTER not in sys.modules
    if hidden:
        sys.modules[_CONVERTER] = None  # type: ignore[assignment]
    try:
        import openvino
    finally:
        if hidden:
            sys.modules.pop(_CONVERTER, None)
    return openvino


_PRECISIONS = ("f32", "bf16")
_CHOOSING = threading.Lock()


def arithmetic(precision: str) -> str:
    """f32 or bf16; auto is bf16 where this processor has it, and so is what int8 leaves over.

    CODEDESK_PRECISION says what auto is instead: tests try both on one machine.
    """
    if precision not in _PRECISIONS:
        precision = os.environ.get("CODEDESK_PRECISION", "")
    if precision in _PRECISIONS:
        return precision
    with _CHOOSING:
        return _of_processor()


@lru_cache(maxsize=1)
def _of_processor() -> str:
    capable = runtime().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return "bf16" if "BF16" in capable else "f32"


def in_words(precision: str) -> str:
    """What runs a model here, and how: "OpenVINO 2026.4.1, bf16"."""
    version = str(runtime().get_version()).partition("-")[0]
    return f"OpenVINO {version}, {arithmetic(precision)}"


def compiled(folder: Path, *, threads: int, streams: int, precision: str) -> Any:
    """The model in `folder`, compiled for this processor; what was compiled is cached there.

    The cache goes by the path, so the real one is given: every name for a folder that is linked
    would be compiled anew, and cost 90 MB each. Who may not write there, or does
    so at the same moment as another process, compiles for itself.
    """
    folder = folder.resolve()
    core = runtime().Core()
    settings: dict[str, Any] = {
        "INFERENCE_PRECISION_HINT": arithmetic(precision),
        "NUM_STREAMS": streams,
        "INFERENCE_NUM_THREADS": streams * threads,
        # Pinned, two processes that ask would share a core and leave another idle.
        "ENABLE_CPU_PINNING": False,
        "CACHE_DIR": str(folder / "compiled"),
    }
    model = str(folder / "model.xml")
    try:
        return core.compile_model(model, "CPU", settings)
    except RuntimeError:
        return core.compile_model(model, "CPU", settings | {"CACHE_DIR": ""})


OUTPUTS = ("passage", "tokens")  # of the converted model, in this order


class Engine:
    """A compiled model: token numbers in, vectors out. Safe to share between threads.

    Up to `streams` texts or batches run at once, each on `threads` of the processor's threads.
    `precision` is that of the arithmetic: f32, bf16, or auto, which is bf16 where the processor has
    it.
    """

    tokens_a_batch = 2048  # padded; from 512 up the rate is the same, and larger ones cost memory

    def __init__(self, folder: Path, *, threads: int, streams: int, precision: str) -> None:
        self._idle: list[Any] = []  # requests that no thread uses just now
        self._lock = threading.Lock()
        with _STARTING:
            self._model = compiled(folder, threads=threads, streams=streams, precision=precision)
            self.vectors(*_A_FEW_TOKENS)  # a first run costs several times as much as the next one

    def vectors(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Vectors:
        """Of texts, shape (texts, dimension), and of tokens, shape (texts, tokens, token
        dimension), all at length 1; those of padding mean nothing.

        A request serves one thread at a time.
        """
        with self._lock:
            request = self._idle.pop() if self._idle else self._model.create_infer_request()
        try:
            request.infer([ids, mask], share_inputs=True)
            passage, tokens = (request.get_tensor(name).data.copy() for name in OUTPUTS)
        finally:
            self._idle.append(request)
        return passage, tokens
