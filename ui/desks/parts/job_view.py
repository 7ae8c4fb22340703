"""A job on the page: its progress, how it ended, and a generation that waits for approval."""

from __future__ import annotations

import streamlit as st
from msgspec import convert

from corpus.errors import CodedeskError
from index.errors import IndexProblem
from index.home import Home
from index.home.generations import discard
from ui.access.roles import Act
from ui.database.away import RecordsAway
from ui.desks.parts import opening
from ui.jobs import jobs
from ui.jobs.answering import let_answer
from ui.jobs.evaluations import Comparison, is_worse
from ui.jobs.gate import lowered_in_words
from ui.wording import escape_markdown, plain

_STEPS = {
    "read": "Reading files",
    "embed": "Embedding passages",
    "ask": "Asking the golden questions",
    "write": "Writing",
}
_KNOWN = "job_running"


def start_sync(
    *, force: bool = False, retry: bool = False, own: bool = False, edit: bool = False
) -> None:
    """Start a sync in a process of its own. The page does not wait for it. `own`: without the
    starter library, where nothing was read yet. `edit`: only what is known of documents changed, so
    that it is published before the golden questions are asked."""
    _start("sync", force=force, retry=retry, own=own, edit=edit)


def start_job(kind: str, **options: object) -> None:
    """Start any other job; see jobs.KINDS."""
    _start(kind, **options)


def start_evaluation() -> None:
    _start("evaluate")


_ACTS = {"sync": Act.SYNC, "dry run": Act.SYNC, "backup": Act.KEEP, "restore": Act.KEEP}


def _start(kind: str, **options: object) -> None:
    try:
        opening.allow(_ACTS.get(kind, Act.EVALUATE))
        jobs.start(opening.home().path, kind, **options)
        opening.audit(kind, **options)
    except CodedeskError as error:
        st.session_state["job_problem"] = str(error)


def watch_job() -> bool:
    """Show the newest job's progress, or how it ended: a failure to everybody, any other end to
    those who saw it run. Returns True while it runs."""
    if problem := st.session_state.pop("job_problem", None):
        st.warning(escape_markdown(problem), icon=":material/hourglass_top:")
    try:
        return _watch(opening.home())
    except (CodedeskError, OSError) as problem:  # the records are away, or cannot be opened
        st.warning(escape_markdown(str(problem)), icon=":material/cloud_off:")
        return False


def _watch(home: Home) -> bool:
    _elsewhere(home)
    job = opening.told(jobs.latest(home.path))
    if job and job.state == "running":
        if job.kind not in jobs.FOLLOWING:
            st.session_state[_KNOWN] = job.number
        _running()
        return True
    if job and job.state == "done" and job.kind in jobs.FOLLOWING:
        job = opening.told(jobs.latest_asked_for(home.path))
    synced = opening.told(jobs.latest_of(home.path, "sync"))  # another job may have come since
    if synced and (waiting := _held_by(home, synced)):
        _held_view(waiting, synced)
    elif job and (job.state == "failed" or st.session_state.get(_KNOWN) == job.number):
        _ended(job)
    return False


@st.fragment(run_every=1.0)
def _running() -> None:
    try:
        job = opening.told(jobs.latest(opening.home().path))
    except RecordsAway as away:
        st.warning(escape_markdown(str(away)), icon=":material/cloud_off:")
        return
    if job is None or job.state != "running":
        st.rerun()
    with st.container(border=True, key="job"):
        row = st.container(horizontal=True, vertical_alignment="center")
        row.markdown(_how_far(job))
        row.button(
            "Stop", icon=":material/stop:", key="job_stop", on_click=_stop, args=(job.number,)
        )
        share = job.done / job.total if job.total else 0.0
        st.progress(min(share, 1.0), text=escape_markdown(plain(job.what)) or "Progress of the job")
        st.caption("It runs in a process of its own. Everybody goes on asking meanwhile.")
        _log(job)


def _elsewhere(home: Home) -> None:
    """What other servers work at that share the records, each in a home of its own."""
    for one in jobs.elsewhere(home.path):
        st.caption(f"On {escape_markdown(plain(one.server))}: {_how_far(one.job)}")


def _how_far(job: jobs.Job) -> str:
    step = _STEPS.get(job.step, "Starting")
    of = f" {job.done:,} of {job.total:,}" if job.total else ""
    return f"**{jobs.KINDS[job.kind]}** · {step}{of}"


def _log(job: jobs.Job) -> None:
    if log := opening.told_of_log(jobs.log_tail(opening.home().path, job.number)):
        with st.expander("Log"):
            st.code(plain(log), language=None, height=220)


def _stop(number: int) -> None:
    try:
        opening.allow(Act.SYNC)
    except CodedeskError as error:
        st.session_state["job_problem"] = str(error)
        return
    jobs.cancel(opening.home().path, number)
    opening.audit("stop", job=number)


