"""The tables that people read, made from what was measured."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from measuring.machine import sentence

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
