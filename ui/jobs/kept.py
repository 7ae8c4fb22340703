"""Jobs as they are kept with the records: what each does, how far it is, its report.

A job belongs to a home. Of each home one job runs at a time, wherever it was started. Whether its
process is still there is looked at where its number means something; elsewhere it is known by when
it was last heard of, by the database's own clock.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from msgspec.json import decode, encode

from ui.database.store import store_of
from ui.jobs import running
from ui.jobs.home_name import name_of, named
from ui.jobs.job import KINDS, Job, JobProblem, now

HEARD_EVERY = 5.0  # seconds between two signs of life
SILENT = 60.0  # seconds without one: its process is gone, or never began
_FIELDS = (
    *("id", "kind", "state", "pid", "started", "since", "ended", "step", "done", "total", "what"),
    *("problem", "report", "options"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A job with its home, the server that runs it, who sees its process (see running.py), when it
    was last heard of and how many seconds ago that is, whether it is to stop, and its log."""

    job: Job
    home: str
    server: str
    seen_from: str
    heard: float
    silent: float
    stopped: bool
    log: str

    @property
    def is_seen_here(self) -> bool:
        return bool(self.job.pid) and self.seen_from == running.seen_from_here()

    @property
    def is_under_way(self) -> bool:
        if self.is_seen_here:
            return running.is_running(self.job.pid, self.job.since)
        return self.silent < SILENT


