"""The `codedesk` command. A command is a thin function over the stage that does the work.

Standard output holds the answer alone; all else goes to standard error. Exit codes: 0 done,
1 failed, 2 wrong usage, 3 done but some files failed, 4 `ask` found no answer.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

# Everything else is imported inside the commands: `codedesk --help` must not wait for it.
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from assistant.desk import Desk
    from index.home import Home
    from index.library import Filters
    from ui.settings import Settings

FAILED, USAGE, SOME_FAILED, NO_ANSWER = 1, 2, 3, 4

app = typer.Typer(
    help="Cited answers to billing questions about CPT 0581T, from your own library, offline.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="The day to answer for.")]
Payers = Annotated[list[str] | None, typer.Option("--payer", help="Only this payer; repeatable.")]
Kinds = Annotated[list[str] | None, typer.Option("--kind", help="Only this kind; repeatable.")]


def main() -> None:
    """The entry point: errors a person can act on become one sentence, never a traceback."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from corpus.errors import CodedeskError

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except CodedeskError as error:
        from assistant.operators import BadQuery
        from ui.terminal import safe

        sys.stderr.write(f"{safe(str(error))}\n")
        sys.exit(USAGE if isinstance(error, BadQuery) else FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except OSError as error:
        what = error.strerror or str(error)
        hint = " Free some space and run the command again." if error.errno == 28 else ""
        sys.stderr.write(f"{what}: {error.filename or ''}.{hint}\n")
        sys.exit(FAILED)


@app.command()
def sync(
    folders: Annotated[list[Path] | None, typer.Argument(metavar="[FOLDER]...")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Make everything anew.")] = False,
    as_json: Json = False,
) -> None:
    """Bring the index up to date with folders (default: starter library and your own)."""
    from ui.as_json import dumps, report_json
    from ui.syncing import run_sync
    from ui.terminal import Bar, show_report

    with Bar() as progress:
        report = run_sync(
            _settings(), folders or [], progress=progress, force=force, dry_run=dry_run
        )
    if as_json:
        _print(dumps(report_json(report)))
    else:
        show_report(report)
    raise typer.Exit(SOME_FAILED if report.failed else 0)


@app.command()
def forget(folder: Path, as_json: Json = False) -> None:
    """Take a folder and all its documents out of the index; the files stay where they are."""
    from ui.as_json import dumps, report_json
    from ui.syncing import run_sync
    from ui.terminal import show_report

    report = run_sync(_settings(), [], only_known=True, forget=[folder])
    if as_json:
        _print(dumps(report_json(report)))
    else:
        show_report(report)


@app.command()
def ask(
    question: str,
    as_of: AsOf = None,
    payer: Payers = None,
    kind: Kinds = None,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages.")] = 3,
    as_json: Json = False,
) -> None:
    """Answer a question with passages of the library; exit code 4 when it has no answer."""
    from assistant.answer import Verdict
    from ui.as_json import answer_json, dumps
    from ui.terminal import show_answer

    answer = _desk().ask(question, _filters(as_of, payer, kind), k=k)
    if as_json:
        _print(dumps(answer_json(answer)))
    else:
        show_answer(answer)
    raise typer.Exit(NO_ANSWER if answer.verdict is Verdict.NOT_FOUND else 0)


def _settings() -> Settings:
    from ui.settings import read_settings

    return read_settings()


def _home() -> Home:
    from index.home import Home

    return Home(_settings().home)


def _desk() -> Desk:
    from assistant.desk import Desk

    settings = _settings()
    return Desk(_home(), model=settings.model, threads=settings.threads)


def _filters(
    as_of: str | None,
    payers: Sequence[str] | None = None,
    kinds: Sequence[str] | None = None,
    documents: Sequence[str] | None = None,
    *,
    include_all: bool = False,
) -> Filters:
    from corpus.document import KINDS
    from index.build import today
    from index.library import Filters

    for kind in kinds or ():
        if kind.lower() not in KINDS:
            raise typer.BadParameter(f"“{kind}” is no kind. The kinds are {', '.join(KINDS)}.")
    return Filters(
        on=_date(as_of) if as_of else today(),
        payers=tuple(payers or ()),
        kinds=tuple(kinds or ()),
        documents=tuple(documents or ()),
        include_all=include_all,
    )


def _date(text: str) -> date:
    from corpus.dates import parse_date

    found = parse_date(text)
    if found is None:
        raise typer.BadParameter(f"“{text}” is no date. Write it as 2025-03-01.")
    return found


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
