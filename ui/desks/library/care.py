"""Care of the library: what a sync would do, whether all is well, backups and putting them back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from assistant.desk import Desk
from index.care.doctor import NOTE, PROBLEM
from index.library import Library
from ui.access.roles import Act
from ui.desks.parts import opening
from ui.desks.parts.job_view import start_job
from ui.jobs import jobs
from ui.wording import escape_markdown, plain

_LISTED = {
    "added": "Would be added",
    "changed": "Would be read again",
    "removed": "Would be removed",
    "moved": "Moved or renamed",
    "failed": "Cannot be read",
    "needs_ocr": "Without text",
    "duplicates": "The same file twice",
    "passed_over": "Passed over",
}
_SIGNS = {PROBLEM: ":material/error:", NOTE: ":material/info:"}


def care_view(desk: Desk, library: Library) -> None:
    """Each with what its last run found."""
    home = opening.home().path
    _dry_run(home)
    _doctor(home)
    if opening.caller().may(Act.KEEP):
        _backups(home, library)


def _dry_run(home: Path) -> None:
    st.subheader("What would a sync do?", anchor=False)
    st.button(
        "Look, and change nothing",
        icon=":material/preview:",
        on_click=start_job,
        args=("dry run",),
    )
    job = opening.told(jobs.latest_of(home, "dry run"))
    if not job or job.state != "done":
        return
    found = {label: job.report.get(name) or () for name, label in _LISTED.items()}
    st.caption(f"Looked at on {job.ended[:16].replace('T', ' ')} UTC.")
    if not any(found.values()):
        st.markdown("Nothing: the index is up to date with the files.")
        return
    rows = [
        {"What": label, "File": plain(_name(one)), "Why": plain(_reason(one))}
        for label, listed in found.items()
        for one in listed
    ]
    st.dataframe(
        rows,
        hide_index=True,
        height="content" if len(rows) < 10 else 380,
        alt="What a sync would do",
    )


def _name(one: object) -> str:
    if isinstance(one, dict):
        return str(one.get("path", ""))
    return str(one)


def _reason(one: object) -> str:
    if not isinstance(one, dict):
        return ""
    return str(one.get("reason") or one.get("of") or one.get("from") or "")


def _doctor(home: Path) -> None:
    st.subheader("Is all well?", anchor=False)
    st.button("Check everything", icon=":material/stethoscope:", on_click=_examine)
    job = opening.told(jobs.latest_of(home, "doctor"))
    if not job or job.state != "done":
        return
    findings = job.report.get("findings", ())
    when = job.ended[:16].replace("T", " ")
    problems = [one for one in findings if one["level"] == PROBLEM]
    notes = [one for one in findings if one["level"] == NOTE]
    if not problems:
        st.success(f"No problem was found on {when} UTC.", icon=":material/check_circle:")
    for one in problems:
        _finding(one)
    if notes:
        with st.expander(f"{len(notes)} to know"):
            for one in notes:
                _finding(one)


def _finding(one: dict[str, str]) -> None:
    text = f"{one['text']} {one['remedy']}".strip()
    show = st.error if one["level"] == PROBLEM else st.info
    show(escape_markdown(plain(text)), icon=_SIGNS[one["level"]])


def _backups(home: Path, library: Library) -> None:
    st.subheader("Backups", anchor=False)
    st.caption(
        "A backup holds the index, the documents of Codedesk's own folder, the settings and what "
        f"people saved and said. It is written into {home / 'backups'}; keep a copy elsewhere."
    )
    st.button("Make a backup", icon=":material/archive:", on_click=_back_up, args=(home,))
    for path in sorted((home / "backups").glob("*.tar"), reverse=True):
        row = st.container(horizontal=True, vertical_alignment="center")
        row.markdown(f"**{escape_markdown(path.name)}** · {path.stat().st_size / 1e6:,.1f} MB")
        if not opening.discretion().hides:  # it holds every document
            row.download_button(
                "Download",
                opening.file_of(
                    Act.KEEP, library, path.read_bytes, "download backup", file=path.name
                ),
                file_name=path.name,
                mime="application/x-tar",
                key=f"download_{path.name}",
                icon=":material/download:",
                on_click="ignore",
            )
        with row.popover("Put back", icon=":material/settings_backup_restore:"):
            st.markdown(
                "Put this state in the place of the present one? What it replaces is kept in a "
                "folder beside it."
            )
            st.button(
                "Put it back",
                key=f"restore_{path.name}",
                type="primary",
                on_click=start_job,
                args=("restore",),
                kwargs={"file": str(path)},
            )


def _examine() -> None:
    caller = opening.caller()
    if caller.everything:
        start_job("doctor")
    else:
        start_job("doctor", groups=sorted(caller.groups), sight=opening.discretion().mark)


def _back_up(home: Path) -> None:
    opening.allow(Act.KEEP)
    folder = home / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    name = f"codedesk-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar"
    start_job("backup", file=str(folder / name))