def _ended(job: jobs.Job) -> None:
    if job.state == "cancelled":
        st.info(escape_markdown(job.problem), icon=":material/stop_circle:")
    elif job.state == "failed":
        st.error(escape_markdown(job.problem), icon=":material/error:")
        _log(job)
    elif job.kind == "dry run":
        st.info(f"Nothing was changed. {_report(job)}", icon=":material/preview:")
    elif job.kind == "sync":
        st.success(_report(job), icon=":material/check_circle:")
        _worse_since(job)
        _logged_answers(job)
        if job.report.get("failed") or job.report.get("passed_over"):
            _log(job)


def _worse_since(job: jobs.Job) -> None:
    """Say that an edit, which is published at once, made golden questions worse."""
    if not (job.options.get("edit") and (gate := job.report.get("gate"))):
        return
    found = convert(gate, Comparison)
    if found.lowered:
        st.warning(
            f"Since then golden questions are answered worse: {lowered_in_words(found)}. Undo the "
            "edit under Review, Edits, or let the earlier generation answer under Generations.",
            icon=":material/trending_down:",
        )
        changed_answers(found)


def _report(job: jobs.Job) -> str:
    report = job.report
    parts = [
        f"{len(report.get(name, ()))} {word}"
        for name, word in (
            ("added", "added"),
            ("changed", "changed"),
            ("removed", "removed"),
            ("moved", "moved"),
            ("needs_ocr", "without text"),
            ("failed", "failed"),
            ("passed_over", "passed over"),
        )
        if report.get(name)
    ]
    what = ", ".join(parts) or "nothing had changed"
    if job.kind == "dry run":
        return f"A sync now would bring: {what}."
    return (
        f"Done: {what}. Generation {_made(job)}, {report.get('documents', 0):,} "
        f"documents, {report.get('passages', 0):,} passages, {report.get('seconds', 0):.1f} s."
    )


def _made(job: jobs.Job) -> int | None:
    """Its generation: one that waited for approval was published since, or is there no more."""
    held = job.report.get("held")
    number = held if held in opening.home().kept() else job.report.get("generation")
    return int(number) if number else None


def _held_by(home: Home, job: jobs.Job) -> Comparison | None:
    """The comparison of a sync whose new generation still waits for approval."""
    gate, held = job.report.get("gate"), job.report.get("held")
    try:
        if not gate or held not in home.kept() or home.current() == held:
            return None
    except IndexProblem:
        return None
    return convert(gate, Comparison)


def _held_view(found: Comparison, job: jobs.Job) -> None:
    """Ask whether to publish the new generation although it does worse."""
    with st.container(border=True, key="held"):
        st.markdown(f"#### Generation {found.after} waits for you")
        st.markdown(
            f"It is ready, but it answers the golden questions worse than generation "
            f"{found.before}, which goes on answering: **{lowered_in_words(found)}**. "
            "See which answers change, then choose."
        )
        if found.changed:
            changed_answers(found)
        _logged_answers(job)
        row = st.container(horizontal=True)
        row.button(
            f"Keep generation {found.before}",
            type="primary",
            icon=":material/shield:",
            on_click=_discard,
            args=(found,),
            help="The new generation is removed. Correct the documents, then sync again.",
        )
        row.button(
            f"Publish generation {found.after} anyway",
            icon=":material/publish:",
            on_click=_publish,
            args=(found, job.number),
        )


def _logged_answers(job: jobs.Job) -> None:
    """The questions that people asked whose answers changed."""
    if not (logged := job.report.get("logged")):
        return
    many = len(logged)
    st.markdown(f"**{many} {'question' if many == 1 else 'questions'} of the log** changed, too")
    st.dataframe(
        [
            {
                "Question": plain(one["question"]),
                "Before": plain(one["before"]),
                "Now": plain(one["after"]),
            }
            for one in logged
        ],
        hide_index=True,
        height="content" if many < 8 else 300,
        alt="Questions of the log whose answer changed",
    )


def changed_answers(found: Comparison) -> None:
    """The golden questions whose answers changed, those that hold a generation up first."""
    st.dataframe(
        [
            {
                "": "Worse" if is_worse(one) else "",
                "Question": plain(one.question),
                "Before": plain(one.before),
                "Now": plain(one.after),
            }
            for one in sorted(found.changed, key=is_worse, reverse=True)
        ],
        hide_index=True,
        height="content" if len(found.changed) < 8 else 300,
        alt="Golden questions whose answer changed",
    )


def _publish(found: Comparison, number: int) -> None:
    """`number` is the job that made it."""
    try:
        opening.allow(Act.PUBLISH)
        st.session_state[_KNOWN] = number  # its report is what is to be seen
        let_answer(opening.home().path, found.after)
    except CodedeskError as error:
        st.session_state["job_problem"] = str(error)
        return
    opening.audit("publish anyway", generation=found.after, before=found.before)
    st.toast(f"Generation {found.after} answers now.", icon=":material/publish:")


def _discard(found: Comparison) -> None:
    try:
        opening.allow(Act.PUBLISH)
        discard(opening.home(), found.after)
    except CodedeskError as error:
        st.session_state["job_problem"] = str(error)
        return
    opening.audit("keep", generation=found.before, removed=found.after)
    st.toast(f"Generation {found.before} goes on answering.", icon=":material/shield:")
