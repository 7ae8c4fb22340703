"""A process between one who asks and Ray: `python -m index.cluster.bridge HOST:PORT`.

Ray ends a process that has lost its node or its head. This one may end; who asks lives on, starts
another, and meanwhile says that the search is away. Requests come by standard input, answers go to
standard output, each a length and a message.
"""

from __future__ import annotations

import os
import struct
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import IO, Any

from msgspec import Struct
from msgspec.msgpack import Decoder, encode

from index.cluster import engine
from index.cluster.engine import ClusterProblem, Node
from index.cluster.holder import HoldingActor

_AT_ONCE = 64
_PATIENCE = 600.0  # seconds for one call; loading a large shard takes minutes
_LENGTH = struct.Struct(">Q")
_CALLS = 16  # that a holder answers at once


class Call(Struct, frozen=True):
    """A request for the holder of a node; without a node, for the list of all nodes."""

    number: int
    node: str = ""
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

    def serve(self, asked: IO[bytes]) -> None:
        threads = ThreadPoolExecutor(_AT_ONCE)
        while True:
            threads.submit(self._answer, CALLS.decode(next_frame(asked)))

    def _answer(self, call: Call) -> None:
        try:
            if not call.node:
                reply = Reply(call.number, nodes=tuple(engine.nodes(self._ray)))
            else:
                reference = self._holder(call.node).ask.remote(call.content)
                reply = Reply(call.number, self._ray.get(reference, timeout=_PATIENCE))
        except (Exception, SystemExit) as error:
            with self._lock:
                self._holders.pop(call.node, None)
            reply = Reply(call.number, gone=type(error).__name__)
        self.say(reply)

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
    os._exit(0)  # threads that wait for Ray would keep it


if __name__ == "__main__":
    sys.exit(main())
