"""OpenVINO on this machine's processor: precision, threads, and no telemetry."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any


def without_telemetry() -> None:
    """Keep openvino from loading its telemetry package: it then uses a stub that sends nothing."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]


def compiled(folder: Path, *, threads: int, precision: str) -> Any:
    """The model in `folder`, compiled for this processor; what was compiled is cached there.

    `threads` 0 means all; `precision` is f32, bf16, or auto: bf16 where the processor has it.
    """
    without_telemetry()
    import openvino

    core = openvino.Core()
    if precision == "auto":
        capable = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        precision = "bf16" if "BF16" in capable else "f32"
    settings: dict[str, Any] = {
        "INFERENCE_PRECISION_HINT": precision,
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": threads or os.cpu_count() or 1,
        "CACHE_DIR": str(folder / "compiled"),
    }
    return core.compile_model(str(folder / "model.xml"), "CPU", settings)
