"""Our side of the bridge: it starts it, and starts it again when it is gone."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from contextlib import suppress

from index.cluster.bridge import (
    REPLIES,
    Begin,
    Call,
    End,
    Holder,
    Reply,
    Worker,
    frame,
    next_frame,
)
from index.cluster.engine import Node

_PAUSE = 2.0  # seconds before the bridge is started again
_AWAY = "the process that joins it is down"
_LEAVES_IN = 10.0  # seconds


class Gone(Exception):
    """There was no answer: the node, who works there, or the bridge is gone."""


class Link:
    """Safe to share between threads. `close` it."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._waiting: dict[int, Future[Reply]] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = threading.Event()
        self.problem = ""  # why it cannot be joined
        self.up = threading.Event()
        self._told = threading.Event()  # whether it can be joined
        threading.Thread(target=self._keep, name="cluster-link", daemon=True).start()

    def close(self) -> None:
        self._closed.set()
        with self._lock:
            process = self._process
        if process is None:
            return
        with suppress(OSError, subprocess.TimeoutExpired):
            with self._writing:
                assert process.stdin is not None
                process.stdin.close()
            process.wait(timeout=_LEAVES_IN)
        process.kill()

    def wait(self, *, timeout: float) -> None:
        """Until it is joined. Raises Gone where it cannot be, or not in time."""
        if not self._told.wait(timeout=timeout):
            raise Gone(_AWAY)
        if self.problem:
            raise Gone(self.problem)

    def ask(self, node: str, content: bytes) -> Future[Reply]:
        """The reply of a node's holder; Gone where there is none."""
        return self._call(Holder(node), content)

    def begin(self, worker: int, *, gpu: bool) -> Future[Reply]:
        return self._call(Begin(worker, gpu))

    def work(self, worker: int, content: bytes) -> Future[Reply]:
        """The reply of a worker that was begun; Gone where there is none, or no more."""
        return self._call(Worker(worker), content)

    def end(self, worker: int) -> None:
        self._call(End(worker))

    def nodes(self, *, timeout: float) -> list[Node]:
        """Raises Gone."""
        try:
            return list(self._call(None).result(timeout=timeout).nodes)
        except TimeoutError as error:
            raise Gone("the head does not answer") from error

    def _call(
        self, to: Holder | Begin | Worker | End | None, content: bytes = b""
    ) -> Future[Reply]:
        future: Future[Reply] = Future()
        number = next(self._numbers)
        with self._lock:
            process = self._process
            if process is None or not self.up.is_set():
                future.set_exception(Gone(self.problem or _AWAY))
                return future
            self._waiting[number] = future
        try:
            with self._writing:
                assert process.stdin is not None
                process.stdin.write(frame(Call(number, to, content)))
                process.stdin.flush()
        except (OSError, ValueError):
            with self._lock:
                waits = self._waiting.pop(number, None)
            if waits is not None:
                future.set_exception(Gone(_AWAY))
        return future

    def _keep(self) -> None:
        while not self._closed.is_set():
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "index.cluster.bridge", self._address],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            with self._lock:
                self._process = process
            if self._closed.is_set():
                process.kill()
            with suppress(EOFError, OSError, ValueError):
                self._listen(process)
            process.kill()
            process.wait()
            self._let_go()
            if not self._closed.is_set():
                time.sleep(_PAUSE)

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        while True:
            reply = REPLIES.decode(next_frame(process.stdout))
            if reply.number == 0:
                self.problem = reply.gone
                if not reply.gone:
                    self.up.set()
                self._told.set()
                continue
            with self._lock:
                future = self._waiting.pop(reply.number, None)
            if future is None:
                continue
            if reply.gone:
                future.set_exception(Gone(reply.gone))
            else:
                future.set_result(reply)

    def _let_go(self) -> None:
        self.up.clear()
        with self._lock:
            waiting, self._waiting = self._waiting, {}
            self._process = None
        for future in waiting.values():
            future.set_exception(Gone(_AWAY))
