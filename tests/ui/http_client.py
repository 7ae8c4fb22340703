"""A client of the HTTP API that holds no opinion: it sends what it is told and gives what came."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def detail(self) -> str:
        """The sentence of a problem."""
        assert self.headers["content-type"] == "application/problem+json", self.body
        told = self.json
        assert told["status"] == self.status
        return str(told["detail"])


class Api:
    def __init__(self, address: str) -> None:
        self.address = address

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        asked = urllib.request.Request(
            f"{self.address}/api/v1{path}", data=body, headers=named, method=method
        )
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                return Reply(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Reply(error.code, error.headers, error.read())

    def get(self, path: str, **asked: object) -> Reply:
        query = urllib.parse.urlencode(asked, doseq=True)
        return self.send("GET", f"{path}?{query}" if query else path)

    def post(self, path: str, **asked: object) -> Reply:
        body = json.dumps(asked).encode()
        return self.send("POST", path, body, content_type="application/json")


def run_apart(conversation: Coroutine[Any, Any, None]) -> None:
    """Run it in a thread of its own: a browser's loop may run in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, conversation).result()
