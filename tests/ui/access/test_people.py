"""People sign in to the pages with a real provider in a real browser, and lose what they lose."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from http_client import Api
from playwright.sync_api import expect

from ui.jobs import jobs
from ui.state.records import Records

pytestmark = [pytest.mark.trust(23), pytest.mark.browser]

QUESTION = "How many units of 0581T per breast?"


def _sign_in(page: Any, subject: str) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=sub]").fill(subject)
    page.get_by_role("button", name=re.compile("Authorize|Sign in|Log in", re.I)).first.click()


def test_a_person_signs_in_asks_makes_a_token_and_signs_out(
    provider: Any, guarded: Callable[..., Any], visit: Callable[..., Any]
) -> None:
    server = guarded()
    provider.put("mia", "library")
    page = visit(f"{server.address}/library")
    page.get_by_role("button", name="Sign in").wait_for()
    assert page.get_by_text("lakeside").count() == 0, "nothing is shown before"
    _sign_in(page, "mia")
    page.get_by_label("Your question").wait_for()
    cookies = {one["name"]: one for one in page.context.cookies(server.address)}
    assert cookies["_streamlit_user"]["httpOnly"]
    assert cookies["_streamlit_user"]["sameSite"] == "Lax"
    page.goto(f"{server.address}/account")
    page.get_by_text("mia@hospital.example").wait_for()
    page.get_by_label("What it is for").fill("nightly report")
    page.get_by_role("button", name="Make a token").click()
    token = page.get_by_text(re.compile("^codedesk_")).inner_text().strip()
    api = Api(server.address)
    assert api.send("GET", "/generations", authorization=f"Bearer {token}").status == 200
    page.get_by_role("button", name="Take back").click()
    page.get_by_text("Taken back").wait_for()
    assert api.send("GET", "/generations", authorization=f"Bearer {token}").status == 401
    expect(page.get_by_text(token)).to_have_count(0)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda address: "/account" not in address)
    page.wait_for_load_state()
    page.goto(server.address)
    page.get_by_role("button", name="Sign in").wait_for()
    acts = [(one.who, one.action) for one in Records(server.home).log.entries()]
    who = "mia@hospital.example"
    for action in ("sign in", "make token", "revoke token", "sign out"):
        assert (who, action) in acts
    assert token not in server.log.read_text("utf-8")
    assert page.errors == []


def test_a_role_that_is_taken_away_is_gone_in_an_open_page_too(
    provider: Any, guarded: Callable[..., Any], visit: Callable[..., Any]
) -> None:
    server = guarded(minutes=0.05)
    provider.put("tom", "library")
    page = visit(server.address)
    _sign_in(page, "tom")
    page.get_by_role("link", name="Library").click()
    page.get_by_role("button", name="Sync now").wait_for()
    provider.put("tom", "billing")
    page.wait_for_timeout(3500)
    page.get_by_role("button", name="Sync now").click()
    page.get_by_label("Your question").wait_for()  # its own page, the library is none any more
    expect(page.get_by_role("button", name="Sync now")).to_have_count(0)
    assert not (server.home / "jobs").exists(), "no sync was started"
    assert jobs.latest(server.home) is None
    page.goto(f"{server.address}/?q={QUESTION.replace(' ', '+')}")
    page.locator("article.card").first.wait_for()
    expect(page.get_by_role("link", name="Library")).to_have_count(0)
    provider.end("tom")
    page.wait_for_timeout(3500)
    page.get_by_label("Your question").fill("Is 0581T covered?")
    page.get_by_role("button", name="Ask").click()
    page.get_by_role("button", name="Sign in").wait_for()
    expect(page.locator("article.card")).to_have_count(0)
    acts = [(one.who, one.action) for one in Records(server.home).log.entries()]
    assert ("tom@hospital.example", "ask") in acts


def test_who_has_no_role_sees_nothing(
    provider: Any, guarded: Callable[..., Any], visit: Callable[..., Any]
) -> None:
    server = guarded()
    provider.put("eve", "tennis")
    page = visit(f"{server.address}/?q=0581T")
    _sign_in(page, "eve")
    page.get_by_text("none of your groups has a role here").wait_for()
    page.goto(f"{server.address}/library")
    page.get_by_text("none of your groups has a role here").wait_for()
    assert page.locator("article.card").count() == 0
