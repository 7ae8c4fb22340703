"""The `codedesk` command.

Standard output holds the answer alone; all else goes to standard error. Exit codes: 0 done,
1 failed, 2 wrong usage, 3 done but some files failed, 4 `ask` found no answer.
"""

from __future__ import annotations

import gc
import os
import sys

import typer

from ui.commands import asking, codes, keeping, measuring, tending
from ui.commands.shared import FAILED, USAGE

# Objects made before garbage is looked for. Importing makes none; looking for it after every 700
# objects took a tenth of the time of importing.
_COLLECTED_AFTER = 50_000

app = typer.Typer(
    help="Cited answers to billing questions about CPT 0581T, from your own library, offline.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
for group in (asking, codes, keeping, measuring, tending):
    group.register(app)


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
        sys.exit(_explain(error))
    finally:
        # Else the interpreter looks once more for garbage in all it has, and takes the model apart:
        # 0.1 s after the answer, for memory that the end of the process gives back anyway.
        gc.freeze()


def _explain(error: Exception) -> int:
    """Say what happened and what to do; give the exit code. What nobody foresaw is logged."""
    from assistant.question.operators import BadQuery
    from corpus.errors import CodedeskError
    from index.errors import lacks_space

    if isinstance(error, CodedeskError):
        _say(str(error))
        return USAGE if isinstance(error, BadQuery) else FAILED
    if isinstance(error, OSError):
        hint = "Check the path and its permissions."
        if lacks_space(error):
            hint = "There is no space left: free some and run the command again."
        _say(f"{error.strerror or error}: {error.filename or 'the index'}. {hint}")
        return FAILED
    if lacks_space(error):
        _say("There is no space left. The index is as it was. Free some and run it again.")
        return FAILED
    from ui.state.error_log import note

    where = note(error)
    kept = f"The details are in {where}. " if where else ""
    _say(
        f"Codedesk met an error of its own ({type(error).__name__}). {kept}The index is as it was; "
        "`codedesk doctor` looks whether all is well."
    )
    return FAILED


def _say(text: str) -> None:
    from ui.terminal.safe import safe

    sys.stderr.write(safe(text) + "\n")


if __name__ == "__main__":
    main()
