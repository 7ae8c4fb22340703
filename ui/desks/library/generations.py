"""The generations on disk, what changed between them, and how to go back."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import streamlit as st

from assistant.desk import Desk
from corpus.errors import CodedeskError
from index.audience.rules import read_rules, rules_stamp
from index.audience.sight import Sight
from index.embedded import EmbeddedLibrary
from index.errors import IndexProblem
from index.home import Home
from index.home.generations import Kept, check, list_generations
from index.library import Library
from ui.access.discretion import Discretion
from ui.access.roles import Act
from ui.desks.parts import opening
from ui.desks.parts.job_view import start_sync
from ui.jobs.answering import let_answer
from ui.schema.library import generation_of
from ui.wording import escape_markdown, plain


def generations_view(desk: Desk, library: Library) -> None:
    """Newest first, each with its changes and a button to make it answer."""
    home = opening.home()
    kept = sorted(list_generations(home), key=lambda one: -one.number)
    chosen = opening.settings()
    st.caption(
        f"A sync publishes a new generation. The newest {chosen.keep} are kept, and of the last "
        f"{_days(chosen.keep_days)} the last one of each; others are removed by the sync after "
        "which they are not among these. Going back takes effect at once for everybody and deletes "
        "nothing."
    )
    seen = opening.discretion()
    for at, one in enumerate(kept):
        earlier = kept[at + 1] if at + 1 < len(kept) else None
        _generation(seen, one, earlier)


def _days(count: int) -> str:
    return "day" if count == 1 else f"{count} days"


def instead_view(desk: Desk) -> None:
    """Where the current generation cannot be opened and an earlier one answers: why, and a button
    to go back to that one, or to read all anew."""
    library, warnings, _ = desk.serving()
    if not warnings:
        return
    st.warning(escape_markdown(plain(" ".join(warnings))), icon=":material/warning:")
    with st.container(horizontal=True):
        st.button(
            f"Go back to generation {library.generation}",
            key="rollback_instead",
            type="primary",
            icon=":material/history:",
            on_click=_go_back,
            args=(library.generation,),
        )
        st.button(
            "Read everything anew",
            key="read_anew",
            icon=":material/sync:",
            on_click=start_sync,
            kwargs={"force": True},
        )


def damaged_view() -> None:
    """Where nothing can be opened: the generations that are whole, to go back to, or to read all
    anew."""
    whole = []
    for one in sorted(list_generations(opening.home()), key=lambda one: -one.number):
        with suppress(IndexProblem, OSError):
            check(opening.home(), one.number)
            whole.append(one)
    with st.container(horizontal=True):
        for at, one in enumerate(whole[:3]):
            st.button(
                f"Go back to generation {one.number}",
                key=f"rollback_{one.number}",
                type="secondary" if at else "primary",
                icon=":material/history:",
                on_click=_go_back,
                args=(one.number,),
            )
        st.button(
            "Read everything anew",
            type="secondary" if whole else "primary",
            icon=":material/sync:",
            on_click=start_sync,
            kwargs={"force": True},
        )


def _generation(seen: Discretion, one: Kept, earlier: Kept | None) -> None:
    with st.container(border=True):
        row = st.container(horizontal=True, vertical_alignment="center")
        row.markdown(_head(one, seen))
        if one.current:
            row.badge("Answers now", color="green", icon=":material/check:")
        elif one.manifest:
            row.button(
                "Let this one answer",
                key=f"rollback_{one.number}",
                on_click=_go_back,
                args=(one.number,),
            )
        if one.problem:
            st.error(escape_markdown(one.problem))
        if earlier and one.manifest and earlier.manifest:
            _changes(seen, earlier.number, one.number)


def _head(one: Kept, seen: Discretion) -> str:
    if one.manifest is None:
        return f"**Generation {one.number}**"
    counts = seen.generation(generation_of(one)).counts
    made = f"**Generation {one.number}** · {one.manifest.created[:16].replace('T', ' ')} UTC"
    if counts is None:
        return made
    documents, passages = counts.get("documents", 0), counts.get("passages", 0)
    return f"{made} · {documents:,} documents · {passages:,} passages"


def _changes(seen: Discretion, older: int, newer: int) -> None:
    try:
        before, after = _seen_in(seen, older), _seen_in(seen, newer)
    except CodedeskError as error:
        st.caption(escape_markdown(str(error)))
        return
    groups = {
        "Added": sorted(set(after) - set(before)),
        "Changed": sorted(name for name in after if name in before and after[name] != before[name]),
        "Removed": sorted(set(before) - set(after)),
    }
    if not any(groups.values()):
        st.caption("The same documents as the one before.")
        return
    for label, names in groups.items():
        if names:
            some = ", ".join(plain(name) for name in names[:12])
            more = f" and {len(names) - 12} more" if len(names) > 12 else ""
            st.markdown(f"{label}: {escape_markdown(some + more)}")


def _seen_in(seen: Discretion, generation: int) -> dict[str, tuple[int, str]]:
    """The documents of a generation that are to be seen now, and were to be seen by what it says
    itself."""
    home, sight = opening.home().path, seen.caller.sight
    held = _documents(home, generation, sight, rules_stamp(home))
    return {name: of for name, of in held.items() if seen.sees(name)}


@lru_cache(maxsize=16)
def _documents(
    home: Path, generation: int, sight: Sight, rules: tuple[int, ...]
) -> dict[str, tuple[int, str]]:
    """Each document's latest version and its sum; a generation never changes, the `rules` may."""
    with EmbeddedLibrary(Home(home), generation) as library:
        hidden = library.audiences(read_rules(home)).hidden_from(sight).names
        found: dict[str, tuple[int, str]] = {}
        for version in sorted(library.versions.values(), key=lambda known: known.ordinal):
            if version.document not in hidden:
                found[version.document] = (version.ordinal, version.sha256)
        return found


def _go_back(generation: int) -> None:
    try:
        opening.allow(Act.PUBLISH)
        before, now = let_answer(opening.home().path, generation)
    except CodedeskError as error:
        st.session_state["job_problem"] = str(error)
        return
    opening.audit("rollback", before=before, now=now)
    st.toast(f"Generation {now} answers again.", icon=":material/history:")
