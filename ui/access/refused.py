"""A request that is not even looked at."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.errors import CodedeskError


class Refused(CodedeskError):
    """`status` is HTTP's, `headers` go with the answer."""

    def __init__(
        self, status: int, sentence: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.headers = headers or {}


class NotSignedIn(Refused):
    """Nobody, or somebody whose sign-in does not count, or not any more."""

    def __init__(self, sentence: str) -> None:
        super().__init__(401, sentence, {"WWW-Authenticate": "Bearer"})
