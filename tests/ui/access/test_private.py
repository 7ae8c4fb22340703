"""Two groups that must not see each other, at every face of one server."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from http_client import Api, Reply, run_apart

from index.audience.rules import Rules, read_rules, write_rules
from ui.state.records import Records

pytestmark = pytest.mark.trust(23)

LAKESIDE = "Does Lakeside Health ask for prior authorization?"
UNITS = "How many units of 0581T per breast?"


class Person:
    """A program of a person, with a token of the provider."""

    def __init__(self, address: str, provider: Any, subject: str) -> None:
        self._api = Api(address)
        self.bearer = f"Bearer {provider.tokens(subject)['id_token']}"

    def get(self, path: str) -> Reply:
        return self._api.send("GET", path, authorization=self.bearer)

    def post(self, path: str, /, **asked: Any) -> Reply:
        body = json.dumps(asked).encode()
        return self._api.send(
            "POST", path, body, authorization=self.bearer, content_type="application/json"
        )

    def cited(self, question: str) -> set[str]:
        told = self.post("/ask", question=question, k=9).json
        return {one["document"]["id"] for one in told["citations"]}

    def files(self) -> set[str]:
        return {one["id"] for one in self.get("/status").json["files"]}


@pytest.fixture
def apart(provider: Any, guarded: Callable[..., Any]) -> tuple[Any, Person, Person]:
    """A server, and two who keep its library: one may see contracts, the other memos."""
    server = guarded(minutes=0.05)
    provider.put("ann", "it", "pricing")
    provider.put("ben", "it", "legal")
    write_rules(
        server.home, Rules({"library/lakeside.md": ("pricing",), "library/units.pdf": ("legal",)})
    )
    ann, ben = (Person(server.address, provider, name) for name in ("ann", "ben"))
    return server, ann, ben


def test_who_is_not_in_its_group_cannot_tell_that_a_document_is_there(
    apart: tuple[Any, Person, Person],
) -> None:
    _, ann, ben = apart
    assert "library/lakeside.md" in ann.cited(LAKESIDE)
    assert "library/units.pdf" in ben.cited(UNITS)
    for who, hidden, word, question in (
        (ben, "library/lakeside.md", "Lakeside", "Is prior authorization asked for?"),
        (ann, "library/units.pdf", "whatever the number", "Is it billed per probe?"),
    ):
        absent = who.get("/show?document=no-such-paper").detail
        told = who.get(f"/show?document={hidden}").detail
        assert told.replace(hidden, "no-such-paper") == absent
        for reply in (
            *(who.get(path) for path in ("/status", "/doctor", "/groups", "/unanswered")),
            *(who.get(f"/{name}?code=0581T&all_versions=true") for name in ("code", "matrix")),
            who.get("/changes?since=2019-01-01"),
            who.post("/ask", question=question, k=9),
            who.post("/search", query="0581T", all_versions=True, k=99),
            who.post("/regroup", path=hidden, groups=[]),
            who.post("/metadata", document=hidden, fields={"payer": "X"}),
            who.get(f"/page-image?document={hidden}&page=2"),
        ):
            said = reply.body.decode().replace(hidden, "", 1 if reply.status >= 400 else 0)
            assert word not in said and hidden not in said, (reply.status, said)


def test_a_document_is_private_from_the_next_question_on_and_public_again(
    apart: tuple[Any, Person, Person],
) -> None:
    server, ann, ben = apart
    hillcrest = "library/hillcrest.md"
    assert hillcrest in ben.files()
    told = ann.post("/regroup", path=hillcrest, groups=["pricing"])
    assert (told.status, told.json["conditions"]) == (200, [["pricing"]])
    assert hillcrest not in ben.files() and hillcrest in ann.files()
    assert ben.post("/regroup", path=hillcrest, groups=[]).status == 404
    assert read_rules(server.home).groups[hillcrest] == ("pricing",), "and ben changed nothing"
    assert ann.post("/regroup", path=hillcrest, groups=None).status == 200
    assert hillcrest in ben.files()
    assert ann.post("/regroup", path=hillcrest, groups=[" "]).status == 400
    acts = [(one.who, one.action) for one in Records(server.home).log.entries()]
    assert acts.count(("ann@hospital.example", "regroup")) == 2


def test_while_the_rules_cannot_be_read_nobody_sees_anything(
    apart: tuple[Any, Person, Person],
) -> None:
    server, ann, ben = apart
    (server.home / "private.toml").write_text("[groups\n", "utf-8")
    for who in (ann, ben):
        assert who.files() == set() and who.cited(UNITS) == set()
        told = who.post("/regroup", path="library/hillcrest.md", groups=["it"])
        assert told.status == 404
    write_rules(server.home, Rules())
    assert "library/lakeside.md" in ben.files()


def test_an_assistant_is_told_what_its_person_may_see(
    apart: tuple[Any, Person, Person],
) -> None:
    import httpx2
    from mcp import Client
    from mcp.client.streamable_http import streamable_http_client
    from mcp.shared.exceptions import MCPError

    server, ann, ben = apart

    async def conversation(who: Person, seen: str, hidden: str) -> None:
        headers = {"Authorization": who.bearer}
        async with asyncio.timeout(120), httpx2.AsyncClient(headers=headers, timeout=60) as http:
            transport = streamable_http_client(f"{server.address}/mcp", http_client=http)
            async with Client(transport) as client:
                listed = (await client.list_resources()).resources
                names = {one.name for one in listed}
                assert seen in names and hidden not in names
                with pytest.raises(MCPError):
                    await client.read_resource(f"codedesk://document/{hidden}")
                for tool, asked in (
                    ("search", {"query": "0581T", "all_versions": True, "k": 99}),
                    ("list_code", {"code": "0581T", "all_versions": True}),
                    ("compare_payers", {"code": "0581T", "all_versions": True}),
                    ("what_changed", {"since": "2019-01-01"}),
                    ("ask", {"question": "0581T units and prior authorization?"}),
                ):
                    told = await client.call_tool(tool, asked)
                    assert not told.is_error
                    assert hidden not in told.content[0].text, tool

    run_apart(conversation(ann, "library/lakeside.md", "library/units.pdf"))
    run_apart(conversation(ben, "library/units.pdf", "library/lakeside.md"))


def test_a_file_of_the_same_name_does_not_replace_what_is_hidden(
    apart: tuple[Any, Person, Person],
) -> None:
    server, _, ben = apart
    before = (server.home / "library" / "lakeside.md").read_bytes()
    sent = Api(server.address).send(
        "POST", "/upload?name=lakeside.md", b"# Mine\n\nOf 0581T.\n", authorization=ben.bearer
    )
    assert sent.status == 200 and sent.json["name"] == "lakeside-2.md"
    assert sent.json["replaces"] is None
    assert (server.home / "library" / "lakeside.md").read_bytes() == before


def _sign_in(page: Any, subject: str) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=sub]").fill(subject)
    page.get_by_role("button", name=re.compile("Authorize|Sign in|Log in", re.I)).first.click()
    page.get_by_label("Your question").wait_for()


@pytest.mark.browser
def test_in_the_pages_two_groups_do_not_see_each_other_and_one_that_is_taken_away_is_gone(
    apart: tuple[Any, Person, Person], provider: Any, visit: Callable[..., Any]
) -> None:
    server, _, _ = apart
    address = f"{server.address}/?q={LAKESIDE.replace(' ', '+')}"
    page = visit(server.address)
    _sign_in(page, "ann")
    page.goto(address)
    card = page.locator("article.card", has_text="Lakeside")
    card.first.wait_for()
    page.get_by_role("button", name="Add to packet").first.click()
    page.get_by_text("It is in the packet").wait_for()
    other = visit(server.address)
    _sign_in(other, "ben")
    other.goto(address)
    other.get_by_text("Not found in the library").first.wait_for()
    assert other.locator("article.card", has_text="Lakeside Health 77").count() == 0
    other.goto(f"{server.address}/search?view=payers&code=0581T")
    other.get_by_text("Hillcrest").first.wait_for()
    assert other.get_by_text("Lakeside").count() == 0
    other.goto(f"{server.address}/library")
    other.get_by_text("Not read").first.wait_for()
    assert other.get_by_text("Lakeside").count() == 0
    provider.put("ann", "it")
    page.wait_for_timeout(3500)
    page.get_by_label("Your question").fill("Is prior authorization asked for?")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_text(re.compile("generation|Not found|passage", re.I)).first.wait_for()
    card.first.wait_for(state="detached")
    page.goto(f"{server.address}/packet")
    page.get_by_text("Nothing is in your packet yet").wait_for()
    assert page.errors == [] and other.errors == []


@pytest.mark.browser
def test_a_maintainer_lets_a_document_belong_to_a_group_in_the_desk(
    apart: tuple[Any, Person, Person], visit: Callable[..., Any]
) -> None:
    server, ann, ben = apart
    page = visit(server.address)
    _sign_in(page, "ann")
    page.goto(f"{server.address}/library?view=private")
    page.get_by_text("library/lakeside.md").first.wait_for()
    assert page.get_by_text("units.pdf").count() == 0
    page.get_by_label("Folder or document").click()
    page.get_by_role("option", name="library/hillcrest.md").click()
    page.get_by_role("textbox", name="Groups, with a semicolon").fill("pricing; board")
    page.get_by_role("button", name="Keep this rule").click()
    page.get_by_text("Only who is in board or pricing sees it.").wait_for()
    assert "library/hillcrest.md" not in ben.files()
    assert "library/hillcrest.md" in ann.files()
    assert Path(server.home / "private.toml").read_text("utf-8").count("hillcrest") == 1
