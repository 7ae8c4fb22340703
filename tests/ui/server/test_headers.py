"""What browsers are told with every answer, and the pages under it."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any

import pytest

pytestmark = [pytest.mark.xdist_group("hardened"), pytest.mark.trust(24)]

PATHS = ("/", "/library", "/static/nothing.js", "/api/v1/generations", "/api/v1/x", "/readyz")


def _headers(address: str, **given: str) -> tuple[int, Any]:
    try:
        asked = urllib.request.Request(address, headers=given)
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_says_what_its_page_may_do(server: Any, path: str) -> None:
    _, headers = _headers(server.address + path)
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert "'unsafe-inline'" not in policy["script-src"]
    assert "'unsafe-eval'" not in policy["script-src"]
    assert not [one for one in policy.values() if "*" in one or "http" in one]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Server"] is None
    assert headers["Strict-Transport-Security"] is None, "without TLS it would lock people out"


def test_the_server_answers_to_its_own_names_alone(server: Any, home: Any, served: Any) -> None:
    port = server.address.rpartition(":")[2]
    for host in (f"localhost:{port}", "127.0.0.1", f"[::1]:{port}", "LocalHost"):
        assert _headers(f"{server.address}/healthz", Host=host)[0] == 200
    for host in ("evil.example", f"127.0.0.1.evil.example:{port}", "localhost.", "a@localhost"):
        for path in ("/", "/api/v1/generations", "/healthz"):
            assert _headers(server.address + path, Host=host)[0] == 421, host
    (home / "settings.toml").write_text('[server]\nhosts = ["desk.example"]\n', "utf-8")
    other = served(home).address
    assert _headers(f"{other}/healthz", Host="Desk.example:443")[0] == 200
    assert _headers(f"{other}/healthz", Host="evil.example")[0] == 421


def test_a_page_of_another_server_changes_nothing(server: Any) -> None:
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1"):
        asked = urllib.request.Request(
            f"{server.address}/api/v1/rollback",
            data=b"{}",
            headers={"Content-Type": "application/json", "Origin": origin},
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(asked, timeout=60)
        assert refused.value.code == 403


def test_streamlits_own_figures_are_closed(server: Any) -> None:
    assert _headers(f"{server.address}/_stcore/metrics")[0] == 404


@pytest.mark.browser
def test_the_pages_need_nothing_that_they_are_not_allowed(server: Any, chromium: Any) -> None:
    context = chromium.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.goto(f"{server.address}/?q=How+many+units+of+0581T+per+breast%3F")
    page.locator("article.card").first.wait_for()
    page.get_by_role("link", name="units.pdf").or_(
        page.locator("article.card a, article.card button")
    ).first.click()
    page.get_by_role("dialog").locator("img, canvas, svg").first.wait_for()
    for path in (
        *("/search?q=0581T", "/search?view=code&code=0581T", "/search?view=payers"),
        *(f"/library?view={view}" for view in ("documents", "review", "add", "generations")),
        *("/library?view=quality", "/library?view=activity"),
    ):
        page.goto(server.address + path)
        page.locator("[data-testid=stMainBlockContainer]").wait_for()
        page.wait_for_timeout(1500)
    refused = [line for line in said if "Content Security Policy" in line or "violates" in line]
    context.close()
    assert refused == []
