"""Who comes in over the API and MCP, with which token, and what they may do."""

from __future__ import annotations

import re
import textwrap
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from http_client import Api, Reply, run_apart
from joserfc import jwt
from joserfc.jwk import RSAKey

from corpus.errors import CodedeskError
from ui.access.caller import ANYONE_HERE, Caller
from ui.access.door import GuardedDoor
from ui.access.refused import NotSignedIn, Refused
from ui.access.roles import Act, Forbidden, Role, least, require
from ui.access.tokens import MARK, Person, Tokens
from ui.operations.table import OPERATIONS
from ui.state.serving import SignIn
from ui.state.settings import read_settings

pytestmark = pytest.mark.trust(23)


def _sign_in(provider: Any, **given: Any) -> SignIn:
    told: dict[str, Any] = {
        "issuer": provider.issuer,
        "client_id": "codedesk",
        "address": "http://127.0.0.1:1",
        "roles": {Role.READER: ("billing",), Role.MAINTAINER: ("library",)},
    }
    return SignIn(**(told | given))


@pytest.fixture
def door(provider: Any, tmp_path: Path) -> GuardedDoor:
    return GuardedDoor(_sign_in(provider), tmp_path)


def test_a_token_of_the_provider_names_its_person_and_their_roles(
    provider: Any, door: GuardedDoor
) -> None:
    provider.put("ann", "billing", "tennis")
    caller = door.program(f"Bearer {provider.tokens('ann')['id_token']}")
    assert caller == Caller(
        "ann@hospital.example", (Role.READER,), ("billing", "tennis"), subject="ann"
    )
    provider.put("eve", "tennis")
    assert door.program(f"bearer  {provider.tokens('eve')['id_token']}").roles == ()


def test_a_forged_expired_or_foreign_token_lets_nobody_in(
    provider: Any, short_provider: Any, door: GuardedDoor, tmp_path: Path
) -> None:
    provider.put("ann", "library")
    good = provider.tokens("ann")["id_token"]
    assert door.program(f"Bearer {good}").roles == (Role.MAINTAINER,)
    head, body, signature = good.split(".")
    claims = {
        "iss": provider.issuer,
        "aud": "codedesk",
        "sub": "ann",
        "groups": ["library"],
        "exp": int(time.time()) + 600,
    }
    own = RSAKey.generate_key(2048, {"kid": "own"})
    other_body = provider.tokens("eve")["id_token"].split(".")[1]
    bad = {
        "another key": jwt.encode({"alg": "RS256"}, claims, own),
        "another key under the same name": jwt.encode(
            {"alg": "RS256", "kid": _kid(good)}, claims, own
        ),
        "another person's claims": f"{head}.{other_body}.{signature}",
        "no signature": f"{head}.{body}.",
        "the algorithm none": f"eyJhbGciOiJub25lIn0.{body}.",
        "another server's": provider.tokens("ann", client="payroll")["id_token"],
        "another provider's": short_provider.tokens("ann")["id_token"],
        "no token": "abc",
        "nothing": "",
        "an access token": provider.tokens("ann")["access_token"],
        "an unknown personal one": f"{MARK}{'a' * 43}",
    }
    for what, token in bad.items():
        with pytest.raises(NotSignedIn):
            door.program(f"Bearer {token}")
            pytest.fail(what)
    for header in (None, "", "Basic YTpi", good, f"Token {good}"):
        with pytest.raises(NotSignedIn):
            door.program(header)
    over = GuardedDoor(_sign_in(short_provider), tmp_path)
    with pytest.raises(NotSignedIn):
        over.program(f"Bearer {short_provider.tokens('ann')['id_token']}")


def _kid(token: str) -> str:
    from joserfc.jws import extract_compact

    return str(extract_compact(token.encode()).headers().get("kid", "none"))


def test_without_an_answer_of_the_provider_nobody_is_let_in(tmp_path: Path) -> None:
    class Gone:
        issuer = "http://127.0.0.1:9"

    door = GuardedDoor(_sign_in(Gone), tmp_path)
    for ask in (
        lambda: door.program("Bearer a.b.c"),
        lambda: door.person({"is_logged_in": True, "sub": "ann"}, "a"),
    ):
        with pytest.raises(Refused) as refused:
            ask()
        assert refused.value.status == 503


