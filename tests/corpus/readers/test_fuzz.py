"""Any bytes under any name are a document or an UnreadableFile or BadMetadata, never anything else.

CODEDESK_FUZZ_EXAMPLES sets how many files each test tries; a long run takes 20,000.
"""

from __future__ import annotations

import io
import os
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import BadMetadata, UnreadableFile
from corpus.files.limits import STANDARD
from corpus.reading.read import read_file
from tests.needed import needs_recogniser

EXAMPLES = int(os.environ.get("CODEDESK_FUZZ_EXAMPLES", "40"))
NAMES = ["a.md", "a.txt", "a.html", "a.mhtml", "a.pdf", "a.docx", "a.xlsx", "a.csv"]
LIMITS = replace(STANDARD, characters=1_000_000, cells=200_000, pages=500)
TRYING = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

SAMPLES = {
    "a.md": b"---\ntitle: x\n---\n# Head\n\n- a\n  1. b\n\n|a|b|\n|-|-|\n|1|2|\n\n`c` <b>d</b>",
    "a.txt": "Head\n====\n\ntext – naïve\n\n1. item\n".encode(),
    "a.html": b"<html><h1>H</h1><ul><li>a</ul><table><tr><th>a<th>b<tr><td rowspan=2>2</table>",
    "a.mhtml": b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n"
    b"Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n"
    b"<p>a=3D<s>b</s>\n--b--",
    "a.csv": b'a;b\n"1;2";3\n',
}


def try_to_read(name: str, data: bytes, check) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            check(read_file(path, document_id=name, limits=LIMITS))
        except (UnreadableFile, BadMetadata) as error:
            assert str(error)


@st.composite
def damage(draw, data: bytes) -> bytes:
    """The bytes with some overwritten, cut out, doubled or put in."""
    damaged = bytearray(data)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(damaged) - 1, 0)))
        piece = draw(st.binary(min_size=0, max_size=6))
        length = draw(st.integers(0, 40))
        damaged[at : at + length] = piece if draw(st.booleans()) else damaged[at : at + length] * 2
    return bytes(damaged)


@pytest.mark.parametrize("name", NAMES)
def test_random_bytes_are_read_or_refused(name, check_document):
    @TRYING
    @given(st.binary(max_size=300))
    def trying(data: bytes) -> None:
        try_to_read(name, data, check_document)

    trying()


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.html", "a.csv"])
def test_random_text_is_read_or_refused(name, check_document):
    @TRYING
    @given(st.text(max_size=300), st.sampled_from(["", "<p>", "---\na: ", "# ", "|a|b|\n|-|-|\n|"]))
    def trying(text: str, head: str) -> None:
        try_to_read(name, (head + text).encode("utf-8", "surrogatepass"), check_document)

    trying()


@pytest.mark.parametrize("name", NAMES)
def test_damaged_files_are_read_or_refused(
    name, check_document, make_pdf, write_lines, docx_file, xlsx_file
):
    pages = [write_lines([f"Page {number}.", None, "1. item", "2. item"]) for number in range(3)]
    whole = SAMPLES | {"a.pdf": make_pdf(*pages), "a.docx": docx_file, "a.xlsx": xlsx_file}

    @TRYING
    @given(damage(whole[name]))
    def trying(data: bytes) -> None:
        try_to_read(name, data, check_document)

    trying()


@needs_recogniser
def test_damaged_scans_are_read_or_refused(check_document):
    """The picture itself is stored as it is, so that its bytes are hit too."""
    picture = Image.new("L", (240, 60), 255)
    ImageDraw.Draw(picture).text((10, 20), "Bill 0581T once.", fill=0)
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(120, 30), pageCompression=0)
    canvas.drawImage(ImageReader(picture), 0, 0, 120, 30)
    canvas.save()

    @settings(TRYING, max_examples=max(EXAMPLES // 4, 10))
    @given(damage(stream.getvalue()))
    def trying(data: bytes) -> None:
        try_to_read("a.pdf", data, check_document)

    trying()
