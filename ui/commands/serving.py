"""Commands that serve: ui for who sits at the machine, serve for a department, mcp, tokens."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated

import typer

from ui.access.roles import Act
from ui.commands.shared import Json, allow, caller, home, note, out, say, settings

Port = Annotated[int, typer.Option("--port", min=1, max=65535)]


def register(app: typer.Typer) -> None:
    app.command()(ui)
    app.command()(serve)
    app.command()(mcp)
    tokens = typer.Typer(help="Personal tokens: list, revoke.", no_args_is_help=True)
    tokens.command("list")(list_tokens)
    tokens.command("revoke")(revoke_token)
    app.add_typer(tokens, name="tokens")


def ui(port: Port = 8501) -> None:
    """Serve the pages to this machine only, without sign-in."""
    from ui.server.serve import serve

    serve(port, settings())


def serve(
    port: Port = 8501,
    address: Annotated[
        str, typer.Option("--address", help="Of this machine; 0.0.0.0 is all of them.")
    ] = "127.0.0.1",
    without_sign_in: Annotated[
        bool,
        typer.Option("--without-sign-in", help="Let everyone who can connect do everything."),
    ] = False,
) -> None:
    """Serve the pages, the HTTP API (/api/v1) and MCP (/mcp) at one address."""
    from ui.server.serve import serve as serve_at

    chosen = settings()
    if without_sign_in:  # then everybody sees everything
        allow(Act.SERVE, whole=True)
    sign_in = None if without_sign_in else chosen.sign_in
    if not (_is_here(address) or without_sign_in or sign_in):
        raise typer.BadParameter(
            f"{address} can be reached from other machines, and without sign-in everyone there "
            "could read and change everything. Set up sign-in (see docs/serving.md), or add "
            "--without-sign-in if that is what you want."
        )
    serve_at(port, chosen, address=address, sign_in=sign_in)


def mcp() -> None:
    """Serve an assistant on this machine: MCP over standard input and output."""
    from ui.assistants.stdio import serve_over_stdio

    serve_over_stdio(settings(), caller)


def list_tokens(as_json: Json = False) -> None:
    """Every token by its number: whose it is, what for, until when. None is shown itself."""
    from ui.access.tokens import Tokens
    from ui.schema.model import dumps
    from ui.terminal.tokens import show_tokens

    found = Tokens(home().path).listed()
    if as_json:
        out(dumps(found))
    else:
        show_tokens(found)


def revoke_token(
    number: Annotated[int, typer.Argument(help="See `codedesk tokens list`.")],
) -> None:
    """Take a token back for good."""
    from ui.access.tokens import Tokens

    Tokens(home().path).revoke(number)
    note("revoke token", number=number)
    say(f"Token {number} counts no more.")


def _is_here(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError as error:
        raise typer.BadParameter(
            f"“{address}” is no address. Give it in figures: 127.0.0.1."
        ) from error
