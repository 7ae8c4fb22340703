"""The machine that the figures were taken on, said in one line."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path


def describe() -> dict[str, object]:
    """Processor, cores, memory (GB of 10^9 bytes), system, Python, load and date."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "memory_gb": _memory_gb(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_before": _load(),
        "date": datetime.now(UTC).date().isoformat(),
    }


def state() -> dict[str, object]:
    """What may change from one measurement to the next: load, commit and date."""
    return {
        "load_before": _load(),
        "commit": _commit(),
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
    }


def sentence(machine: dict[str, object]) -> str:
    """One sentence for the foot of a table."""
    memory = f"{machine['memory_gb']} GB, " if machine["memory_gb"] is not None else ""
    load = machine["load_before"]
    busy = f", load before the run {load}" if load is not None else ""
    return (
        f"{machine['processor']}, {machine['cores']} cores, {memory}{machine['system']}, "
        f"Python {machine['python']}, {machine['date']}{busy}."
    )


def _commit() -> str | None:
    """The code that is measured, with a + where files differ from the commit; None without git."""
    here = Path(__file__).parent
    try:
        told = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--exclude=*"],
            cwd=here,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return told.stdout.strip()


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _memory_gb() -> float | None:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return None
    return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9, 1)


def _load() -> float | None:
    """The load average of the last minute: above about 0.5, speeds are not to be trusted."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
