"""The workers of a cluster, as who makes an index sees them: jobs go in, one at a time to each.

A job that its worker did not end, since its node died for one, is given to another. Nothing is lost
by that: a worker only gives back what it has whole. Workers are asked through a process between
(see bridge): with it they all end, and others are begun through the next one.
"""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from index.cluster import messages
from index.cluster.engine import ClusterProblem
from index.cluster.link import Gone, Link
from index.cluster.messages import Answer, Failed, Request, packed
from index.cluster.worker import PIECE, card_of, makes
from index.errors import NoSpace
from index.model.embedder import Embedder

Said = TypeVar("Said")
_TRIES = 4  # of a job, by workers that died at it
_PATIENCE = 300.0  # seconds without a single worker
_JOINED_IN = 120.0
_LOOK_EVERY = 0.2
_PAUSE = 1.0


class Lost(Exception):
    """The worker is gone, or does not answer."""


class Asked(Protocol):
    """A worker that answers."""

    host: str

    def ask(self, request: Request, kind: type[Said]) -> Said: ...

    def send(self, request: Request) -> Callable[[], Answer]:
        """Ask, and go on; call what is given for the answer."""


@dataclass(order=True, slots=True)
class _Job:
    """`rank` and then `number` say what comes first."""

    rank: int
    number: int
    run: Callable[[Asked], Any] = field(compare=False)
    future: Future[Any] = field(compare=False)
    tries: int = field(default=0, compare=False)


