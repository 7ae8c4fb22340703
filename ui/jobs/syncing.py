"""A sync as the command line and the pages start it, with the settings and folders in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from index.home import Home
from index.home.access import folder_mode
from index.replicas.following import must_not_follow
from index.sync import SyncSettings, sync
from index.sync.report import SyncReport
from index.sync.writing import Progress, silent
from ui.confirming.book import note_renamed, told_in
from ui.server.embedding import indexing
from ui.state.records import switched_off_in
from ui.state.settings import Settings, starter_library


def run_sync(  # noqa: PLR0913 - one option of the command each
    settings: Settings,
    folders: Sequence[Path],
    *,
    progress: Progress = silent,
    force: bool = False,
    dry_run: bool = False,
    only_known: bool = False,
    starter: bool = True,
    forget: Sequence[Path] = (),
    retry: bool = False,
    check: bool = False,
    approve: Callable[[int], bool] = lambda generation: True,
) -> SyncReport:
    """Sync these folders, or by default the starter library, the home's own and all known ones.

    With `starter` false, a starter library that somebody removed stays removed; `retry`
    and `approve` are those of SyncSettings; `check` compares all files by their bytes. What people
    said of documents is taken up. Raises IndexProblem in a home that follows another.
    """
    home = Home(settings.home)
    must_not_follow(home)
    told = told_in(settings.home)
    own = settings.home / "library"
    names = {own.resolve(): "library", starter_library().resolve(): "starter"}
    wanted = [(names.get(folder.resolve()), folder) for folder in folders]
    if not folders and not only_known:
        home.make()
        own.mkdir(exist_ok=True, mode=folder_mode(settings.home))
        wanted = [("starter", starter_library())] if starter else []
        wanted.append(("library", own))
    return sync(
        home,
        wanted,
        every_known=not folders and not only_known,
        embedder=lambda: indexing(settings),
        settings=SyncSettings(
            limits=settings.limits(),
            workers=settings.workers,
            keep=settings.keep,
            keep_days=settings.keep_days,
            left_out=switched_off_in(settings.home),
            force=force,
            dry_run=dry_run,
            retry=retry,
            trust_times=settings.compare == "times" and not check,
            names=settings.names(),
            approve=approve,
            told=told,
            renamed=partial(note_renamed, settings.home),
        ),
        progress=progress,
        forget=forget,
    )
