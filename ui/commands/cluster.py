"""Commands for a cluster: how large it is to be, and what lies where."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.commands.shared import USAGE, Json, home, out, say, settings

cluster = typer.Typer(
    help="Several machines as one: how many are needed, what lies where.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    app.add_typer(cluster, name="cluster")


@cluster.command()
def plan(
    passages: Annotated[int, typer.Argument(min=1)],
    memory: Annotated[float, typer.Option(min=1, help="GB of memory of a machine.")] = 64.0,
    disk: Annotated[float, typer.Option(min=1, help="GB of disk of a machine.")] = 2000.0,
    cores: Annotated[int, typer.Option(min=1, help="Cores of a machine.")] = 16,
    as_json: Json = False,
) -> None:
    """How many machines a library of so many passages takes, and how long its indexing."""
    from index.cluster.plan import Machine
    from index.cluster.plan import plan as planned
    from ui.schema.cluster import ClusterPlan
    from ui.schema.model import dumps
    from ui.terminal.cluster import show_plan

    found = ClusterPlan.like(planned(passages, Machine(memory, disk, cores)))
    if as_json:
        out(dumps(found))
    else:
        show_plan(found)


@cluster.command()
def status(as_json: Json = False) -> None:
    """Which node holds how many shards of which generation, and what is missing."""
    from ui.schema.cluster import cluster_of
    from ui.schema.model import dumps
    from ui.server.opening import on_cluster
    from ui.terminal.cluster import show_cluster

    asked = settings()
    if not (asked.cluster and asked.cluster_place):
        say(
            "No cluster answers here. Set `cluster` (HOST:PORT) and `cluster_place` (where the "
            "library is published) in settings.toml."
        )
        raise typer.Exit(USAGE)
    found = cluster_of(home(), on_cluster(asked.cluster, asked.cluster_place).keeper)
    if as_json:
        out(dumps(found))
    else:
        show_cluster(found)
