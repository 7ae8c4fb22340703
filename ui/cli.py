"""The `codedesk` command.

Only the answer goes to standard output; everything else goes to standard error. Exit codes: 0 done,
1 failed, 2 wrong usage, 3 done but some files failed, 4 `ask` found no answer, 5 a new generation
waits for approval.
"""

from __future__ import annotations

import gc
import os
import sys

import typer

from ui.commands import (
    alerting,
    asking,
    auditing,
    belonging,
    care,
    cluster,
    codes,
    library,
    measuring,
    metadata,
    records,
    replicas,
    serving,
)
from ui.commands.acts import guard
from ui.commands.shared import FAILED, USAGE

# New objects between two garbage collections. Imports make no garbage, and collecting after every
# 700 objects took a tenth of the import time.
_COLLECTED_AFTER = 50_000

app = typer.Typer(
    help="Cited answers to billing questions about CPT 0581T, from your own library, offline.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
for group in (
    *(asking, codes, library, metadata, measuring, care),
    *(alerting, replicas, cluster, serving, auditing, belonging, records),
):
    group.register(app)
guard(app)


def main() -> None:
    """The entry point: errors a person can act on become sentences, never tracebacks."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    gc.set_threshold(_COLLECTED_AFTER)
    os.umask(0o077)  # whatever is written is its owner's alone, until a home says otherwise
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except KeyboardInterrupt:
        _say("Stopped. The index is as it was.")
        sys.exit(FAILED)
    except Exception as error:
        from ui.schema.problem import problem_of

        found = problem_of(error)
        _say(found.problem)
        sys.exit(USAGE if found.usage else FAILED)
    finally:
        # Skips the interpreter's last garbage collection, which also takes the model apart: 0.1 s
        # after the answer, for memory that the process gives back anyway when it exits.
        gc.freeze()


def _say(text: str) -> None:
    from ui.terminal.safe import safe

    sys.stderr.write(safe(text) + "\n")


if __name__ == "__main__":
    main()
