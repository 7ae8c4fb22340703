"""A link between two machines that may be slow, go silent or break: a real one, of sockets."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from types import TracebackType

_PIECE = 4096


class Link:
    """Passes on what is sent to its `port`, both ways. `rate` is how many bytes come back a
    second, `breaks_after` how many come back before it breaks; silent, it passes nothing on."""

    def __init__(self, target: int) -> None:
        self.rate: float | None = None
        self.breaks_after: int | None = None
        self.silent = False
        self.passed = 0
        self._target = target
        self._ends: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])

    def __enter__(self) -> Link:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listening.close()
        self.break_off()

    @property
    def broken(self) -> bool:
        return self.breaks_after is not None and self.passed >= self.breaks_after

    def break_off(self) -> None:
        """End all connections; new ones are taken."""
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._ends.clear()

    def _accept(self) -> None:
        while True:
            try:
                here = self._listening.accept()[0]
            except OSError:
                return
            if self.broken:
                here.close()
                continue
            there = socket.create_connection(("127.0.0.1", self._target))
            self._ends += [here, there]
            threading.Thread(target=self._pass, args=(here, there), daemon=True).start()
            threading.Thread(target=self._pass_back, args=(there, here), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                self._wait_while_silent()
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)

    def _pass_back(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                self._wait_while_silent()
                self.passed += len(piece)
                if self.broken:
                    self.break_off()
                    return
                if self.rate:
                    time.sleep(len(piece) / self.rate)
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)

    def _wait_while_silent(self) -> None:
        while self.silent:
            time.sleep(0.05)
