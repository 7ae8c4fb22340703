"""Commands that take care of the index: doctor, backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.shared import FAILED, Json, home, out, settings

if TYPE_CHECKING:
    from index.care.doctor import Finding
    from ui.schema.library import Edition


def register(app: typer.Typer) -> None:
    app.command()(doctor)
    app.command()(editions)
    app.command()(backup)
    app.command()(restore)


def doctor(as_json: Json = False) -> None:
    """Check everything: files, counts, texts, model, space; exit code 1 when something is wrong."""
    from index.care.doctor import PROBLEM, examine
    from ui.schema.library import Health
    from ui.schema.model import dumps
    from ui.terminal.library import show_findings

    chosen = settings()
    pairs = _editions()
    findings = (
        *examine(home(), model=chosen.model, precision=chosen.precision),
        *_dates(),
        *_identities(),
        *map(_finding, pairs),
    )
    healthy = all(finding.level != PROBLEM for finding in findings)
    if as_json:
        out(dumps(Health(healthy=healthy, findings=findings, editions=pairs)))
    else:
        show_findings(findings)
    raise typer.Exit(0 if healthy else FAILED)


def _dates() -> list[Finding]:
    """Dates that contradict each other. A person should look at them; the index is not damaged."""
    from assistant.policies.date_checks import date_problems
    from index.care.doctor import NOTE, Finding
    from index.errors import IndexProblem
    from index.opening import open_last_good

    try:
        with open_last_good(home()) as library:
            return [Finding("dates", NOTE, sentence) for sentence in date_problems(library)]
    except (IndexProblem, OSError):
        return []  # the doctor has said so


def _editions() -> tuple[Edition, ...]:
    """The documents that look like versions of one; none where nothing can be opened."""
    from assistant.policies.editions import editions
    from index.editions.decisions import Decisions
    from index.errors import IndexProblem
    from index.opening import open_last_good
    from ui.schema.library import edition_of

    try:
        with open_last_good(home()) as library:
            found = editions(library, Decisions(home()).latest())
            return tuple(edition_of(library, one) for one in found)
    except (IndexProblem, OSError):
        return ()  # the doctor has said so


def _finding(pair: Edition) -> Finding:
    from index.care.doctor import GOOD, NOTE, Finding

    text = f"{pair.sentence} {' '.join(pair.evidence)}"
    if pair.same is not None:
        return Finding("versions", GOOD, text)
    sides = f"'{pair.earlier.id}' '{pair.later.id}'"
    remedy = f"Run `codedesk editions {sides} --same`, or with --apart."
    return Finding("versions", NOTE, text, remedy)


def editions(
    earlier: Annotated[str | None, typer.Argument(help="The earlier document.")] = None,
    later: Annotated[str | None, typer.Argument(help="The later one.")] = None,
    same: Annotated[bool, typer.Option(help="The two are versions of one document.")] = False,
    apart: Annotated[bool, typer.Option(help="The two are two documents.")] = False,
    undo: Annotated[bool, typer.Option(help="Take back the last decision on the two.")] = False,
    as_json: Json = False,
) -> None:
    """Documents that look like versions of one, and what a person says of two of them."""
    from ui.schema.model import dumps
    from ui.terminal.library import show_findings

    if (earlier is None) != (later is None) or (earlier is not None) != (same + apart + undo == 1):
        raise typer.BadParameter("Give two documents and one of --same, --apart and --undo.")
    if earlier is not None and later is not None:
        _decide(earlier, later, same=None if undo else same)
    pairs = _editions()
    if as_json:
        out(dumps(pairs))
    else:
        show_findings([_finding(pair) for pair in pairs])


def _decide(earlier: str, later: str, *, same: bool | None) -> None:
    """Note a decision on two documents of the library; None takes the last one back."""
    from assistant.showing import find_document
    from index.editions.decisions import Decisions
    from index.opening import open_last_good

    with open_last_good(home()) as library:
        first, second = (find_document(library, n)[0].document for n in (earlier, later))
    decisions = Decisions(home())
    if same is not None:
        decisions.decide(first, second, same=same)
    elif decisions.undo(first, second) is None:
        raise typer.BadParameter(f"Nobody decided anything on {first} and {second}.")


def _identities() -> list[Finding]:
    """What documents seem to be and nobody has confirmed, and names that no list has."""
    from assistant.policies.identities import identity_notes
    from corpus.errors import CodedeskError
    from index.care.doctor import NOTE, PROBLEM, Finding
    from index.errors import IndexProblem
    from index.opening import open_last_good

    try:
        known = settings().names()
    except CodedeskError as problem:
        return [Finding("names", PROBLEM, str(problem))]
    try:
        with open_last_good(home()) as library:
            return [Finding("identity", NOTE, note) for note in identity_notes(library, known)]
    except (IndexProblem, OSError):
        return []  # the doctor has said so


def backup(
    file: Annotated[Path, typer.Argument(help="Where to; an existing file is replaced.")],
    as_json: Json = False,
) -> None:
    """Put index, library folder, settings and desk records into one file, with their sums."""
    from index.care.backup import back_up
    from ui.schema.model import dumps

    done = back_up(home(), file)
    if as_json:
        out(dumps(done))
    else:
        out(f"Generation {done.generation}: {done.files:,} files, {done.bytes:,} bytes.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `codedesk backup` wrote.")],
    as_json: Json = False,
) -> None:
    """Check every sum of a backup, then put its state in place; what it replaces is kept aside."""
    from index.care.restore import restore as put_back
    from ui.schema.model import dumps
    from ui.state.settings import starter_library

    done = put_back(home(), file, own={"starter": starter_library()})
    if as_json:
        out(dumps(done))
    else:
        aside = f" What was there before is in {done.aside}." if done.aside else ""
        out(f"Generation {done.generation} answers, {done.files:,} files restored.{aside}")
