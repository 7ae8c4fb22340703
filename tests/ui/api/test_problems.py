"""What cannot be done is said as RFC 9457 has it, in the sentences of every other face."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any, get_args

import pytest
from http_client import Api

from corpus.document import KINDS
from ui.schema.asked import Kind, Reason
from ui.state.question_log import REASONS

pytestmark = pytest.mark.xdist_group("hardened")  # one process, one server

BAD = [
    ("POST", "/ask", {"question": " "}, 400, "The question is empty"),
    ("POST", "/ask", {"question": "why " * 600}, 400, "the most is 2,000"),
    ("POST", "/ask", {"question": "a\x00b"}, 400, "control characters"),
    ("POST", "/ask", {}, 422, "missing required field `question`"),
    ("POST", "/ask", {"question": "a", "k": 0}, 422, ">= 1"),
    ("POST", "/ask", {"question": "a", "kinds": ["novel"]}, 422, "novel"),
    ("POST", "/ask", {"question": "a", "as_of": "yesterday"}, 422, "RFC3339"),
    ("POST", "/ask", {"question": "a", "colour": "red"}, 422, "unknown field `colour`"),
    ("POST", "/search", {"query": 'payer:"Lake'}, 400, ""),
    ("POST", "/rollback", {"generation": 77}, 409, "77"),
    ("POST", "/feedback", {"question": "a", "document": "b", "good": True}, 422, "generation"),
    ("GET", "/show", {"document": "nonesuch"}, 404, "No document is called nonesuch"),
    ("GET", "/show", {"document": "units.pdf", "page": 9}, 404, "has pages 1 to 3"),
    ("GET", "/show", {"document": "units.pdf", "version": 9}, 404, "has no version 9"),
    ("GET", "/show", {"document": "units.pdf", "page": "two"}, 422, "page"),
    ("GET", "/code", {"code": "nothing like it"}, 400, ""),
    ("GET", "/job", {"number": 9}, 404, "There is no such job"),
    ("GET", "/evaluation", {}, 404, "was not asked the golden questions"),
    ("GET", "/elsewhere", {}, 404, "openapi.json"),
    ("GET", "/ask", {"question": "a"}, 405, "GET is not answered here"),
]


@pytest.mark.parametrize(("method", "path", "asked", "status", "says"), BAD)
def test_what_cannot_be_done_is_said_in_a_sentence(
    api: Any, method: str, path: str, asked: dict[str, Any], status: int, says: str
) -> None:
    reply = api.get(path, **asked) if method == "GET" else api.post(path, **asked)
    assert reply.status == status, reply.body
    assert says in reply.detail
    assert reply.detail.rstrip(" ^").endswith((".", "^")) or "\n" in reply.detail
    assert reply.json["title"]


def test_without_an_index_every_question_says_how_to_make_one(empty_server: Any) -> None:
    api = Api(empty_server.address)
    for reply in (
        api.post("/ask", question="a"),
        api.get("/status"),
        api.get("/code", code="0581T"),
    ):
        assert reply.status == 503
        assert "codedesk sync" in reply.detail


def test_a_body_that_is_not_json_is_refused(api: Any) -> None:
    body = b'{"question": "a"}'
    assert api.send("POST", "/ask", body, content_type="text/plain").status == 415
    assert api.send("POST", "/ask", b"{", content_type="application/json").status == 422
    assert api.send("POST", "/ask", b"\xff\xfe", content_type="application/json").status == 422
    charset = "application/json; charset=utf-8"
    assert api.send("POST", "/ask", body, content_type=charset).status == 200


@pytest.mark.trust(18)
def test_a_body_that_is_too_large_is_refused_whether_its_size_is_told_or_not(api: Any) -> None:
    heads = (b"Content-Length: 1100000\r\n", b"Transfer-Encoding: chunked\r\n")
    for head in heads:
        with _connected(api) as connection:
            connection.sendall(
                b"POST /api/v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                b"Content-Type: application/json\r\n" + head + b"\r\n"
            )
            with suppress(ConnectionError):  # it may hang up before it has read all
                for _ in range(20 if b"chunked" in head else 0):
                    connection.sendall(b"%x\r\n%s\r\n" % (100_000, b"a" * 100_000))
            told = b""
            while b"larger" not in told and (part := connection.recv(4096)):
                told += part
        assert told.split()[1] == b"413"
        assert b"larger than 1 MB" in told


def _connected(api: Any) -> socket.socket:
    host, port = api.address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=60)


def test_the_choices_of_the_api_are_those_of_the_library() -> None:
    assert get_args(Kind) == KINDS
    assert set(get_args(Reason)) == set(REASONS)
