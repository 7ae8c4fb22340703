"""What runs in a job's own process: `python -m ui.jobs.process HOME NUMBER`."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from corpus.errors import CodedeskError
from index.audience.sight import EVERYTHING, Sight
from index.home import Home
from index.opening import open_last_good
from ui.alerts.telling import tell_after
from ui.jobs import jobs, running
from ui.jobs.gate import Gate, gated
from ui.jobs.notes import Notes
from ui.jobs.syncing import run_sync
from ui.state.settings import Settings, read_settings, starter_library


def main() -> int:
    """Run the job and write down how it ended. The exit code is that of the command line."""
    home, number = Path(sys.argv[1]), int(sys.argv[2])
    job = jobs.read(home, number)
    if job is None:
        return 2
    notes = Notes(home, replace(job, pid=os.getpid(), since=running.started(os.getpid())))
    ended = _worked(notes)
    notes.end(ended)
    return 0 if ended.state == "done" else 1


def _worked(notes: Notes) -> jobs.Job:
    """Do the work; gives the job as it ended."""
    try:
        with notes:
            report = _WORK[notes.job.kind](notes, notes.job.options)
    except CodedeskError as error:
        problem = str(error)
    except Exception:
        traceback.print_exc()  # into the job's log
        problem = "It met an error of its own. The log says more."
    else:
        return replace(notes.job, state="done", ended=jobs.now(), report=report)
    return replace(notes.job, state="failed", ended=jobs.now(), problem=problem)


def _sync(notes: Notes, options: Mapping[str, Any]) -> Mapping[str, Any]:
    settings = read_settings()
    gate = Gate(settings, notes)
    before = _current(settings)
    report = run_sync(
        settings,
        [],
        progress=notes,
        force=bool(options.get("force")),
        retry=bool(options.get("retry")),
        starter=not Home(settings.home).kept() and not options.get("own"),
        approve=_at_once if options.get("edit") else gate,
        cluster="" if options.get("edit") else None,  # an edit is done before workers have started
    )
    for failed in report.failed:
        print(f"{jobs.now()} not read: {failed['path']}: {failed['reason']}")  # noqa: T201
    for passed in report.passed_over:
        print(f"{jobs.now()} passed over: {passed['path']}: {passed['reason']}")  # noqa: T201
    after = report.held or (report.generation if report.published else None)
    if before and after:
        if options.get("edit"):  # it answers already; what it did is told a little later
            gate.compare(before, after)
        changed = _logged(settings, before, after)
    else:
        changed = []
    if report.published:
        tell_after(settings, say=_print)
    return {**to_builtins(gated(report, gate.found)), "logged": changed}


def _of_everybody(seen_by: str, document: str) -> bool:
    return not seen_by


def _at_once(generation: int) -> bool:
    return True


def _current(settings: Settings) -> int | None:
    try:
        return Home(settings.home).current()
    except CodedeskError:
        return None


def _logged(settings: Settings, before: int, after: int) -> Any:
    """What changed for questions that people asked; a generation that is gone tells nothing."""
    from ui.jobs.evaluations import logged
    from ui.state.records import Records

    try:
        newest = reversed(Records(settings.home).questions(_of_everybody, most=500))
        asked = list(dict.fromkeys(one.question for one in newest))
        if not asked:
            return []
        return to_builtins(logged(settings, before, after, asked))
    except (CodedeskError, OSError) as error:
        print(f"{jobs.now()} logged questions: {error}")  # noqa: T201
        return []


def _print(sentence: str) -> None:
    print(f"{jobs.now()} {sentence}")  # noqa: T201 - into the job's log


def _alerts(notes: Notes, options: Mapping[str, Any]) -> Mapping[str, Any]:
    tell_after(read_settings(), say=_print)
    return {}


def _evaluate(notes: Notes, options: Mapping[str, Any]) -> Mapping[str, Any]:
    from ui.jobs.evaluations import has_two_sets, run

    settings = read_settings()
    asked = run(settings, progress=notes)
    with open_last_good(Home(settings.home)) as library:
        both = has_two_sets(settings.home, library)
    if both:
        run(settings, progress=notes, starters=True)
    return {"generation": asked["generation"], "questions": len(asked["outcomes"])}


def _dry_run(notes: Notes, options: Mapping[str, Any]) -> Mapping[str, Any]:
    settings = read_settings()
    report = run_sync(
        settings, [], progress=notes, dry_run=True, starter=not Home(settings.home).kept()
    )
    told: Mapping[str, Any] = to_builtins(report)
    return told


def _doctor(notes: Notes, options: Mapping[str, Any]) -> Mapping[str, Any]:
    from ui.jobs.health import health

    groups = options.get("groups")  # of who asks; None where they may see everything
    sight = EVERYTHING if groups is None else Sight(frozenset(groups))
    told: Mapping[str, Any] = to_builtins(health(read_settings(), sight))
    return told


def _backup(notes: Notes, options: Mapping[str, Any]) -> Mapping[str, Any]:
    from ui.jobs.backing_up import back_up_home

    file = Path(options["file"])
    done: Mapping[str, Any] = to_builtins(back_up_home(read_settings(), file))
    return {**done, "file": str(file)}


def _restore(notes: Notes, options: Mapping[str, Any]) -> Mapping[str, Any]:
    from index.care.restore import restore

    own = {"starter": starter_library()}
    done: Mapping[str, Any] = to_builtins(
        restore(Home(read_settings().home), Path(options["file"]), own=own)
    )
    return done


_WORK: Mapping[str, Callable[[Notes, Mapping[str, Any]], Mapping[str, Any]]] = {
    "sync": _sync,
    "evaluate": _evaluate,
    "dry run": _dry_run,
    "doctor": _doctor,
    "backup": _backup,
    "restore": _restore,
    "alerts": _alerts,
}

if __name__ == "__main__":
    sys.exit(main())
