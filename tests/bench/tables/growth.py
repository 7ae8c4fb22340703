"""How figures grow with the number of passages, and what far larger libraries would need."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that is followed over the sizes: what it is called, its unit, where it stands.

    Some are only followed over the sizes that the same `model` embedded, real or stand-in.
    """

    name: str
    unit: str
    place: tuple[str, ...]
    model: str | None = None


FIGURES = (
    Figure("indexing, the model included", "s", ("index", "seconds"), "real"),
    Figure("indexing without its forward pass", "s", ("index", "seconds"), "stand-in"),
    Figure("peak memory of a sync", "MB", ("index", "peak_memory_mb")),
    Figure("disk", "MB", ("index", "disk", "total_mb")),
    Figure("opening", "s", ("warm", "late", "open_seconds")),
    Figure("cold `codedesk ask`", "s", ("cold", "median_seconds")),
    Figure("question with late interaction, p50", "ms", ("warm", "late", "p50_ms")),
    Figure("question with late interaction, p95", "ms", ("warm", "late", "p95_ms")),
    Figure("question without it, p50", "ms", ("warm", "quick", "p50_ms")),
    Figure("question without it, p95", "ms", ("warm", "quick", "p95_ms")),
    Figure("memory that answers, its own", "MB", ("warm", "late", "memory", "own_mb")),
    Figure("memory that answers, peak", "MB", ("warm", "late", "memory", "peak_mb")),
    Figure("nothing changed, whole process", "s", ("change", "unchanged_seconds"), "real"),
    Figure("nothing changed, the sync alone", "s", ("change", "unchanged_seconds"), "stand-in"),
    Figure("one document changed, whole process", "s", ("change", "seconds"), "real"),
    Figure("one document changed, the sync alone", "s", ("change", "seconds"), "stand-in"),
    Figure("one document changed, written", "MB", ("change", "written_mb")),
    Figure("one document removed, whole process", "s", ("change", "removed_seconds"), "real"),
    Figure("one document removed, the sync alone", "s", ("change", "removed_seconds"), "stand-in"),
    Figure("one document removed, written", "MB", ("change", "removed_written_mb")),
)

FAR = 100_000_000
"""Passages of a library that no one machine here holds."""

MACHINE_GB, MACHINE_CORES = 64, 16
"""The machine that the paper counts with; half of its memory is for the index."""


def value(row: Row, place: Sequence[str]) -> float | None:
    """One figure of a size, None when it was not taken."""
    found: Any = row
    for key in place:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, int | float) else None


def exponent(points: Sequence[tuple[float, float]]) -> float | None:
    """The slope of the least-squares line through the logarithms: 0 does not grow, 1 grows with the
    size. None for fewer than two sizes."""
    usable = [(math.log(size), math.log(found)) for size, found in points if found > 0]
    if len({size for size, _ in usable}) < 2:
        return None
    return _slope(usable)


def per_passage(points: Sequence[tuple[float, float]]) -> float | None:
    """What one more passage adds, from the two largest sizes; None for fewer than two."""
    known = sorted(points)
    if len(known) < 2:
        return None
    (smaller, low), (larger, high) = known[-2:]
    return (high - low) / (larger - smaller)


def points(rows: Mapping[int, Row], figure: Figure) -> list[tuple[float, float]]:
    part = figure.place[0]
    found = (
        (float(size), value(row, figure.place))
        for size, row in sorted(rows.items())
        if figure.model in (None, row.get(part, {}).get("model"))
    )
    return [(size, taken) for size, taken in found if taken is not None]


def growth(rows: Mapping[int, Row]) -> list[dict[str, object]]:
    """Each figure at each size, its exponent over all sizes and what 100,000 more passages add."""
    table = []
    for figure in FIGURES:
        known = points(rows, figure)
        step, power = per_passage(known), exponent(known)
        table.append(
            {
                "figure": figure.name,
                "unit": figure.unit,
                "values": {str(int(size)): taken for size, taken in known},
                "exponent": None if power is None else round(power, 2),
                "per_100000": None if step is None else round(step * 100_000, 3),
            }
        )
    return table


def on_paper(rows: Mapping[int, Row], *, passages: int = FAR) -> dict[str, object] | None:
    """What `passages` would need if each shard were as large as the largest size measured and asked
    at once: nothing but multiplication of what was measured. None without two sizes.

    Embedding is counted at the rate of the real model, from the largest size that it embedded.
    """
    if len(rows) < 2:
        return None
    shard = max(rows)
    one = rows[shard]
    shards = math.ceil(passages / shard)
    memory = value(one, ("warm", "late", "memory", "peak_mb"))
    disk = value(one, ("index", "disk", "total_mb"))
    p95 = value(one, ("warm", "late", "p95_ms"))
    rates = [(size, value(row, ("index", "passages_per_second"))) for size, row in rows.items()]
    real = [rate for size, rate in sorted(rates) if rate and rows[size]["index"]["model"] == "real"]
    per_machine = max(1, int(MACHINE_GB * 1000 / 2 // memory)) if memory else None
    machines = math.ceil(shards / per_machine) if per_machine else None
    waves = math.ceil(per_machine / MACHINE_CORES) if per_machine else None
    return {
        "passages": passages,
        "shard_passages": shard,
        "shards": shards,
        "machine_gb": MACHINE_GB,
        "machine_cores": MACHINE_CORES,
        "memory_gb": _rounded(memory and memory * shards / 1000),
        "disk_gb": _rounded(disk and disk * shards / 1000),
        "shards_a_machine": per_machine,
        "machines": machines,
        "p95_ms": _rounded(p95 and waves and p95 * waves),
        "index_days_on_one_machine_like_this": _rounded(real and passages / real[-1] / 86_400),
        "index_days_on_all": _rounded(
            real and machines and passages / real[-1] / 86_400 / machines
        ),
    }


def _rounded(found: Any) -> float | None:
    return round(found, 1) if isinstance(found, float | int) and found else None


def _slope(pairs: Sequence[tuple[float, float]]) -> float:
    middle = sum(x for x, _ in pairs) / len(pairs)
    height = sum(y for _, y in pairs) / len(pairs)
    above = sum((x - middle) * (y - height) for x, y in pairs)
    return above / sum((x - middle) ** 2 for x, _ in pairs)
