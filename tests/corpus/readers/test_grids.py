"""Tables of every kind in every format: each cell under its column, its row and its sub-heading."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from corpus.document import BlockKind
from corpus.places import Places
from corpus.reading.read import read_file
from tests.bench.grids.files import FORMATS, borderless_pdf, ruled_pdf
from tests.bench.grids.kinds import Sample, samples
from tests.bench.grids.measured import facts_of, read_sample

SAMPLES = samples(7)
NOT_TOLD_WITHOUT_LINES = {"cells over several rows", "cells over several columns"}


def named(sample: Sample) -> str:
    return sample.kind


@pytest.mark.parametrize("sample", SAMPLES, ids=named)
@pytest.mark.parametrize("format_", FORMATS)
def test_every_cell_is_read_under_its_column_row_and_sub_heading(sample, format_, tmp_path: Path):
    if sample.kind in NOT_TOLD_WITHOUT_LINES and format_ in ("PDF, three lines", "PDF, no lines"):
        pytest.skip("which cells are covered is seen by the lines alone")
    document = read_sample(sample, format_, tmp_path)
    truth, found = sample.facts(), Counter(facts_of(document, sample))
    assert found == truth


@pytest.mark.parametrize("make", [ruled_pdf, borderless_pdf])
@pytest.mark.parametrize(
    "kind",
    [
        "side by side",
        "the same columns once more beside",
        "two header rows and sub-headings",
        "cells of several lines",
        "one below the other",
    ],
)
def test_every_row_of_a_pdf_table_is_boxed_where_it_stands(make, kind, tmp_path: Path):
    sample = next(sample for sample in SAMPLES if sample.kind == kind)
    data = make(sample)
    path = tmp_path / "grid.pdf"
    path.write_bytes(data)
    document = read_file(path, document_id="grid.pdf")
    spans = [
        (block.span.start, block.span.end)
        for block in document.blocks
        if block.kind is BlockKind.ROW and block.header
    ]
    boxes = Places(document.places).boxes(document.text, 1, spans)
    assert all(boxes)
    tops = [min(box[1] for box in row) for row in boxes]
    lefts = [min(box[0] for box in row) for row in boxes]
    places = list(zip(lefts, tops, strict=True))
    assert len({(round(left, 1), round(top, 3)) for left, top in places}) == len(places)
    if not sample.beside:
        assert tops == sorted(tops)
