"""What the API answers is what the command prints; and what only the API has."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from typing import Any

import pytest
from PIL import Image, ImageChops

from ui.state.records import Records

pytestmark = pytest.mark.xdist_group("hardened")  # one process, one server

QUESTION = "Does Lakeside ask for prior authorization?"
SAME = [
    ("POST", "/ask", {"question": QUESTION, "k": 2}, ("ask", QUESTION, "-k", "2")),
    (
        "POST",
        "/ask",
        {"question": "cryoablation", "payers": ["Hillcrest Plan"], "as_of": "2022-05-01"},
        ("ask", "cryoablation", "--payer", "Hillcrest Plan", "--as-of", "2022-05-01"),
    ),
    (
        "POST",
        "/search",
        {"query": "0581T", "mode": "lexical", "kinds": ["policy"], "all_versions": True, "k": 3},
        ("search", "0581T", "--mode", "lexical", "--kind", "policy", "--all-versions", "-k", "3"),
    ),
    (
        "GET",
        "/show",
        {"document": "units.pdf", "page": 2},
        ("show", "units.pdf", "--page", "2"),
    ),
    ("GET", "/code", {"code": "0581 t", "kinds": "policy"}, ("code", "0581 t", "--kind", "policy")),
    (
        "GET",
        "/matrix",
        {"code": "0581T", "all_versions": "true"},
        ("matrix", "0581T", "--all-versions"),
    ),
    ("GET", "/changes", {"since": "2020-01-01"}, ("changes", "--since", "2020-01-01")),
    ("GET", "/status", {}, ("status",)),
    ("GET", "/doctor", {}, ("doctor",)),
    ("GET", "/generations", {}, ("generations",)),
]


@pytest.mark.parametrize(("method", "path", "asked", "command"), SAME)
def test_the_api_answers_what_the_command_prints(
    api: Any, read_home: Any, method: str, path: str, asked: dict[str, Any], command: Any
) -> None:
    reply = api.get(path, **asked) if method == "GET" else api.post(path, **asked)
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli", *command, "--json"],
        env={**os.environ, "CODEDESK_HOME": str(read_home)},
        capture_output=True,
        timeout=300,
    )
    told, printed = reply.json, json.loads(done.stdout)
    for one in (told, printed):
        if isinstance(one, dict):
            one.pop("seconds", None)
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json"
    assert _steady(told) == _steady(printed)


def _steady(told: Any) -> Any:
    """Without how much room is left on the disk, which changes from one moment to the next."""
    if isinstance(told, dict) and "findings" in told:
        findings = [one for one in told["findings"] if one["area"] != "space"]
        return {**told, "findings": findings}
    return told


def test_a_version_is_compared_with_itself_by_nobody(api: Any) -> None:
    reply = api.get("/diff", document="lakeside.md")
    assert reply.status == 400
    assert "one version only" in reply.detail


def test_a_page_is_drawn_with_a_box_around_the_cited_passage_alone(api: Any) -> None:
    cited = api.post("/ask", question="How many units of 0581T per breast?").json["citations"][0]
    assert cited["document"]["id"].endswith("units.pdf")
    where = {"document": cited["document"]["id"], "page": cited["page"]}
    plain = api.get("/page-image", **where)
    boxed = api.get("/page-image", **where, **cited["span"])
    assert (plain.status, plain.headers["content-type"]) == (200, "image/png")
    before, after = (Image.open(io.BytesIO(one.body)) for one in (plain, boxed))
    changed = ImageChops.difference(before, after).getbbox()
    assert changed is not None
    # The sentence stands in the upper part of a letter page, 72 points from the left.
    left, top, right, bottom = (
        changed[0] / before.width,
        changed[1] / before.height,
        changed[2] / before.width,
        changed[3] / before.height,
    )
    assert 0.08 < left < 72 / 612 < right < 1
    assert 0.05 < top < 1 - 670 / 792 < bottom < 0.25


def test_a_document_that_is_no_pdf_has_no_picture_and_says_so(api: Any) -> None:
    reply = api.get("/page-image", document="lakeside.md", page=1)
    assert reply.status in (400, 404)
    assert "lakeside.md" in reply.detail


@pytest.mark.trust(22)
def test_patient_data_in_a_question_is_searched_and_stored_by_nobody(
    own_api: Any, own_server: Any
) -> None:
    reply = own_api.post("/ask", question=f"{QUESTION} The patient is Jane Roe, MRN 1234567.")
    told = reply.json
    assert "1234567" not in reply.body.decode() and "Roe" not in reply.body.decode()
    assert any("of a patient" in warning for warning in told["warnings"])
    assert told["citations"][0]["document"]["id"].endswith("lakeside.md")
    logged = Records(own_server.home).questions()
    assert [one.question for one in logged] == [told["question"]]
    nothing = own_api.post("/ask", question="patient Jane Roe, MRN 1234567")
    assert nothing.status == 400
    assert "of a patient" in nothing.detail and "Roe" not in nothing.detail


def test_feedback_and_what_was_not_answered_reach_those_who_keep_the_library(own_api: Any) -> None:
    asked = own_api.post("/ask", question="What is the fee for parking at the clinic?").json
    assert asked["verdict"] != "answered"
    good = own_api.post("/ask", question=QUESTION).json
    rated = own_api.post(
        "/feedback",
        question=QUESTION,
        document=good["citations"][0]["document"]["id"],
        good=False,
        reason="outdated",
        generation=good["generation"],
    )
    assert rated.status == 201
    lacking = {
        one["question"]: one["reasons"] for one in own_api.get("/unanswered").json["questions"]
    }
    assert lacking[asked["question"]] == [asked["verdict"]]
    assert lacking[QUESTION] == ["outdated"]
