"""A process between ours and Ray: `python -m index.cluster.bridge HOST:PORT`.

Ray ends a process that has lost its node or its head, and may crash it when a node dies. This one
may end; who asks or indexes lives on and starts another. Requests come by standard input, answers
go to standard output, each a length and a message. With its input it ends, and with it the workers
that it started.
"""

from __future__ import annotations

import os
import struct
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import IO, Any

from msgspec import Struct
from msgspec.msgpack import Decoder, encode

from index.cluster import engine
from index.cluster.engine import ClusterProblem, Node
from index.cluster.holder import HoldingActor
from index.cluster.worker import WorkingActor

_AT_ONCE = 512  # calls that wait for an answer
_PATIENCE = 600.0  # seconds for one call of a holder; loading a large shard takes minutes
_LENGTH = struct.Struct(">Q")
_CALLS = 16  # that a holder answers at once


class Holder(Struct, frozen=True, tag="holder"):
    """The one of a node; it is started where there is none."""

    node: str


class Begin(Struct, frozen=True, tag="begin"):
    """A new worker, by a number that was not given before, wherever there is room."""

    worker: int
    gpu: bool = False


class Worker(Struct, frozen=True, tag="worker"):
    """One that was begun here. What it is asked it does in the order in which it was asked."""

    worker: int


class End(Struct, frozen=True, tag="end"):
    worker: int


class Call(Struct, frozen=True):
    """A request for somebody; for nobody it asks for the list of all nodes."""

    number: int
    to: Holder | Begin | Worker | End | None = None
    content: bytes = b""


class Reply(Struct, frozen=True):
    """`gone` says why there is no answer."""

    number: int
    content: bytes = b""
    nodes: tuple[Node, ...] = ()
    gone: str = ""


CALLS, REPLIES = Decoder(Call), Decoder(Reply)


def frame(message: Call | Reply) -> bytes:
    content = encode(message)
    return _LENGTH.pack(len(content)) + content


def next_frame(stream: IO[bytes]) -> bytes:
    """Raises EOFError at the end."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    return stream.read(int(_LENGTH.unpack(head)[0]))


class _Bridge:
    def __init__(self, address: str, answers: IO[bytes]) -> None:
        self._ray = engine.join(address)
        self._answers = answers
        self._lock = threading.Lock()
        self._holders: dict[str, Any] = {}
        self._workers: dict[int, Any] = {}

    def serve(self, asked: IO[bytes]) -> None:
        threads = ThreadPoolExecutor(_AT_ONCE)
        while True:
            call = CALLS.decode(next_frame(asked))
            if isinstance(call.to, Begin | Worker | End):
                threads.submit(self._answer, call, self._worked(call.to, call.content))
            else:
                threads.submit(self._answer, call, partial(self._asked, call))

    def leave(self) -> None:
        """End the workers that were begun here, by their own means; holders go on."""
        if self._workers:
            self._workers.clear()
            engine.leave(self._ray)

    def _answer(self, call: Call, answered: Callable[[], bytes | tuple[Node, ...]]) -> None:
        try:
            found = answered()
            if isinstance(found, bytes):
                reply = Reply(call.number, found)
            else:
                reply = Reply(call.number, nodes=found)
        except (Exception, SystemExit) as error:
            self._forget(call.to)
            reply = Reply(call.number, gone=type(error).__name__)
        self.say(reply)

    def _asked(self, call: Call) -> bytes | tuple[Node, ...]:
        if not isinstance(call.to, Holder):
            return tuple(engine.nodes(self._ray))
        reference = self._holder(call.to.node).ask.remote(call.content)
        answer: bytes = self._ray.get(reference, timeout=_PATIENCE)
        return answer

    def _worked(self, to: Begin | Worker | End, content: bytes) -> Callable[[], bytes]:
        """Have it done; what is given waits for the answer."""
        try:
            if isinstance(to, End):
                self._workers.pop(to.worker, None)
                return bytes
            if isinstance(to, Begin):
                self._workers[to.worker] = self._begun(gpu=to.gpu)
                return bytes
            reference = self._workers[to.worker].ask.remote(content)
            return partial(self._ray.get, reference)
        except Exception as error:
            return partial(_raise, error)

    def _begun(self, *, gpu: bool) -> Any:
        options = {"num_cpus": 1, "max_restarts": 0, "scheduling_strategy": "SPREAD"}
        kind = self._ray.remote(WorkingActor).options(**options, num_gpus=1 if gpu else 0)
        return kind.remote()

    def _forget(self, to: Holder | Begin | Worker | End | None) -> None:
        with self._lock:
            if isinstance(to, Holder):
                self._holders.pop(to.node, None)
            elif to is not None:
                self._workers.pop(to.worker, None)

    def say(self, reply: Reply) -> None:
        content = frame(reply)
        with self._lock:
            self._answers.write(content)
            self._answers.flush()

    def _holder(self, node: str) -> Any:
        """The one holder of a node: whoever asks first has it started."""
        with self._lock:
            known = self._holders.get(node)
        if known is not None:
            return known
        strategies = self._ray.util.scheduling_strategies
        holder = (
            self._ray.remote(HoldingActor)
            .options(
                name=f"holder-{node}",
                get_if_exists=True,
                lifetime="detached",
                max_restarts=-1,
                max_concurrency=_CALLS,
                num_cpus=0,
                scheduling_strategy=strategies.NodeAffinitySchedulingStrategy(node, soft=False),
            )
            .remote()
        )
        with self._lock:
            return self._holders.setdefault(node, holder)


def _raise(error: Exception) -> bytes:
    raise error


def main() -> int:
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not mix with the answers
    try:
        bridge = _Bridge(sys.argv[1], answers)
    except ClusterProblem as problem:
        answers.write(frame(Reply(0, gone=str(problem))))
        answers.flush()
        return 1
    bridge.say(Reply(0))
    with suppress(EOFError):
        bridge.serve(sys.stdin.buffer)
    bridge.leave()
    os._exit(0)  # threads that wait for Ray would keep it


if __name__ == "__main__":
    sys.exit(main())
