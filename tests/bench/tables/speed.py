"""The speed figures as tables that people read; every number comes from the JSON beside them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from measuring.machine import sentence
from measuring.results import by_size
from tables.comparison import markdown_table, number
from tables.growth import Row, value

STAND_IN = (
    "At the sizes marked * the vectors come from a stand-in for the model, everything else is the "
    "product: {base_passages:,} base passages were embedded by the real model and recombined. An "
    "edited passage's vector lies from its base as far as real edits of {edits_measured} passages "
    "moved theirs (cosine {edit_cosine_p50}, 5th to 95th percentile {edit_cosine_p5} to "
    "{edit_cosine_p95}), in the span of the measured directions; two base passages have a cosine "
    "of {pair_cosine_mean} on average (sd {pair_cosine_sd}). Seconds of indexing there are without "
    "the forward pass."
)


def speed_document(document: Mapping[str, Any]) -> str:
    """Everything that was measured, each table with what it needs to be read by itself."""
    rows = by_size(document)
    once: Mapping[str, Row] = document["parts"]
    tables = [
        _indexing(rows),
        _disk(rows),
        _questions(rows),
        _parts(rows),
        _filters(rows),
        _recall(rows),
        _crowd(rows),
        _page(rows),
        _change(rows),
        _reading(once.get("reading")),
        _cold_references(once.get("cold_references")),
        _limits(once.get("limits"), rows),
        _growth(document.get("growth") or (), sorted(rows)),
        _on_paper(document.get("on_paper")),
    ]
    geometry = next((g for row in rows.values() if (g := _at(row, "index", "geometry"))), None)
    notes = [STAND_IN.format(**geometry)] if geometry else []
    notes += [f"Not measured: {gap}" for gap in _gaps(rows, once)]
    body = "\n\n".join(part for part in (*tables, *notes, _taken(rows, once)) if part)
    return f"# Speed\n\n{body}\n\n{sentence(document['machine'])}\n"


def _indexing(rows: Mapping[int, Row]) -> str:
    heading = [
        "passages",
        "reference/s",
        "model alone/s",
        "embedder/s",
        "embedder : model",
        "sync/s",
        "sync : reference",
        "sync s",
        "peak MB",
    ]
    body = []
    for size, row in rows.items():
        theirs = value(row, ("reference", "passages_per_second"))
        ours = value(row, ("index", "passages_per_second"))
        stand_in = _at(row, "index", "model") == "stand-in"
        body.append(
            [
                f"{size:,}*" if stand_in else f"{size:,}",
                *_cells(row, "reference", "passages_per_second"),
                *_cells(row, "raw_model", "passages_per_second", "embedder_per_second", "ratio"),
                number(ours),
                number(ours / theirs if ours and theirs and not stand_in else None),
                *_cells(row, "index", "seconds", "peak_memory_mb"),
            ]
        )
    return _table("Indexing, passages a second", heading, body)


def _disk(rows: Mapping[int, Row]) -> str:
    names = _names(rows, "index", "disk", "parts")
    body = [
        [f"{size:,}", number(value(row, ("index", "disk", "total_mb")))]
        + [number(value(row, ("index", "disk", "parts", name))) for name in names]
        for size, row in rows.items()
        if _at(row, "index", "disk")
    ]
    return _table("Disk, MB of one generation", ["passages", "all", *names], body)


def _questions(rows: Mapping[int, Row]) -> str:
    heading = [
        "passages",
        "reference p50 ms",
        "p95",
        "without late p50 ms",
        "p95",
        "with late p50 ms",
        "p95",
        "memory, own MB",
        "peak MB",
        "opening s",
        "cold ask s",
        "`--help` s",
    ]
    body = [
        [
            f"{size:,}",
            *_cells(row, "reference", "query_p50_ms", "query_p95_ms"),
            *(number(value(row, ("warm", "quick", name))) for name in ("p50_ms", "p95_ms")),
            *(number(value(row, ("warm", "late", name))) for name in ("p50_ms", "p95_ms")),
            *(
                number(value(row, ("warm", "late", "memory", name)))
                for name in ("own_mb", "peak_mb")
            ),
            number(value(row, ("warm", "late", "open_seconds"))),
            *_cells(row, "cold", "median_seconds", "help_seconds"),
        ]
        for size, row in rows.items()
    ]
    return _table("Questions, one thread, one after the other", heading, body)


def _parts(rows: Mapping[int, Row]) -> str:
    names = _names(rows, "warm", "late", "parts")
    body = [
        [f"{size:,}", *(number(value(row, ("warm", "late", "parts", name))) for name in names)]
        for size, row in rows.items()
        if _at(row, "warm", "late", "parts")
    ]
    return _table("A question's parts, p50 ms, each by itself", ["passages", *names], body)


def _filters(rows: Mapping[int, Row]) -> str:
    heading = ["passages, filter", "passages left", "p50 ms", "p95", "first question ms"]
    body = [
        [f"{size:,}, {name}", f"{found['share']:.0%}"]
        + [number(found[key]) for key in ("p50_ms", "p95_ms", "first_ms")]
        for size, row in rows.items()
        for name, found in (_at(row, "warm", "late", "filters") or {}).items()
    ]
    return _table("Questions under filters, late interaction included", heading, body)


def _recall(rows: Mapping[int, Row]) -> str:
    heading = [
        "passages",
        "recall@50",
        "worst question",
        "dense p50 ms",
        "p95",
        "cosine of the nearest",
        "of the 50th",
    ]
    body = [
        [
            f"{size:,}, {'approximate' if row['recall']['approximate'] else 'exact'}",
            f"{row['recall']['recall']:.4f}",
            f"{row['recall']['recall_worst']:.2f}",
            *(number(value(row, ("recall", "dense", name))) for name in ("p50_ms", "p95_ms")),
            *_cells(row, "recall", "nearest_cosine", "kth_cosine"),
        ]
        for size, row in rows.items()
        if value(row, ("recall", "recall")) is not None
    ]
    return _table("Dense search against exact search", heading, body)


def _crowd(rows: Mapping[int, Row]) -> str:
    heading = [
        "passages",
        "one asker/s",
        "p95 ms",
        "many askers/s",
        "p95 ms",
        "errors",
        "many : one",
        "one, cores taken, p50 ms",
        "p95",
    ]
    body = [
        [
            f"{size:,}, {row['crowd']['askers']} askers",
            *(number(value(row, ("crowd", "alone", name))) for name in ("per_second", "p95_ms")),
            *(
                number(value(row, ("crowd", "crowd", name)))
                for name in ("per_second", "p95_ms", "errors")
            ),
            *_cells(row, "crowd", "throughput_ratio"),
            *(number(value(row, ("crowd", "busy", name))) for name in ("p50_ms", "p95_ms")),
        ]
        for size, row in rows.items()
        if _at(row, "crowd", "alone")
    ]
    return _table("Many askers at one desk, and one on a busy machine", heading, body)


def _page(rows: Mapping[int, Row]) -> str:
    heading = [
        "passages",
        "server listens s",
        "new browser, box s",
        "first answer s",
        "known browser, box s",
        "first answer s",
        "Enter to answer p50 ms",
        "p95",
    ]
    body = [
        [
            f"{size:,}",
            _seconds(row, "new_browser", "listening_ms"),
            *(
                _seconds(row, browser, name)
                for browser in ("new_browser", "known_browser")
                for name in ("page_opened_ms", "first_answer_ms")
            ),
            *(number(value(row, ("page", "in_turn", name))) for name in ("p50_ms", "p95_ms")),
        ]
        for size, row in rows.items()
        if _at(row, "page", "in_turn")
    ]
    return _table("The page, from the start of its server, in Chromium", heading, body)


def _seconds(row: Row, browser: str, name: str) -> str:
    taken = value(row, ("page", browser, name))
    return number(None if taken is None else taken / 1000)


def _change(rows: Mapping[int, Row]) -> str:
    heading = [
        "passages",
        "nothing changed s",
        "one document changed s",
        "embedded",
        "written MB",
        "linked MB",
        "one document removed s",
        "written MB",
    ]
    keys = ("unchanged_seconds", "seconds", "embedded", "written_mb", "linked_mb")
    keys += ("removed_seconds", "removed_written_mb")
    body = [
        [f"{size:,}", *_cells(row, "change", *keys)]
        for size, row in rows.items()
        if value(row, ("change", "seconds")) is not None
    ]
    return _table("Indexing again", heading, body)


def _reading(row: Row | None) -> str:
    if not row or "reason" in row:
        return ""
    keys = ("pypdf_per_second", "one_worker_per_second", "two_workers_per_second", "ratio")
    body = [[f"{row['pages']} pages", *(number(row[key]) for key in keys)]]
    heading = [
        "a PDF of prose and tables",
        "pypdf alone",
        "one worker",
        "two workers",
        "one : pypdf",
    ]
    return _table("Reading, pages a second", heading, body)


def _cold_references(row: Row | None) -> str:
    systems: Mapping[str, Row] = (row or {}).get("systems", {})
    body = [[found["about"], number(found.get("seconds"))] for found in systems.values()]
    return _table(
        "References from a cold start: 27 texts indexed, one question", ["system", "seconds"], body
    )


def _limits(row: Row | None, rows: Mapping[int, Row]) -> str:
    """What bytes and operations allow: floors under the figures above, and the figures."""
    if not row or "reason" in row:
        return ""
    weights, core = row["weights_mb"], row["read_gb_s_one_core"]
    operations = row["gflop_a_token"] * row["question_tokens"]
    body = [
        ["one core reads, GB/s", core],
        ["one core counts in float32, GFLOP/s", row["gflop_s_one_core"]],
        ["all cores count, GFLOP/s", row["gflop_s_all_cores"]],
        ["the model's weights, MB, all read for a question", weights],
        [f"a question of {row['question_tokens']:.0f} tokens, GFLOP", round(operations, 3)],
        ["its floor by bytes, ms", round(weights / core, 1)],
        ["its floor by operations, ms", round(1000 * operations / row["gflop_s_one_core"], 1)],
        ["the model on it, p50 ms", row["question"]["p50_ms"]],
    ]
    taken = [found["raw_model"] for found in rows.values() if value(found, ("raw_model", "ratio"))]
    if taken:
        passage = row["gflop_a_token"] * taken[-1]["tokens_a_passage"]
        most = row["gflop_s_all_cores"] / passage
        body += [
            [f"a passage of {taken[-1]['tokens_a_passage']:.0f} tokens, GFLOP", round(passage, 2)],
            ["passages/s if all cores did nothing else", round(most, 1)],
            ["passages/s of the model alone", taken[-1]["passages_per_second"]],
        ]
    return _table(
        "What this machine allows", ["what", "figure"], [[name, number(n)] for name, n in body]
    )


def _growth(figures: Iterable[Row], sizes: Sequence[int]) -> str:
    heading = ["figure", *(f"{size:,}" for size in sizes), "exponent", "for 100,000 more"]
    body = [
        [
            f"{row['figure']}, {row['unit']}",
            *(number(row["values"].get(str(size))) for size in sizes),
            number(row["exponent"]),
            number(row["per_100000"]),
        ]
        for row in figures
        if row["values"]
    ]
    title = "Growth: exponent 0 stays the same, 1 grows with the number of passages"
    return _table(title, heading, body)


def _on_paper(paper: Row | None) -> str:
    if not paper:
        return ""
    title = f"On paper: {paper['passages']:,} passages, from the figures above"
    rows = {
        f"shards of {paper['shard_passages']:,} passages": paper["shards"],
        "memory of all that answer, GB": paper["memory_gb"],
        "disk of one generation, GB": paper["disk_gb"],
        f"shards on a machine of {paper['machine_gb']} GB, half for the index": paper[
            "shards_a_machine"
        ],
        f"machines of {paper['machine_cores']} cores": paper["machines"],
        "question p95, all shards at once, ms": paper["p95_ms"],
        "indexing on one machine like this, days": paper["index_days_on_one_machine_like_this"],
        "indexing on all of them, days": paper["index_days_on_all"],
    }
    return _table(title, ["what", "needed"], [[name, number(n)] for name, n in rows.items()])


def _gaps(rows: Mapping[int, Row], once: Mapping[str, Row]) -> list[str]:
    """What was not measured, and why."""
    gaps = [f"{name}: {part['reason']}" for name, part in once.items() if "reason" in part]
    for size, row in rows.items():
        parts = {name: part for name, part in row.items() if isinstance(part, Mapping)}
        gaps += [
            f"{name} at {size:,}: {part['reason']}"
            for name, part in parts.items()
            if "reason" in part
        ]
    return gaps


def _taken(rows: Mapping[int, Row], once: Mapping[str, Row]) -> str:
    """On which commits and under which loads the parts were taken."""
    parts = [part for row in rows.values() for part in row.values() if isinstance(part, Mapping)]
    taken = [part["taken"] for part in (*parts, *once.values()) if "taken" in part]
    loads = [float(each["load_before"]) for each in taken if each["load_before"] is not None]
    commits = ", ".join(sorted({str(each["commit"]) for each in taken if each["commit"]}))
    if not loads or not commits:
        return ""
    return (
        f"Taken at commit {commits}; load before a part {min(loads):.2f} to {max(loads):.2f} "
        "(the benchmark's own parts before it count in it)."
    )


def _table(title: str, heading: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    return f"## {title}\n\n" + markdown_table(heading, body) if body else ""


def _names(rows: Mapping[int, Row], *place: str) -> list[str]:
    """What is named at a place at any size, in the order in which it was measured."""
    return list(dict.fromkeys(name for row in rows.values() for name in _at(row, *place) or ()))


def _cells(row: Row, part: str, *keys: str) -> list[str]:
    return [number(value(row, (part, key))) for key in keys]


def _at(row: Row, *place: str) -> Any:
    """What stands at a place, of any kind; None when it was not taken."""
    found: Any = row
    for key in place:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found
