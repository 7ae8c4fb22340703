"""A maintainer's day over the API: a file, a sync, what it is, back again; and the stop."""

from __future__ import annotations

import signal
import socket
import threading
import time
from pathlib import Path
from typing import Any

from ui.state.records import Records

NOTE = b"# Harbor Plan\n\nHarbor Plan pays 0581T only after a second opinion.\n"


def _wait(api: Any, number: int) -> dict[str, Any]:
    end = time.monotonic() + 120
    while (job := api.get("/job", number=number).json)["state"] == "running":
        assert time.monotonic() < end, job
        time.sleep(0.2)
    return dict(job)


def test_a_file_is_added_described_published_and_taken_back(own_api: Any, own_server: Any) -> None:
    put = own_api.send("POST", "/upload?name=harbor.md", NOTE)
    assert (put.status, put.json["name"], put.json["title"]) == (200, "harbor.md", "Harbor Plan")
    assert own_api.get("/show", document="harbor").status == 404, "not before the sync"
    started = own_api.post("/sync")
    assert (started.status, started.json["state"]) == (202, "running")
    again = own_api.post("/sync")
    assert again.status == 409 or again.json["number"] == started.json["number"] + 1
    done = _wait(own_api, started.json["number"])
    assert done["state"] == "done", done
    assert done["report"]["added"] == ["library/harbor.md"]
    asked = own_api.post("/ask", question="When does Harbor Plan pay for 0581T?").json
    assert "second opinion" in asked["citations"][0]["text"]

    edit = own_api.post(
        "/metadata", document="library/harbor.md", fields={"payer": "Harbor Plan", "kind": "policy"}
    )
    assert edit.status == 200, edit.body
    assert {one["field"]: one["new"] for one in edit.json["changes"]} == {
        "payer": "Harbor Plan",
        "kind": "policy",
    }
    wrong = own_api.post("/metadata", document="library/harbor.md", fields={"kind": "novel"})
    assert wrong.status in (400, 422)
    same = own_api.post("/metadata", document="library/harbor.md", fields={"kind": "policy"})
    assert same.status == 422
    assert _wait(own_api, own_api.post("/retry").json["number"])["state"] == "done"
    assert own_api.get("/show", document="harbor").json["document"]["payer"] == "Harbor Plan"

    back = own_api.post("/rollback", generation=1).json
    assert back["generation"] == 1
    assert own_api.get("/show", document="harbor").status == 404
    kept = own_api.get("/generations").json
    assert [one["generation"] for one in kept if one["current"]] == [1]
    done_by = {one.action: one.who for one in Records(own_server.home).audited()}
    assert {"upload", "sync", "metadata", "retry", "rollback"} <= done_by.keys()
    assert done_by["upload"] == "this machine"


def test_a_file_that_cannot_be_read_is_not_stored(own_api: Any, own_server: Any) -> None:
    put = own_api.send("POST", "/upload?name=../../evil.pdf", b"MZ\0\0 This program cannot be run")
    assert put.status == 422
    assert "evil.pdf was not kept" in put.detail and "program" in put.detail
    assert not list(Path(own_server.home).parent.rglob("evil*"))


def test_the_golden_questions_are_asked_and_what_came_out_is_told(own_api: Any) -> None:
    job = own_api.post("/evaluate")
    assert job.status == 202
    assert _wait(own_api, job.json["number"])["state"] == "done"
    graded = own_api.get("/evaluation").json
    assert (graded["questions"], graded["figures"]["hit_at_1"]) == (1, 1.0)
    assert graded["compared"] is None


def test_an_answer_that_is_under_way_is_finished_when_the_server_is_stopped(
    own_api: Any, own_server: Any
) -> None:
    """It was begun before the server was told to stop, and its last bytes came after."""
    own_api.post("/ask", question="0581T")  # everything is open
    host, port = own_server.address.removeprefix("http://").split(":")
    body = b'{"question": "Does Lakeside ask for prior authorization?"}'
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(
            b"POST /api/v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body[:10])
        )
        time.sleep(0.5)
        stopping = threading.Thread(target=own_server.process.send_signal, args=(signal.SIGTERM,))
        stopping.start()
        time.sleep(0.5)
        assert own_server.process.poll() is None
        connection.sendall(body[10:])
        told = b""
        while part := connection.recv(65536):
            told += part
    assert told.split()[1] == b"200"
    assert b"lakeside.md" in told
    own_server.process.wait(40)