def test_what_the_provider_said_counts_for_minutes_and_no_longer(
    provider: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = GuardedDoor(_sign_in(provider, minutes=5), tmp_path)
    provider.put("bob", "library")
    access = provider.tokens("bob")["access_token"]
    claims = {"is_logged_in": True, "sub": "bob", "groups": ["library"]}
    token = door.tokens.make("bob", "a program", days=9)
    assert door.person(claims, access).roles == (Role.MAINTAINER,)
    assert door.program(f"Bearer {token}").roles == (Role.MAINTAINER,)
    provider.put("bob", "billing")
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 301)
    assert door.person(claims, access).roles == (Role.READER,)
    assert door.program(f"Bearer {token}").roles == (Role.READER,), "and so their tokens"
    provider.end("bob")
    monkeypatch.setattr(time, "monotonic", lambda: now + 602)
    with pytest.raises(NotSignedIn):
        door.person(claims, access)
    with pytest.raises(NotSignedIn):
        door.person({**claims, "sub": "ann"}, provider.tokens("bob")["access_token"])
    for nobody in ({}, {"is_logged_in": False, "sub": "bob"}):
        with pytest.raises(NotSignedIn):
            door.person(nobody, access)


def test_groups_that_the_provider_tells_at_sign_in_only_count_for_minutes_too(
    provider: Any, door: GuardedDoor
) -> None:
    provider.put("kim")
    provider.forget_groups("kim")
    access = provider.tokens("kim")["access_token"]
    claims = {"is_logged_in": True, "sub": "kim", "groups": ["library"]}
    assert door.person({**claims, "iat": time.time() - 200}, access).roles == (Role.MAINTAINER,)
    for old in ({"iat": time.time() - 400}, {}):
        with pytest.raises(NotSignedIn, match="Sign in again"):
            door.person({**claims, **old}, access)


def test_a_personal_token_is_kept_as_its_sum_and_ends(kept: Path, keeper: Any) -> None:
    tokens = Tokens(kept)
    tokens.saw(Person("ann", "Ann", ("billing",)))
    first = tokens.make("ann", "nightly report", days=30)
    second = tokens.make("ann", "other", days=1)
    assert first != second
    assert tokens.owner(first) == Person("ann", "Ann", ("billing",))
    assert [(one.name, one.revoked) for one in tokens.listed("ann")] == [
        ("nightly report", False),
        ("other", False),
    ]
    assert tokens.listed("bob") == []
    held = b"".join(path.read_bytes() for path in kept.glob("desk.sqlite3*"))
    held += str(keeper.run("SELECT * FROM tokens")).encode()
    assert first.encode() not in held and first.removeprefix(MARK).encode() not in held
    tokens.revoke(1, subject="ann")
    assert tokens.owner(first) is None and tokens.owner(second) is not None
    with pytest.raises(Exception, match="no token 2"):
        tokens.revoke(2, subject="bob")
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    tokens._rows("UPDATE tokens SET ends = :ends WHERE id = 2", ends=yesterday)
    assert tokens.owner(second) is None
    for days in (0, 367):
        with pytest.raises(Exception, match="ends in 1 to 366 days"):
            tokens.make("ann", "x", days=days)


def test_the_table_of_roles_allows_each_act_from_its_least_role_on() -> None:
    for act in Act:
        may = [role for role in Role if Caller("a", (role,)).may(act)]
        assert may == list(Role)[list(Role).index(least(act)) :]
        assert ANYONE_HERE.may(act)
        with pytest.raises(Forbidden, match=least(act).value):
            require(Caller("nobody"), act)


def test_the_api_does_for_each_role_what_the_table_says_and_nothing_else(
    provider: Any, guarded: Callable[..., Any]
) -> None:
    server = guarded()
    api = Api(server.address)
    assert _asked(api, None).status == 401
    assert _asked(api, None).headers["www-authenticate"] == "Bearer"
    assert api.get("/openapi.json").status == 200
    groups = {"reader": "billing", "analyst": "coding", "maintainer": "library", "admin": "it"}
    bearers = {}
    for role, group in groups.items():
        provider.put(role, group)
        bearers[role] = f"Bearer {provider.tokens(role)['id_token']}"
    provider.put("nobody", "tennis")
    bearers["nobody"] = f"Bearer {provider.tokens('nobody')['id_token']}"
    order = list(groups)
    for operation in OPERATIONS:
        method = "GET" if operation.takes == "address" else "POST"
        for role, bearer in bearers.items():
            reply = api.send(
                method,
                f"/{operation.name}",
                None if method == "GET" else b'{"nonsense": 1}',
                authorization=bearer,
                content_type="application/json",
            )
            allowed = role in order and order.index(role) >= order.index(least(operation.act))
            assert (reply.status == 403) is not allowed, (operation.name, role, reply.body)
    metrics = f"{server.address}/metrics"
    assert [_status(metrics, bearers[role]) for role in ("analyst", "maintainer")] == [403, 200]
    assert _status(metrics, None) == 401


