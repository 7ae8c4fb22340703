"""Reading in limited processes: what one file does, no other file notices."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from corpus.document import Document
from corpus.errors import UnreadableFile
from corpus.files.contents import read_bytes
from corpus.files.limits import STANDARD, Limits
from corpus.readers import CannotRead
from corpus.reading import messages
from corpus.reading.pool import ReadJob, read_all

SHOW = b"BT /F1 12 Tf 72 700 Td (some words of text) Tj ET\n"
FLATE = b"/Filter/FlateDecode"


@pytest.fixture
def put(tmp_path):
    def putting(name: str, data: bytes) -> ReadJob:
        (tmp_path / name).write_bytes(data)
        return ReadJob(tmp_path / name, f"library/{name}")

    return putting


def reasons(results) -> dict[str, str]:
    return {
        job.path.name: result.reason
        for job, result in results
        if isinstance(result, UnreadableFile)
    }


def test_every_job_has_its_result_in_the_order_of_the_jobs(put, check_document):
    jobs = [put(f"{number}.md", f"# Title {number}\n\ntext".encode()) for number in range(12)]
    results = list(read_all(jobs, workers=2))
    assert [job for job, _ in results] == jobs
    for number, (job, document) in enumerate(results):
        assert isinstance(document, Document)
        check_document(document)
        assert (document.id, document.metadata.title) == (job.document_id, f"Title {number}")


def test_a_file_over_its_time_is_stopped_and_the_others_are_read(put, pdf_of_content):
    content = zlib.compress(SHOW * 100_000)
    bomb = put("bomb.pdf", pdf_of_content(content, pages=500, filters=FLATE))
    jobs = [put("a.md", b"text"), bomb, put("b.md", b"text")]
    results = list(read_all(jobs, workers=1, limits=replace(STANDARD, seconds=1.0)))
    told = reasons(results)
    assert list(told) == ["bomb.pdf"]
    assert "needed more than" in told["bomb.pdf"] and "seconds" in told["bomb.pdf"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the address space")
def test_a_file_over_its_memory_is_stopped_and_the_others_are_read(put):
    jobs = [put("big.txt", b"some words " * 4_000_000), put("b.md", b"text")]
    results = list(read_all(jobs, workers=1, limits=replace(STANDARD, memory=250_000_000)))
    told = reasons(results)
    assert list(told) == ["big.txt"] and "GB of memory" in told["big.txt"]


def test_pages_that_are_done_give_time_for_the_next(put, pdf_of_content):
    job = put("many.pdf", pdf_of_content(SHOW, pages=600))
    limits = replace(STANDARD, seconds=1.0, seconds_per_page=0.1)
    [(_, document)] = read_all([job], workers=1, limits=limits)
    assert isinstance(document, Document) and len(document.pages) == 600


@pytest.mark.parametrize("pages", [1, 7, 23])
def test_every_page_gives_time_with_a_table_on_it_or_not(
    put, tmp_path, make_pdf, write_lines, pages
):
    """Tables are found in the same pass as the text: a page with one counts as one page."""

    def page_with_table(canvas: Canvas) -> None:
        write_lines(["Rates of the plan"])(canvas)
        for at in range(4):
            canvas.line(72, 650 - 20 * at, 372, 650 - 20 * at)
            canvas.line(72 + 100 * at, 650, 72 + 100 * at, 590)
        for row in range(3):
            for column in range(3):
                canvas.drawString(76 + 100 * column, 635 - 20 * row, f"{row}{column}")

    job = put("tables.pdf", make_pdf(*[page_with_table] * pages))
    limits = replace(STANDARD, seconds=100.0, seconds_per_page=10.0, most_seconds=10_000.0)
    answers, allowed = asked_by_hand(job, limits, tmp_path / "worker")
    assert isinstance(answers[-1], messages.Read)
    told = [answer.done for answer in answers if isinstance(answer, messages.Pages)]
    assert told == [*range(1, pages + 1)]
    if allowed is not None:
        assert allowed >= limits.seconds_for(0, pages=pages)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (replace(STANDARD, pages=5), "more than 5 pages"),
        (replace(STANDARD, characters=20), "more than 20 characters"),
        (replace(STANDARD, file_bytes=500), "more than the limit"),
    ],
)
def test_each_limit_has_its_own_reason(put, make_pdf, write_lines, limits, words):
    pages = [write_lines([f"Page number {number} of the document."]) for number in range(6)]
    told = reasons(read_all([put("a.pdf", make_pdf(*pages))], limits=limits))
    assert words in told["a.pdf"]


def test_wrong_metadata_is_told_with_its_field(put, tmp_path):
    job = put("a.md", b"text")
    (tmp_path / "a.md.meta.toml").write_text('kind = "memo"')
    assert "`kind`" in reasons(read_all([job]))["a.md"]


def test_a_file_that_vanished_and_a_sparse_giant_are_told(put, tmp_path):
    gone = put("gone.md", b"text")
    gone.path.unlink()
    giant = put("giant.pdf", b"")
    os.truncate(giant.path, 2_000_000_000)
    told = reasons(read_all([gone, giant]))
    assert "is gone" in told["gone.md"] and "2,000 MB" in told["giant.pdf"]


def test_a_pipe_or_device_in_place_of_a_listed_file_is_not_waited_for(put, tmp_path):
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    jobs = [ReadJob(tmp_path / name, name) for name in ("pipe.md", "zero.txt")]
    told = reasons(read_all(jobs))
    assert all("no regular file" in reason for reason in told.values()) and len(told) == 2


def test_a_name_that_cannot_be_shown_is_escaped_in_the_failure(put):
    [(_, result)] = read_all([put("\x1b[31m\n\u202e.md", b"")])
    assert isinstance(result, UnreadableFile)
    assert result.path.endswith(r"\x1b[31m\n\u202e.md") and result.path.isprintable()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes any bytes for a name")
def test_a_file_whose_name_is_no_text_is_read(put):
    [(_, document)] = read_all([ReadJob(put(os.fsdecode(b"caf\xe9.md"), b"text").path, "x")])
    assert isinstance(document, Document) and document.text == "text"


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_closing_early_leaves_no_process_behind(put):
    jobs = [put(f"{number}.md", b"text") for number in range(20)]
    results = read_all(jobs, workers=2)
    next(results)
    assert reading_children()
    results.close()
    assert not reading_children()


def test_a_killed_reader_of_many_files_leaves_nothing_in_the_temporary_folder(put, tmp_path):
    job = put("a.md", b"text")
    reading = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from corpus.reading.pool import ReadJob, read_all\n"
        "results = read_all([ReadJob(Path(sys.argv[1]), 'library/a.md')] * 3, workers=1)\n"
        "next(results)\n"
        "print('read', flush=True)\n"
        "time.sleep(600)\n"
    )
    folder = tmp_path / "temporary"
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", reading, str(job.path)],
        env={**os.environ, "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)},
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"read\n"
        assert list(folder.iterdir())
        process.kill()
    until = time.monotonic() + 30
    while list(folder.iterdir()) and time.monotonic() < until:
        time.sleep(0.02)
    assert not list(folder.iterdir())


def asked_by_hand(
    job: ReadJob, limits: Limits, folder: Path
) -> tuple[list[messages.Answer], int | None]:
    """All that a reading process answers to one request, and the processor time in seconds that it
    may use at its end (None where the system does not tell)."""
    folder.mkdir()
    command = [sys.executable, "-P", "-X", "utf8", "-m", "corpus.reading.worker", str(folder)]
    request = messages.Request(os.fsencode(job.path), job.document_id, 0, limits)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(messages.line(request))
        process.stdin.flush()
        answers: list[messages.Answer] = []
        while not answers or not isinstance(answers[-1], messages.Read | messages.Failed):
            answers.append(messages.answer_in(process.stdout.readline()))
        allowed = processor_seconds(process.pid)
        process.stdin.close()
    return answers, allowed


def processor_seconds(pid: int) -> int | None:
    limits = Path(f"/proc/{pid}/limits")
    if not limits.exists():
        return None
    line = next(line for line in limits.read_text().splitlines() if line.startswith("Max cpu time"))
    return int(line.split()[3])


def reading_children() -> list[str]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rsplit(")", 1)[1].split()[1])
            command = status.with_name("cmdline").read_bytes()
        except (OSError, IndexError):
            continue
        if parent == os.getpid() and b"corpus.reading.worker" in command:
            found.append(str(status))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="reads a file of /proc")
def test_a_file_that_is_not_the_size_it_says_is_refused_as_changing():
    with pytest.raises(CannotRead, match="changed while it was read"):
        read_bytes(Path("/proc/self/status"), most=1_000_000)


def test_the_sum_is_of_the_bytes_that_were_read(put):
    job = put("a.md", "# Title\r\n\r\ntext – naïve".encode("cp1252"))
    [(_, document)] = read_all([job])
    assert isinstance(document, Document)
    assert document.sha256 == hashlib.sha256(job.path.read_bytes()).hexdigest()
