"""A process that reads files for another: requests in, answers out, a line each; see `messages`.

Run as `python -m corpus.reading.worker FOLDER`. The folder belongs to the process, which removes it
at the end if it is empty. The process limits itself before it reads anything, so that a hostile
file can hurt this process alone. It answers when it has started and after each step of work, and at
last with the document or with what is wrong.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import sys
from pathlib import Path
from typing import BinaryIO

from corpus.errors import BadMetadata, UnreadableFile
from corpus.files.limits import Limits
from corpus.readers import Scan
from corpus.reading import messages
from corpus.reading.read import read_file

_OPEN_FILES = 64
_CHARACTERS_A_PAGE = 1_000  # of text to be divided; gives twenty times the time that it takes


def main() -> None:
    """Answer requests until standard input ends."""
    logging.disable(logging.CRITICAL)  # libraries log pieces of the documents
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not mix with the answers
    sys.setrecursionlimit(1_500)
    gc.set_threshold(100_000, 50, 100)  # parsers make trees of objects, and few cycles
    folder = Path(sys.argv[1])
    try:
        for asked in sys.stdin.buffer:
            _answer(messages.request_in(asked), answers)
    finally:
        with contextlib.suppress(OSError):  # who asks removes it, but may have been killed
            os.chdir(folder.parent)
            folder.rmdir()


def _answer(request: messages.Request, answers: BinaryIO) -> None:
    limits = request.limits
    clock = _Clock(limits, size=request.size)
    _confine(limits)
    clock.allow(pages=0)
    _send(answers, messages.Started())
    done = 0

    def progress(pages: int, /, scan: Scan | None = None) -> None:
        nonlocal done
        done += pages
        clock.allow(pages=done)
        _send(answers, messages.Pages(done, scan))

    try:
        document = read_file(
            request.file,
            document_id=request.id,
            limits=limits,
            progress=progress,
            told=request.told,
            names=request.names,
        )
        if request.dividing is None:
            _send(answers, messages.Read.of(document))
            return
        progress(1 + len(document.text) // _CHARACTERS_A_PAGE)
        from corpus.reading.divide import divide_as  # numpy and the tokenizer: memory and time

        _send(answers, messages.Read.of_divided(divide_as(document, request.dividing)))
    except UnreadableFile as error:
        _send(answers, messages.Failed(error.reason))
    except BadMetadata as error:
        _send(answers, messages.Failed(f"{messages.WRONG_METADATA} {error}"))
    except MemoryError:
        # Nothing is certain after this. Say so and end: the other side starts a new process.
        _send(answers, messages.OutOfMemory())
        os._exit(70)


def _send(answers: BinaryIO, answer: messages.Answer) -> None:
    answers.write(messages.line(answer))
    answers.flush()


def _confine(limits: Limits) -> None:
    """Limit memory, open files, written bytes and core dumps, where the system can (not Windows).

    macOS has the calls but does not hold to all of them: a limit that is refused is passed over,
    and wall time and sizes still hold.
    """
    try:
        import resource
    except ImportError:
        return
    for name, value in (
        ("RLIMIT_AS", limits.memory),
        ("RLIMIT_NOFILE", _OPEN_FILES),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_FSIZE", limits.written_bytes),
    ):
        with contextlib.suppress(AttributeError, OSError, ValueError):
            kind = getattr(resource, name)
            hard = resource.getrlimit(kind)[1]
            most = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (most, most))


class _Clock:
    """The processor time that this process may still use; it grows with the pages done."""

    def __init__(self, limits: Limits, *, size: int) -> None:
        self._limits = limits
        self._size = size
        self._used = _used()

    def allow(self, *, pages: int) -> None:
        try:
            import resource
        except ImportError:
            return
        seconds = self._used + self._limits.seconds_for(self._size, pages=pages) + 1
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, hard))


def _used() -> float:
    times = os.times()
    return times.user + times.system


if __name__ == "__main__":
    main()