def test_a_revoked_token_is_no_token_and_no_log_holds_one(
    provider: Any, guarded: Callable[..., Any]
) -> None:
    server = guarded()
    api = Api(server.address)
    tokens = Tokens(server.home)
    tokens.saw(Person("ann", "Ann", ("coding",)))
    token = tokens.make("ann", "a program", days=3)
    assert _asked(api, f"Bearer {token}").status == 200
    tokens.revoke(1)
    assert _asked(api, f"Bearer {token}").status == 401
    log = server.log.read_text("utf-8")
    assert token not in log and "Traceback" not in log


def test_an_assistant_comes_in_with_a_token_and_sees_only_what_it_may_do(
    provider: Any, guarded: Callable[..., Any]
) -> None:
    import httpx2
    from mcp import Client
    from mcp.client.streamable_http import streamable_http_client

    server = guarded()
    provider.put("ann", "billing")
    bearer = {"Authorization": f"Bearer {provider.tokens('ann')['id_token']}"}

    async def conversation() -> None:
        async with httpx2.AsyncClient(headers=bearer, timeout=60) as http:
            transport = streamable_http_client(f"{server.address}/mcp", http_client=http)
            async with Client(transport) as client:
                names = {tool.name for tool in (await client.list_tools()).tools}
                assert names == {"ask", "show_page"}
                told = await client.call_tool("ask", {"question": "How many units of 0581T?"})
                assert not told.is_error
                refused = await client.call_tool("list_code", {"code": "0581T"})
                assert refused.is_error and "role of an analyst" in refused.content[0].text

    run_apart(conversation())
    assert _status(f"{server.address}/mcp", None) == 401


def _asked(api: Api, bearer: str | None) -> Reply:
    headers = {"authorization": bearer} if bearer else {}
    return api.send(
        "POST", "/ask", b'{"question": "0581T"}', content_type="application/json", **headers
    )


def _status(address: str, bearer: str | None) -> int:
    headers = {"Authorization": bearer} if bearer else {}
    try:
        asked = urllib.request.Request(address, headers=headers)
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize("page", ["README.md", "docs/serving.md"])
def test_the_settings_that_are_shown_are_settings(page: str, tmp_path: Path) -> None:
    shown = (Path(__file__).parents[3] / page).read_text("utf-8")
    blocks = re.findall(r"((?:^ {4,}\S.*\n|^\n)+)", shown, re.M)
    (block,) = [one for one in blocks if "[sign_in]" in one]
    (tmp_path / "settings.toml").write_text(textwrap.dedent(block), "utf-8")
    read = read_settings({"CODEDESK_HOME": str(tmp_path)})
    assert read.sign_in is not None
    assert read.sign_in.host == "desk.example"
    assert set(read.sign_in.roles) <= set(Role)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ('issuer = "http://login.example"', "has to begin with https://"),
        ('address = "desk.example"', "has to begin with https://"),
        ('roles = { king = ["it"] }', "king"),
        ("minutes = 0", "minutes"),
        ('colour = "red"', "colour"),
    ],
)
def test_a_wrong_setting_of_sign_in_is_named(wrong: str, says: str, tmp_path: Path) -> None:
    right = {
        "issuer": 'issuer = "https://login.example"',
        "client_id": 'client_id = "codedesk"',
        "address": 'address = "https://desk.example"',
        "roles": 'roles = { reader = ["billing"] }',
    }
    right[wrong.split(" ")[0]] = wrong
    (tmp_path / "settings.toml").write_text("\n".join(["[sign_in]", *right.values()]), "utf-8")
    with pytest.raises(CodedeskError, match=r"settings\.toml") as refused:
        read_settings({"CODEDESK_HOME": str(tmp_path)})
    assert says in str(refused.value)


def test_the_clients_secret_is_asked_for_where_it_is_not_known(
    provider: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CODEDESK_CLIENT_SECRET", raising=False)
    with pytest.raises(CodedeskError, match="secret_file"):
        _sign_in(provider).secret()
    with pytest.raises(CodedeskError, match="cannot be read"):
        _sign_in(provider, secret_file=str(tmp_path / "none")).secret()
    monkeypatch.setenv("CODEDESK_CLIENT_SECRET", "a")
    assert _sign_in(provider).secret() == "a"
