"""Commands for several machines with one library: publish and follow."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.shared import FAILED, USAGE, Json, home, note, out, say, settings

if TYPE_CHECKING:
    from index.replicas.follow import Followed as Done
    from index.replicas.publish import Taking

_SECONDS = 60.0


def register(app: typer.Typer) -> None:
    app.command()(publish)
    app.command()(follow)


def publish(
    to: Annotated[str, typer.Option("--to", metavar="URL", help="A folder, s3://..., sftp://...")],
    take_over: Annotated[
        bool, typer.Option("--take-over", help="Though another home publishes there.")
    ] = False,
    without: Annotated[
        bool, typer.Option("--without-originals", help="Leave the documents' files out.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Put what answers here where other machines follow it."""
    from index.replicas.publish import publish as put
    from ui.schema.model import dumps
    from ui.schema.replicas import Published

    done = put(home(), to, take_over=take_over, originals=not without, progress=_say_sending)
    if not done.again:
        note("publish", generation=done.generation)
    if as_json:
        out(dumps(Published.like(done)))
    elif done.again:
        out(f"Generation {done.generation} is published there already.")
    else:
        out(
            f"Generation {done.generation} is published: {done.sent} files sent, "
            f"{done.bytes / 1e6:,.1f} MB."
        )


def follow(
    url: Annotated[str | None, typer.Argument(metavar="URL")] = None,
    once: Annotated[bool, typer.Option("--once", help="Fetch what there is, then end.")] = False,
    every: Annotated[
        float, typer.Option("--every", metavar="SECONDS", min=1, help="How often to look.")
    ] = _SECONDS,
    stop: Annotated[
        bool, typer.Option("--stop", help="Follow no more; what answers stays.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Let what another machine published answer here, and go on following it until stopped."""
    from corpus.errors import CodedeskError
    from index.replicas.follow import follow as take
    from index.replicas.following import stop_following

    if stop:
        stop_following(home())
        return
    if url is None:
        say("Name the address to follow, as in `codedesk follow s3://bucket/library`.")
        raise typer.Exit(USAGE)
    while True:
        try:
            _told(take(home(), url, progress=_say_fetching), as_json=as_json, once=once)
        except CodedeskError as problem:
            say(str(problem))
            if once:
                raise typer.Exit(FAILED) from problem
        if once:
            return
        time.sleep(every)


def _told(done: Done, *, as_json: bool, once: bool) -> None:
    from ui.alerts.telling import tell_after
    from ui.schema.model import dumps
    from ui.schema.replicas import Followed

    if done.changed:
        tell_after(settings(), say=say)
    if as_json:
        out(dumps(Followed.like(done)))
    elif done.changed:
        out(
            f"Generation {done.generation} answers now: {done.fetched} files fetched, "
            f"{done.bytes / 1e6:,.1f} MB."
        )
    elif once:
        out(f"Generation {done.generation} answers already.")


def _say_sending(taking: Taking) -> None:
    _say_some(taking, "sent")


def _say_fetching(taking: Taking) -> None:
    _say_some(taking, "fetched")


def _say_some(taking: Taking, done: str) -> None:
    if taking.number == taking.count or taking.number % 100 == 0:
        say(f"{taking.number} of {taking.count} files {done}.")
