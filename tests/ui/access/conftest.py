"""A real OpenID provider, a server that people sign in to by it, and their real tokens."""

from __future__ import annotations

import json
import re
import shutil
import socket
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import oidc_provider_mock
import pytest

CLIENT = "codedesk"
SECRET = "the client's own secret"


class Provider:
    """What a provider's administrator does, and what a program does to get a token."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://localhost:{port}"

    def put(self, subject: str, *groups: str) -> None:
        """Make a person, or change the groups of one."""
        claims = {"preferred_username": f"{subject}@hospital.example", "groups": groups}
        self._send("PUT", f"/users/{subject}", json.dumps(claims).encode())

    def forget_groups(self, subject: str) -> None:
        """Tell nothing of a person's groups from now on."""
        self._send("PUT", f"/users/{subject}", b"{}")

    def end(self, subject: str) -> None:
        """End all that the person has signed in to."""
        self._send("POST", f"/users/{subject}/revoke-tokens")

    def tokens(self, subject: str, *, client: str = CLIENT) -> Mapping[str, str]:
        """Sign a person in as a program does: the ID token and the access token."""
        back = "http://localhost/back"
        asked = urllib.parse.urlencode(
            {
                "response_type": "code",
                "client_id": client,
                "redirect_uri": back,
                "scope": "openid profile",
            }
        )
        form = urllib.parse.urlencode({"sub": subject}).encode()
        found = self._send("POST", f"/oauth2/authorize?{asked}", form, follow=False)
        code = re.search(r"[?&]code=([^&]+)", found)
        assert code, found
        told = self._send(
            "POST",
            "/oauth2/token",
            urllib.parse.urlencode(
                {
                    "grant_type": "authorization_code",
                    "code": code[1],
                    "redirect_uri": back,
                    "client_id": client,
                    "client_secret": SECRET,
                }
            ).encode(),
        )
        return dict(json.loads(told))

    def _send(
        self, method: str, path: str, body: bytes | None = None, *, follow: bool = True
    ) -> str:
        asked = urllib.request.Request(self.issuer + path, data=body, method=method)
        if body and body.startswith(b"{"):
            asked.add_header("Content-Type", "application/json")
        opener = urllib.request.build_opener(*([] if follow else [_Stays]))
        try:
            with opener.open(asked, timeout=30) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            if error.code in (302, 303):
                return str(error.headers["location"])
            raise


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: object, **named: object) -> None:
        return None


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    with oidc_provider_mock.run_server_in_thread() as server:
        yield Provider(server.server_port)


@pytest.fixture(scope="session")
def short_provider() -> Iterator[Provider]:
    """One whose tokens are over at once."""
    over = timedelta(seconds=-120)
    with oidc_provider_mock.run_server_in_thread(access_token_max_age=over) as server:
        yield Provider(server.server_port)


@pytest.fixture
def guarded(
    read_home: Path, tmp_path: Path, server_of: Any, provider: Provider
) -> Iterator[Callable[..., Any]]:
    """Starts a server with sign-in, on a home of its own."""
    running = []

    def start(**settings: Any) -> Any:
        home = tmp_path / "guarded"
        left_out = shutil.ignore_patterns("desk.sqlite3*", "jobs")
        shutil.copytree(read_home, home, symlinks=True, ignore=left_out)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        (home / "secret").write_text(SECRET, "utf-8")
        (home / "settings.toml").write_text(
            f"""
[sign_in]
issuer = "{settings.get("issuer", provider.issuer)}"
client_id = "{CLIENT}"
address = "http://127.0.0.1:{port}"
secret_file = "{home / "secret"}"
minutes = {settings.get("minutes", 5)}
[sign_in.roles]
reader = ["billing"]
analyst = ["coding"]
maintainer = ["library"]
admin = ["it"]
""",
            "utf-8",
        )
        running.append(server_of(home, cwd=tmp_path, port=port, sign_in=True))
        return running[-1]

    yield start
    for one in running:
        one.stop()
