"""Driver: pages a second of a PDF made here, read by pypdf alone and by the product's workers."""

import random
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from corpora.base_texts import base_texts
from drivers.job import Figures, Job, main
from pypdf import PdfReader
from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from corpus.document import Document
from corpus.files.limits import STANDARD
from corpus.reading.pool import ReadJob, read_all

TABLE_EVERY = 4
"""One page in so many holds a table, as in a payment policy."""


def measure(job: Job) -> Figures:
    """The same file several times for the workers: a file is read by one of them."""
    pages, folder = job["pages"], Path(job["folder"])
    paths = [folder / f"manual-{number}.pdf" for number in range(2)]
    for path in paths:
        make_pdf(path, pages, seed=job["seed"])
    started = perf_counter()
    characters = sum(len(page.extract_text()) for page in PdfReader(paths[0]).pages)
    alone = perf_counter() - started
    one = _seconds(paths[:1], workers=1)
    two = _seconds(paths, workers=2)
    return {
        "pages": pages,
        "characters": characters,
        "pypdf_per_second": round(pages / alone, 1),
        "one_worker_per_second": round(pages / one, 1),
        "two_workers_per_second": round(2 * pages / two, 1),
        "ratio": round(alone / one, 3),
    }


def make_pdf(path: Path, pages: int, *, seed: int) -> None:
    """A manual of `pages` pages: headings, prose and tables."""
    styles, texts = getSampleStyleSheet(), base_texts(seed)
    story: list[object] = []
    for number in range(pages):
        story.append(
            Paragraph(f"Section {number + 1}: {texts[number].heading}", styles["Heading2"])
        )
        if number % TABLE_EVERY == 0:
            story += [_table(random.Random(f"table {seed} {number}")), Spacer(1, 12)]
        for at in range(2 if number % TABLE_EVERY == 0 else 3):
            story.append(Paragraph(texts[(3 * number + at) % len(texts)].text, styles["BodyText"]))
        story.append(PageBreak())
    SimpleDocTemplate(str(path), pagesize=letter, invariant=True).build(story)


def _table(chance: random.Random) -> Table:
    rows = [["Code", "Description", "Units", "Rate"]]
    rows += [
        [f"{chance.randint(1, 999):04d}T", f"Service {chance.randint(1, 99)}", "1", "$10.00"]
        for _ in range(12)
    ]
    return Table(rows, style=TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.grey)]))


def _seconds(paths: list[Path], *, workers: int) -> float:
    jobs = [ReadJob(path, path.name) for path in paths]
    limits = replace(STANDARD, seconds=600.0)
    started = perf_counter()
    for _, result in read_all(jobs, workers=workers, limits=limits):
        if not isinstance(result, Document):
            raise SystemExit(f"not read: {result.reason}")
    return perf_counter() - started


if __name__ == "__main__":
    main(measure)
