"""Passages and codes are made where a file is read, and are those that this process would make."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from corpus.divided import Divided, Dividing
from corpus.document import Document
from corpus.errors import UnreadableFile
from corpus.files.limits import STANDARD
from corpus.reading.divide import divide
from corpus.reading.pool import ReadJob, divide_all, read_all
from corpus.text.lengths import Lengths
from index.model.embedder import Embedder

_ROWS = "".join(f"{10000 + n},Item {n} of the schedule,{n / 7:.2f}\n" for n in range(3_000))
_FILES = {
    "cryo.md": "# Cryoablation\n\nBill 0581T once.\n\n## Sides\n\nRT is right – LT, left.\n",
    "fees.csv": f"Code,Name,Rate\n{_ROWS}",
    "blank.md": "# ",
}


def _jobs(folder: Path) -> list[ReadJob]:
    for name, text in _FILES.items():
        (folder / name).write_text(text, "utf-8")
    return [ReadJob(folder / name, f"library/{name}") for name in _FILES]


def _dividing(embedder: Embedder, lengths: Lengths) -> Dividing:
    return Dividing(str(embedder.sizer.file), embedder.sizer.limit, lengths)


def test_another_process_divides_as_this_one_does(tmp_path: Path, embedder: Embedder) -> None:
    jobs, lengths = _jobs(tmp_path), Lengths(prose=30, rows=20)
    divided = [result for _, result in divide_all(jobs, _dividing(embedder, lengths), workers=2)]
    for (_, document), found in zip(read_all(jobs), divided, strict=True):
        if isinstance(document, Document):
            assert found == divide(document, embedder.sizer, lengths)
        else:
            assert isinstance(found, UnreadableFile) and found.reason == document.reason
    assert [one.code for one in divided[0].mentions] == ["0581T", "RT", "LT"]
    assert len(divided[1].passages) > 100


def test_dividing_gets_time_by_the_length_of_the_text(tmp_path: Path, embedder: Embedder) -> None:
    job = _jobs(tmp_path)[1]
    limits = replace(STANDARD, seconds=1.0, seconds_per_megabyte=0.0)
    [(_, found)] = divide_all([job], _dividing(embedder, Lengths()), limits=limits)
    assert isinstance(found, Divided)
