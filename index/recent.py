"""Values that took time to make, the last few of them kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Keeps the values that were last asked for. Safe to share between threads.

    Not an `lru_cache` over a method: that holds the object it belongs to, a cycle by which files
    stay open until the garbage collector comes by.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """The value of a key; made where it is not kept, and nobody else waits meanwhile."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        value = make()
        self.keep(key, value)
        return value

    def all(self, keys: Sequence[Key], make: Callable[[list[Key]], Sequence[Value]]) -> list[Value]:
        """The values of several keys; those that are not kept are made together."""
        with self._lock:
            found = {key: self._kept[key] for key in keys if key in self._kept}
            for key in found:
                self._kept.move_to_end(key)
        lacking = [key for key in dict.fromkeys(keys) if key not in found]
        if lacking:
            made = dict(zip(lacking, make(lacking), strict=True))
            found |= made
            for key, value in made.items():
                self.keep(key, value)
        return [found[key] for key in keys]

    def kept(self, key: Key) -> Value | None:
        """The value of a key, where it is kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Key, value: Value) -> None:
        with self._lock:
            self._kept[key] = value
            self._kept.move_to_end(key)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
