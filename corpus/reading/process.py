"""One reading process: it is started, asked for one file at a time, watched, and ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from shutil import rmtree
from threading import Thread
from typing import TypeVar

import corpus
from corpus.divided import Divided, Dividing
from corpus.document import Document
from corpus.errors import UnreadableFile
from corpus.files.limits import Limits
from corpus.metadata.identity.names import Body
from corpus.metadata.told import Value
from corpus.readers import Scan
from corpus.reading import messages
from corpus.text.clean import printable

_START_SECONDS = 30.0  # to start Python and import a format's libraries on a busy machine
_Taken = TypeVar("_Taken")
_REMEDY = "Split it, print it to a new PDF, or raise the limit in the settings."


class ReadingProcess:
    """A new interpreter with an empty environment, its own folder and its own process group.

    Not thread-safe. `files` counts the files it was asked to read; `stopped` tells that the last
    of them took too much, or made the process crash, `recognised` that a picture of a page was
    being recognised by then. `scan` is the document and the page that is being recognised now.
    """

    def __init__(self, limits: Limits, names: tuple[Body, ...] = ()) -> None:
        self.files = 0
        self.stopped = False
        self.recognised = False
        self.scan: tuple[str, Scan] | None = None
        self._limits = limits
        self._names = names
        self._folder = tempfile.mkdtemp(prefix="codedesk-read-")
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-B", "-X", "utf8", "-m", "corpus.reading.worker", self._folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            env=_environment(self._folder),
            start_new_session=True,
        )
        self._lines: SimpleQueue[bytes] = SimpleQueue()
        Thread(target=self._listen, daemon=True).start()

    def read(
        self, path: Path, *, document_id: str, told: Mapping[str, Value] | None = None
    ) -> Document | UnreadableFile:
        """The document, or why there is none. `told` is what a person said of it. After a failure
        do not use the process again."""
        return self._read(path, document_id, None, messages.Read.whole, told)

    def divide(
        self,
        path: Path,
        *,
        document_id: str,
        dividing: Dividing,
        told: Mapping[str, Value] | None = None,
    ) -> Divided | UnreadableFile:
        """The same with its passages and codes."""
        return self._read(path, document_id, dividing, messages.Read.divided, told)

    def _read(
        self,
        path: Path,
        document_id: str,
        dividing: Dividing | None,
        taken: Callable[[messages.Read], _Taken],
        told: Mapping[str, Value] | None = None,
    ) -> _Taken | UnreadableFile:
        self.files += 1
        try:
            size = path.stat().st_size
        except OSError:
            size = 0  # the worker says what is wrong with the file
        request = messages.Request(
            path=os.fsencode(os.path.abspath(path)),  # noqa: PTH100 - links are not followed
            id=document_id,
            size=min(size, self._limits.file_bytes),
            limits=self._limits,
            dividing=dividing,
            told=dict(told or {}),
            names=self._names,
        )
        try:
            answer = self._ask(request)
            self.scan = None
            if isinstance(answer, messages.Read):
                return taken(answer)
            reason = answer.reason
        except _Stopped as stopped:
            self.stopped = True
            self.end()
            reason = stopped.reason
        except ValueError:
            self.end()
            reason = f"Reading it ended with an answer that makes no sense. {_REMEDY}"
        return UnreadableFile(printable(str(path)), reason)

    def end(self) -> None:
        """Kill the process and all that it started, and remove its folder."""
        with suppress(ProcessLookupError, PermissionError, OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        with suppress(OSError):
            self._process.kill()
        self._process.wait()
        with suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        rmtree(self._folder, ignore_errors=True)

    def _ask(self, request: messages.Request) -> messages.Read | messages.Failed:
        """Send the request and wait for the answer. Each step that is done gives more time."""
        started = time.monotonic()
        allowed = self._limits.seconds_for(request.size)
        grace = _START_SECONDS if self.files == 1 else 0.0
        try:
            assert self._process.stdin is not None
            self._process.stdin.write(messages.line(request))
            self._process.stdin.flush()
        except OSError:
            raise _Stopped(self._why_it_died(allowed)) from None
        while True:
            patience = allowed * self._limits.patience
            left = started + patience + grace - time.monotonic()
            match messages.answer_in(self._next_line(left, allowed)):
                case messages.Started():
                    started, grace = time.monotonic(), 0.0
                case messages.Pages(done=done, scan=scan):
                    allowed = self._limits.seconds_for(request.size, pages=done)
                    self.recognised |= scan is not None
                    self.scan = (request.id, scan) if scan is not None else None
                case messages.OutOfMemory():
                    raise _Stopped(_memory(self._limits))
                case answer:
                    return answer

    def _next_line(self, left: float, allowed: float) -> bytes:
        try:
            line = self._lines.get(timeout=max(left, 0.001))
        except Empty:
            raise _Stopped(_too_long(allowed)) from None
        if not line:
            raise _Stopped(self._why_it_died(allowed))
        return line

    def _why_it_died(self, allowed: float) -> str:
        code = self._process.wait()
        if hasattr(signal, "SIGXCPU") and code == -signal.SIGXCPU:
            return _too_long(allowed)
        if code in (-getattr(signal, "SIGKILL", 9), -getattr(signal, "SIGABRT", 6)):
            return _memory(self._limits)  # the system took it, or Python could not go on without
        return f"Reading was stopped: the file made the reader crash (code {code}). {_REMEDY}"

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with suppress(OSError, ValueError), self._process.stdout as answers:
            for line in answers:
                self._lines.put(line)
        self._lines.put(b"")


class _Stopped(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _too_long(seconds: float) -> str:
    return f"Reading was stopped: it needed more than {seconds:,.0f} seconds. {_REMEDY}"


def _memory(limits: Limits) -> str:
    return (
        f"Reading was stopped: it needed more than {limits.memory / 2**30:.1f} GB of memory. "
        f"{_REMEDY}"
    )


def _environment(folder: str) -> dict[str, str]:
    """Only the environment variables that an interpreter needs to start."""
    package = corpus.__file__
    assert package is not None
    kept = {
        name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ
    }
    return {
        **kept,
        "PYTHONPATH": str(Path(package).parent.parent),
        "TMPDIR": folder,
        "TEMP": folder,
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "1",  # each further one takes 64 MB of the address space
        "TOKENIZERS_PARALLELISM": "false",
        "PYTHONHASHSEED": "0",
    }
