"""The tables that people read, made from what was measured."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from machine import sentence

QUALITY = ("nDCG@10", "R@10", "RR@10")

SPEED = {
    "passages": "passages",
    "passages/s": "passages_per_second",
    "p50 ms": "query_p50_ms",
    "p95 ms": "query_p95_ms",
    "peak MB": "peak_memory_mb",
}
"""Column -> its key in a system's own report."""

Row = Mapping[str, Any]


def comparison_document(document: Mapping[str, Any]) -> str:
    """One table a set, one for the means, and Codedesk's differences with their intervals."""
    rows: Sequence[Row] = document["rows"]
    systems: Mapping[str, str] = document["systems"]
    names = list(dict.fromkeys(row["set"] for row in rows))
    parts = [_set_table(name, rows, systems) for name in names]
    if len(names) > 1:
        parts.append(_mean_table(rows, systems, sets=len(names)))
    if document["differences"]:
        parts.append(_difference_table(document["differences"], systems))
    parts.append(sentence(document["machine"]))
    return "\n\n".join(parts) + "\n"


def markdown_table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column is left-aligned, the others right-aligned."""
    lines = ["| " + " | ".join(heading) + " |", "|---" + "|--:" * (len(heading) - 1) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def number(value: object) -> str:
    """A figure with as many digits as it deserves; a dash when there is none."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return "-"
    if isinstance(value, int) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _set_table(name: str, rows: Sequence[Row], systems: Mapping[str, str]) -> str:
    ours = [row for row in rows if row["set"] == name]
    questions = next((row["questions"] for row in ours if "questions" in row), 0)
    title = f"### {name}: {questions} questions"
    body = [_system_cells(row, systems) for row in ours]
    reasons = [f"{systems[row['system']]}: {row['reason']}" for row in ours if "reason" in row]
    return "\n\n".join([title, markdown_table(["system", *QUALITY, *SPEED], body), *reasons])


def _system_cells(row: Row, systems: Mapping[str, str]) -> list[str]:
    label = systems[row["system"]]
    if "reason" in row:
        return [label, "not run", *["-"] * (len(QUALITY) + len(SPEED) - 1)]
    report = row["report"]
    figures = [f"{row[measure]:.3f}" for measure in QUALITY]
    return [label, *figures, *(number(report.get(key)) for key in SPEED.values())]


def _mean_table(rows: Sequence[Row], systems: Mapping[str, str], *, sets: int) -> str:
    """Means over the sets, only of systems that ran on all of them."""
    body = []
    for system, label in systems.items():
        found = [row for row in rows if row["system"] == system and "reason" not in row]
        if len(found) == sets:
            means = (sum(row[measure] for row in found) / sets for measure in QUALITY)
            body.append([label, *(f"{mean:.3f}" for mean in means)])
    return f"### Mean over the {sets} sets\n\n" + markdown_table(["system", *QUALITY], body)


def _difference_table(differences: Sequence[Row], systems: Mapping[str, str]) -> str:
    """Codedesk minus each reference; an interval that holds zero is no difference."""
    body = [
        [
            f"{row['set']}, {systems[row['system']]}",
            f"{row['mean']:+.3f}",
            f"{row['low']:+.3f} to {row['high']:+.3f}",
            f"{row['p']:.3f}" if row["p"] >= 0.001 else "<0.001",
        ]
        for row in differences
    ]
    heading = ["Codedesk minus", "nDCG@10", "95% interval", "p"]
    return "### Paired bootstrap, 10,000 resamples\n\n" + markdown_table(heading, body)


def speed_document(document: Mapping[str, Any]) -> str:
    """Indexing, questions and growth by size, then the references' cold start."""
    sizes: Sequence[Row] = document["sizes"]
    parts = [_indexing_table(sizes), _question_table(sizes), _growth_table(sizes)]
    parts.append(_cold_table(document["cold"]))
    parts += [f"Not run at {row['passages']:,}: {reason}" for row in sizes for reason in _gaps(row)]
    parts.append(sentence(document["machine"]))
    return "\n\n".join(parts) + "\n"


def _indexing_table(sizes: Sequence[Row]) -> str:
    heading = [
        "passages",
        "reference/s",
        "model alone/s",
        "Codedesk/s",
        "times",
        "peak MB",
        "disk MB",
    ]
    body = []
    for row in sizes:
        theirs = _figure(row, "reference", "passages_per_second")
        ours = _figure(row, "sync", "passages_per_second")
        times = ours / theirs if ours is not None and theirs else None
        figures = [theirs, _figure(row, "raw_model", "passages_per_second"), ours, times]
        figures += [_figure(row, "sync", "peak_memory_mb"), _figure(row, "sync", "home_mb")]
        body.append([number(row["passages"]), *map(number, figures)])
    return "### Indexing, passages a second\n\n" + markdown_table(heading, body)


def _question_table(sizes: Sequence[Row]) -> str:
    heading = ["passages", "reference p50 ms", "p95", "Codedesk p50 ms", "p95", "peak MB", "cold s"]
    places = (
        ("reference", "query_p50_ms"),
        ("reference", "query_p95_ms"),
        ("warm", "p50_ms"),
        ("warm", "p95_ms"),
        ("warm", "peak_memory_mb"),
        ("cold_ask", "median_seconds"),
    )
    body = [
        [number(row["passages"]), *(number(_figure(row, *place)) for place in places)]
        for row in sizes
    ]
    return "### Questions\n\n" + markdown_table(heading, body)


def _growth_table(sizes: Sequence[Row]) -> str:
    heading = ["passages", "nothing changed, s", "one document changed, s", "passages embedded"]
    places = (("unchanged", "seconds"), ("one_change", "seconds"), ("one_change", "embedded"))
    body = [
        [number(row["passages"]), *(number(_figure(row, *place)) for place in places)]
        for row in sizes
    ]
    return "### Indexing again\n\n" + markdown_table(heading, body)


def _cold_table(cold: Mapping[str, Row]) -> str:
    body = [[row.get("about", name), number(row.get("seconds"))] for name, row in cold.items()]
    title = "### References from a cold start: 27 texts indexed, one question"
    return f"{title}\n\n" + markdown_table(["system", "seconds"], body)


def _figure(row: Row, part: str, key: str) -> float | None:
    """One figure of one measurement, None when it was not taken."""
    value = row.get(part, {}).get(key)
    return value if isinstance(value, int | float) else None


def _gaps(row: Row) -> list[str]:
    """What was not measured at one size, and why."""
    measured = {part: value for part, value in row.items() if isinstance(value, Mapping)}
    return [f"{part}: {value['reason']}" for part, value in measured.items() if "reason" in value]
