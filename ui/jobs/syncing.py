"""A sync as the command line and the pages start it, with the settings and folders in force."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from index.home import Home
from index.home.access import folder_mode
from index.model.embedder import Embedder
from index.replicas.following import must_not_follow
from index.sync import SyncSettings, sync
from index.sync.report import SyncReport
from index.sync.writing import LEFT, Makers, Progress, ThisMachine, silent
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
    cluster: str | None = None,
) -> SyncReport:
    """Sync these folders, or by default the starter library, the home's own and all known ones.

    With `starter` false, a starter library that somebody removed stays removed; `retry`
    and `approve` are those of SyncSettings; `check` compares all files by their bytes. What people
    said of documents is taken up. `cluster` is the address of one that reads and embeds; by default
    the one in the settings, if there is one. Raises IndexProblem in a home that follows another.
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
    address = settings.cluster if cluster is None else cluster
    with _makers(settings, address, dry_run=dry_run) as (makers, embedder):
        return sync(
            home,
            wanted,
            every_known=not folders and not only_known,
            embedder=embedder,
            settings=SyncSettings(
                makers=makers,
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


@contextmanager
def _makers(
    settings: Settings, address: str, *, dry_run: bool
) -> Iterator[tuple[Makers, Callable[[], Embedder]]]:
    """Who reads and embeds, and the embedder. What workers of a cluster have made is kept until a
    sync comes to its end."""
    if not address or dry_run:
        yield ThisMachine(), lambda: indexing(settings)
    else:
        from index.cluster.making import Cluster  # Ray: who has no cluster never imports it

        embedder = indexing(settings)
        with closing(Cluster(settings.home, address, embedder)) as cluster:
            yield cluster, lambda: embedder
    if not dry_run:
        shutil.rmtree(settings.home / LEFT, ignore_errors=True)
