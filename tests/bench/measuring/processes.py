"""Run a command in a process of its own and say what it took."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


class NotRun(Exception):
    """A system could not be measured; the message says why, and its row in the table shows it."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A process that has ended.

    `peak_memory_mb` is in MB of 10^6 bytes and is None where the system does not tell. It is that
    of the largest single process: of worker processes the largest counts, not their sum.
    """

    exit_code: int
    seconds: float
    peak_memory_mb: float | None
    output: str
    complaint: str


def run_measured(command: Sequence[str], variables: Mapping[str, str]) -> Finished:
    """Run to the end, from the start of the process to its last byte; never raises on failure."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(command, env=dict(variables), stdout=output, stderr=errors)
        exit_code, peak = _wait(process)
        seconds = time.perf_counter() - started
        output.seek(0)
        errors.seek(0)
        lines = errors.read().decode(errors="replace").strip().splitlines()
        return Finished(
            exit_code=exit_code,
            seconds=seconds,
            peak_memory_mb=peak,
            output=output.read().decode(errors="replace"),
            complaint=lines[-1] if lines else "",
        )


def codedesk_command() -> Path | None:
    """The `codedesk` installed beside this interpreter, never another one on the path."""
    name = "codedesk.exe" if os.name == "nt" else "codedesk"
    command = Path(sys.executable).parent / name
    return command if command.exists() else None


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, float | None]:
    if not hasattr(os, "wait4"):
        return process.wait(), None
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    return process.returncode, round(usage.ru_maxrss * unit / 1e6, 1)