class Jobs:
    """The jobs of a home, and of those that share its records."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._store = store_of(home)
        self._rows = self._store.rows

    def close(self) -> None:
        self._store.close()

    def begin(self, kind: str, options: Mapping[str, Any]) -> Job:
        """Note a new job of this home. Raises JobProblem while another one runs: there is one
        writer."""
        with self._store.writing():
            home = named(self._home)
            for before in self._found("home = :home AND state = 'running'", home=home):
                if before.is_under_way:
                    raise JobProblem(
                        f"{KINDS[before.job.kind]} is under way since {before.job.started}. Wait "
                        "for its end, or stop it."
                    )
                self._bury(before)
            job = Job(0, kind, "running", 0, now(), options=options)
            return replace(job, number=self._add(job, home=home))

    def started(self, job: Job) -> None:
        """Note its process."""
        self._rows(
            "UPDATE jobs SET pid = :pid, since = :since WHERE id = :id",
            pid=job.pid,
            since=job.since,
            id=job.number,
        )

    def note(self, job: Job) -> bool:
        """Note how far it is, and that it lives. Gives whether it is to stop."""
        told = self._rows(
            "UPDATE jobs SET state = 'running', ended = '', problem = '', pid = :pid,"
            " since = :since, server = :server, seen_from = :seen_from, step = :step, done = :done,"
            f" total = :total, what = :what, heard = {self._store.clock}"
            " WHERE id = :id AND started = :started RETURNING stopped",
            **_process(job),
            step=job.step,
            done=job.done,
            total=job.total,
            what=job.what,
            id=job.number,
            started=job.started,
        )
        return bool(told and told[0][0])

    def end(self, job: Job) -> None:
        """Note how it ended. A restore may have put other records in place of those that knew
        it."""
        with self._store.writing():
            home = named(self._home)
            known = self._rows(
                "UPDATE jobs SET state = :state, ended = :ended, step = :step, done = :done,"
                " total = :total, what = :what, problem = :problem, report = :report"
                " WHERE id = :id AND started = :started RETURNING id",
                **{name: getattr(job, name) for name in _PLAIN if name != "kind"},
                report=encode(job.report).decode(),
                id=job.number,
            )
            if not known:
                self._add(job, home=home)

    def take(self, job: Job, *, log: str) -> None:
        """Take over a job that was kept elsewhere, unless it was before."""
        with self._store.writing():
            home = named(self._home)
            known = self._rows(
                "SELECT 1 FROM jobs WHERE home = :home AND kind = :kind AND started = :started"
                " AND log = :log",
                home=home,
                kind=job.kind,
                started=job.started,
                log=log,
            )
            if not known:
                self._add(job, home=home, log=log)

    def _add(self, job: Job, *, home: str, log: str = "") -> int:
        """Gives its number. Where records are a home's own it keeps the one that it has."""
        values = {name: getattr(job, name) for name in _PLAIN}
        values |= {name: encode(getattr(job, name)).decode() for name in ("report", "options")}
        values |= {**_process(job), "home": home, "log": log, "stopped": 0}
        is_taken = self._rows("SELECT 1 FROM jobs WHERE id = :id", id=job.number)
        if job.number and not (self._store.is_shared or is_taken):
            values["id"] = job.number
        [(number,)] = self._rows(
            f"INSERT INTO jobs ({', '.join(values)}, heard)"
            f" VALUES ({', '.join(f':{name}' for name in values)}, {self._store.clock})"
            " RETURNING id",
            **values,
        )
        return int(number)

    def stop(self, number: int) -> None:
        """Let its process, wherever it runs, end itself."""
        self._rows("UPDATE jobs SET stopped = 1 WHERE id = :id", id=number)

    def one(self, number: int) -> Kept | None:
        """A job of any home."""
        return self._first("id = :id", id=number)

    def latest(self, *, kind: str = "", but: tuple[str, ...] = ()) -> Kept | None:
        """The newest of this home, of that kind or of none of those kinds."""
        home = name_of(self._home)
        if home is None:
            return None
        where, values = "home = :home", {"home": home}
        if kind:
            where, values = f"{where} AND kind = :kind", values | {"kind": kind}
        for number, other in enumerate(but):
            where, values = f"{where} AND kind <> :not{number}", values | {f"not{number}": other}
        return self._first(where, **values)

    def elsewhere(self) -> list[Kept]:
        """What runs in other homes that share these records."""
        home = name_of(self._home) or ""
        found = self._found("home <> :home AND state = 'running'", home=home)
        return [one for one in map(self._settled, found) if one.job.state == "running"]

    def forget_questions(self) -> None:
        """Take what people asked out of all reports."""
        with self._store.writing():
            for number, report in self._rows(
                "SELECT id, report FROM jobs WHERE report LIKE '%\"logged\"%'"
            ):
                left = {name: one for name, one in decode(report).items() if name != "logged"}
                self._rows(
                    "UPDATE jobs SET report = :report WHERE id = :id",
                    report=encode(left).decode(),
                    id=number,
                )

    def is_own(self, kept: Kept) -> bool:
        """Whether it is a job of this home."""
        return kept.home == name_of(self._home)

    def _first(self, where: str, **values: object) -> Kept | None:
        found = self._found(where, most=1, **values)
        return self._settled(found[0]) if found else None

    def _settled(self, kept: Kept) -> Kept:
        """As it is now. If its process is gone without a report, it failed or was stopped."""
        if kept.job.state != "running" or kept.is_under_way:
            return kept
        with self._store.writing():
            again = self._found("id = :id", id=kept.job.number)
            # Its process may have written its report since, or been heard of.
            if not again or again[0].job.state != "running" or again[0].heard != kept.heard:
                return again[0] if again else kept
            return self._bury(again[0])

    def _bury(self, kept: Kept) -> Kept:
        how = "It was stopped."
        if not kept.stopped:
            how = "Its process ended without saying how; see the log."
        ended = replace(
            kept.job,
            state="cancelled" if kept.stopped else "failed",
            ended=now(),
            problem=f"{how} What was published last goes on answering.",
        )
        self._rows(
            "UPDATE jobs SET state = :state, ended = :ended, problem = :problem WHERE id = :id",
            state=ended.state,
            ended=ended.ended,
            problem=ended.problem,
            id=ended.number,
        )
        return replace(kept, job=ended)

    def _found(self, where: str, *, most: int = 1000, **values: object) -> list[Kept]:
        """The newest first."""
        rows = self._rows(
            f"SELECT {', '.join(_FIELDS)}, home, server, seen_from, heard,"
            f" {self._store.clock} - heard, stopped, log FROM jobs WHERE {where}"
            " ORDER BY id DESC LIMIT :most",
            most=most,
            **values,
        )
        return [_kept(row) for row in rows]


def _kept(row: tuple[Any, ...]) -> Kept:
    *plain, report, options = row[:14]
    told = dict(zip(_FIELDS[:12], plain, strict=True))
    job = Job(number=told.pop("id"), **told, report=decode(report), options=decode(options))
    home, server, seen_from, heard, silent, stopped, log = row[14:]
    return Kept(job, home, server, seen_from, heard, silent, bool(stopped), log)


_PLAIN = ("kind", "state", "started", "ended", "step", "done", "total", "what", "problem")


def _process(job: Job) -> dict[str, object]:
    """Where it runs, as its own process or who starts it says it."""
    return {
        "pid": job.pid,
        "since": job.since,
        "server": socket.gethostname(),
        "seen_from": running.seen_from_here(),
    }
