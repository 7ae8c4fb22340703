"""A cluster in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from ui.terminal.safe import console, safe

if TYPE_CHECKING:
    from ui.schema.cluster import ClusterPlan, ClusterStatus


def show_plan(plan: ClusterPlan) -> None:
    out = console()
    table = Table(box=None, padding=(0, 2), show_header=False)
    for name, value in (
        ("passages", f"{plan.passages:,}"),
        ("machines", f"{plan.nodes:,}, each shard on {plan.copies}"),
        ("memory of each", f"{plan.memory_gb_a_node:,.1f} GB"),
        ("disk of each", f"{plan.disk_gb_a_node:,.1f} GB, with room for a newer state"),
        ("published", f"{plan.disk_gb_published:,.1f} GB"),
        ("of that, token vectors", f"{plan.token_vectors_gb:,.1f} GB"),
        ("first indexing", f"{plan.indexing_hours:,.1f} hours on all of them"),
        ("a question", f"{plan.question_ms:,.0f} ms and the network"),
    ):
        table.add_row(name, value)
    out.print(table)
    out.print(Text("Worked out from what was measured up to 1,000,000 passages: docs/speed.md."))


def show_cluster(status: ClusterStatus) -> None:
    out = console()
    copies = ", ".join(f"{count} on {number}" for number, count in status.copies.items())
    line = f"Generation {status.generation}: {status.shards} shards; by nodes: {copies or 'none'}."
    out.print(Text(line, style="" if status.whole else "bold red"))
    table = Table(box=None, padding=(0, 1), header_style="bold")
    for name in ("node", "machine", "address", "shards", "generations", "memory", "disk"):
        table.add_column(name)
    for node in status.nodes:
        if node.answers:
            held = ", ".join(map(str, node.generations))
            rest = (f"{node.shards}", held, f"{node.memory_mb:,.0f} MB", f"{node.disk_mb:,.0f} MB")
        else:
            rest = ("does not answer", "", "", "")
        table.add_row(*(safe(text) for text in (node.node, node.host, node.address, *rest)))
    out.print(table)