class Pool:
    """One worker for each processor that the nodes offer. `close` it."""

    def __init__(self, address: str, embedder: Embedder) -> None:
        self._link = Link(address)
        self._embedder = embedder
        self._card = card_of(embedder.card)
        self._jobs: list[_Job] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._closed = False
        self._refused = ""
        self._hosts: dict[int, str] = {}
        self._without_since = time.monotonic()
        self._giving = threading.Lock()
        self._begun = itertools.count(1)
        try:
            self.count = self._joined(address)
        except BaseException:
            self._link.close()
            raise
        self._threads = [
            threading.Thread(target=self._serve, args=(n,), name=f"worker-{n}", daemon=True)
            for n in range(self.count)
        ]
        for thread in self._threads:
            thread.start()

    def _joined(self, address: str) -> int:
        """How many workers there is room for."""
        try:
            self._link.wait(timeout=_JOINED_IN)
            found = self._link.nodes(timeout=_JOINED_IN)
        except Gone as error:
            raise ClusterProblem(str(error)) from error
        per = "GPU" if self._embedder.device else "CPU"
        count = int(sum(node.resources.get(per, 0) for node in found))
        if not count:
            raise ClusterProblem(
                f"The cluster at {address} offers no {per}. Start its nodes with "
                f"`ray start --num-{per.lower()}s N`."
            )
        return count

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._link.close()  # ends the workers; threads that wait for one of them hear of it

    def submit(self, rank: int, run: Callable[[Asked], Said]) -> Future[Said]:
        """Have a worker do something; of what waits, the lowest rank goes first."""
        future: Future[Said] = Future()
        with self._changed:
            heapq.heappush(self._jobs, _Job(rank, next(self._numbers), run, future))
            self._changed.notify()
        return future

    def wait(self, future: Future[Said], watch: Callable[[], None] = lambda: None) -> Said:
        """The result, while `watch` is called now and then. Raises ClusterProblem where no worker
        is there for too long, or none may do it."""
        while True:
            with suppress(TimeoutError):
                return future.result(timeout=_LOOK_EVERY)
            watch()
            if self._refused and not self._hosts:
                raise ClusterProblem(self._refused)
            if not self._hosts and time.monotonic() - self._without_since > _PATIENCE:
                raise ClusterProblem(
                    f"No worker of the cluster answered for {_PATIENCE:.0f} s. What they made is "
                    "kept: run the same command again when the nodes are back, and it goes on "
                    "from there."
                )

    @property
    def workers(self) -> str:
        """Who is at work, in words."""
        hosts = list(self._hosts.values())
        machines = len(set(hosts))
        return f"{len(hosts)} workers on {machines} machine{'s' * (machines != 1)}"

    def _serve(self, number: int) -> None:
        worker: _Far | None = None
        while not self._closed:
            try:
                if worker is None:
                    worker = self._started()
                    self._hosts[number] = worker.host
                job = self._next()
                if job is not None:
                    self._do(job, worker)
            except Exception as error:
                if worker is not None:
                    worker.end()
                worker = None
                if self._hosts.pop(number, None) is not None and not self._hosts:
                    self._without_since = time.monotonic()
                if isinstance(error, ClusterProblem):
                    self._refused = str(error)
                    return
                time.sleep(_PAUSE)

    def _next(self) -> _Job | None:
        with self._changed:
            if not self._jobs and not self._closed:
                self._changed.wait(timeout=_PAUSE)
            return heapq.heappop(self._jobs) if self._jobs and not self._closed else None

    def _do(self, job: _Job, worker: Asked) -> None:
        """Raises Lost; the job is then another's, but for one at which many were lost."""
        try:
            job.future.set_result(job.run(worker))
        except Lost as error:
            job.tries += 1
            if job.tries >= _TRIES:
                job.future.set_exception(
                    ClusterProblem(
                        f"{_TRIES} workers ended at the same part of the work ({error}). See the "
                        "log of Ray on their machines, and the memory that they have. What they "
                        "made is kept: run the same command again, and it goes on from there."
                    )
                )
            else:
                with self._changed:
                    heapq.heappush(self._jobs, job)
                    self._changed.notify()
            raise
        except Exception as error:
            job.future.set_exception(error)

    def _started(self) -> _Far:
        """A new worker with the model. Raises Lost, and ClusterProblem for one that makes other
        vectors or passages than this machine."""
        worker = _Far(self._link, next(self._begun), gpu=bool(self._embedder.device))
        try:
            self._make_ready(worker)
        except BaseException:
            worker.end()
            raise
        return worker

    def _make_ready(self, worker: _Far) -> None:
        found = worker.ask(messages.Hello(), messages.Here)
        worker.host = found.host
        differ = [name for name, value in makes().items() if found.makes.get(name) != value]
        if differ:
            raise ClusterProblem(
                f"{found.host} has another Codedesk than this machine (it differs in its "
                f"{', '.join(differ)}). Install the same version and the same extras on all nodes."
            )
        with self._giving:  # a node has one copy: whoever of its workers comes first takes it
            if not worker.ask(messages.HasModel(self._card), messages.Yes).so:
                self._give_model(worker)
        embedder = self._embedder
        ready = worker.ask(
            messages.Start(
                self._card,
                embedder.card.name,
                embedder.precision,
                embedder.device,
                embedder.token_bits,
            ),
            messages.Ready,
        )
        if ready.engine != embedder.engine:
            raise ClusterProblem(
                f"{found.host} runs the model with {ready.engine}, this machine with "
                f"{embedder.engine}: their vectors are not the same. Set `precision` to f32, or "
                "install the same version of OpenVINO."
            )

    def _give_model(self, worker: Asked) -> None:
        for name, path in self._embedder.files.items():
            start = 0
            with path.open("rb") as file:
                while piece := file.read(PIECE):
                    worker.ask(messages.ModelPiece(self._card, name, start, piece), messages.Yes)
                    start += len(piece)


class _Far:
    """A worker on a node."""

    def __init__(self, link: Link, number: int, *, gpu: bool) -> None:
        self.host = ""
        self._link = link
        self._number = number
        link.begin(number, gpu=gpu)  # where that fails, so does what it is asked

    def end(self) -> None:
        self._link.end(self._number)

    def ask(self, request: Request, kind: type[Said]) -> Said:
        answer = self.send(request)()
        if not isinstance(answer, kind):
            raise Lost(f"it answered with {type(answer).__name__}")
        return answer

    def send(self, request: Request) -> Callable[[], Answer]:
        reply = self._link.work(self._number, packed(request))

        def answer() -> Answer:
            try:
                answered = messages.answer_in(reply.result().content)
            except (Gone, ValueError) as error:
                raise Lost(str(error)) from error
            if isinstance(answered, Failed):
                if answered.full:
                    raise NoSpace(answered.problem)
                raise Lost(answered.problem)
            assert not isinstance(answered, Request)
            return answered

        return answer
