"""Commands that measure: eval and bench."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.commands.shared import Json, desk, out, settings


def register(app: typer.Typer) -> None:
    app.command("eval")(evaluation)
    app.command()(bench)


def evaluation(
    file: Annotated[
        list[Path] | None,
        typer.Argument(help="Questions: JSON lines, a folder of them, or a retrieval set."),
    ] = None,
    documents: Annotated[
        list[Path] | None,
        typer.Option("--documents", help="Score the labelled pages of documents in this folder."),
    ] = None,
    identity: Annotated[
        Path | None,
        typer.Option(
            "--identity", help="Score what --documents say of themselves by these labels."
        ),
    ] = None,
    half: Annotated[
        str | None, typer.Option("--half", help="Only the questions of this half: tune or held.")
    ] = None,
    filtered: Annotated[
        bool, typer.Option("--filtered", help="Ask with the payer filter that a question gives.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Ask golden questions and count: hit@1, hit@3, MRR, verdict errors, exact citations.

    Several sets are measured each by itself. With --documents nothing is asked: the codes found on
    labelled pages are compared instead, and with --identity the payer, title, number, dates and
    sections of labelled documents; then --documents may be given several times.
    """
    if identity is not None:
        _score_identity(identity, documents or [], as_json=as_json)
        return
    if documents:
        if len(documents) > 1:
            raise typer.BadParameter("Give one folder, or labels with --identity.")
        _score_pages(documents[0], as_json=as_json)
        return
    from assistant.evaluation.golden import evaluate
    from assistant.evaluation.reasons import Reasons
    from assistant.evaluation.sets import read_sets
    from ui.schema.measured import Evaluations, evaluation_of
    from ui.schema.model import dumps
    from ui.terminal.measuring import show_evaluation

    with desk() as opened:
        library = opened.library
        held = {version.document for version in library.versions.values()}
        sets = read_sets(file or (), held=held, half=half)
        reasons = Reasons(library)
        results = [
            evaluation_of(
                evaluate(opened, one.questions, reasons=reasons, filtered=filtered),
                one.name,
                codes=len(sets) == 1,
            )
            for one in sets
        ]
    if as_json:
        out(dumps(results[0] if len(results) == 1 else Evaluations(sets=tuple(results))))
    else:
        for result in results:
            show_evaluation(result)


def _score_pages(folder: Path, *, as_json: bool) -> None:
    from assistant.evaluation.code_score import score_pages
    from ui.schema.measured import page_score_of
    from ui.schema.model import dumps
    from ui.terminal.measuring import show_page_score

    score = page_score_of(score_pages(folder))
    if as_json:
        out(dumps(score))
    else:
        show_page_score(score)


def _score_identity(labels: Path, folders: list[Path], *, as_json: bool) -> None:
    from assistant.evaluation.identity import read_labels, score_identity
    from ui.schema.measured import identity_score_of
    from ui.schema.model import dumps
    from ui.terminal.measuring import show_identity_score

    if not folders:
        raise typer.BadParameter("Say with --documents in which folder the documents are.")
    workers = settings().workers
    score = identity_score_of(score_identity(read_labels(labels), folders, workers=workers))
    if as_json:
        out(dumps(score))
    else:
        show_identity_score(score)


def bench(
    set_dir: Path,
    run: Annotated[Path, typer.Option("--run", help="The TREC run to write.")],
    as_json: Json = False,
) -> None:
    """Index a retrieval set, ask all its questions, write a run at document level."""
    import tempfile
    from dataclasses import asdict

    from assistant.evaluation.bench import bench as run_bench
    from index.home import Home
    from ui.schema.model import dumps
    from ui.server.embedding import indexing
    from ui.terminal.library import Bar

    chosen = settings()
    embedder = indexing(chosen)  # asks too: one question runs on one thread, as at a desk
    with tempfile.TemporaryDirectory(prefix="codedesk-bench-") as folder, Bar() as progress:
        report = run_bench(
            set_dir,
            run,
            home=Home(Path(folder)),
            embedder=embedder,
            asker=embedder,
            progress=progress,
        )
    if as_json:
        out(dumps(report))
    else:
        for name, value in asdict(report).items():
            out(f"{name.replace('_', ' '):24} {value:,}")
