"""A hundred people at once, some on the pages and some by programs, all signed in; and what sign-in
costs a question.

    python tests/bench/people.py HOME [--pages 50] [--programs 50] [--each 5] [--pause 10]

`HOME` is synced and has no settings.toml. People on the pages are real sessions of Streamlit over a
websocket, with the cookies of a sign-in, that send and read what a browser does; they draw nothing:
a hundred browsers would take more of the machine than the server does. They share its cores with
the server, as do the programs. Figures are given for all at once, each asking again as soon as it
is answered, and for people who read for about `--pause` seconds. The load is printed with them.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import statistics
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import oidc_provider_mock
from served import QUESTIONS, _memory, asked, served
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import (
    create_signed_value,
    generate_xsrf_token_string,
)
from websockets.sync.client import connect

from ui.access.door import GuardedDoor
from ui.access.tokens import Tokens
from ui.state.settings import read_settings

PORT, OPEN_PORT = 8796, 8797
ADDRESS = f"http://127.0.0.1:{PORT}"
GROUP, CLIENT, SECRET = "billing", "codedesk", "none"
ROUNDS, WARM_UP = 300, 20
SETTINGS = """[server]
requests_per_minute = 10000000
[sign_in]
issuer = "{issuer}"
client_id = "codedesk"
address = "{address}"
roles = {{ analyst = ["billing"] }}
"""


class Somebody:
    """A person of the provider, with the tokens of a sign-in."""

    def __init__(self, issuer: str, number: int) -> None:
        self.subject = f"person-{number}"
        claims = {"preferred_username": self.subject, "groups": [GROUP]}
        _sent("PUT", f"{issuer}/users/{self.subject}", json.dumps(claims).encode())
        back = "http://localhost/back"
        asks = {"response_type": "code", "client_id": CLIENT, "redirect_uri": back}
        query = urllib.parse.urlencode({**asks, "scope": "openid profile"})
        form = urllib.parse.urlencode({"sub": self.subject}).encode()
        there = _sent("POST", f"{issuer}/oauth2/authorize?{query}", form)
        code = re.search(r"[?&]code=([^&]+)", there)
        grant = {"grant_type": "authorization_code", "code": code[1] if code else ""}
        form = urllib.parse.urlencode(
            {**grant, "redirect_uri": back, "client_id": CLIENT, "client_secret": SECRET}
        ).encode()
        self.tokens: dict[str, str] = json.loads(_sent("POST", f"{issuer}/oauth2/token", form))

    def cookies(self, key: str) -> tuple[str, str]:
        """What a browser sends after a sign-in, and the token against forged requests."""
        xsrf = generate_xsrf_token_string()
        user = {"origin": ADDRESS, "is_logged_in": True, "sub": self.subject, "iat": time.time()}
        held = {
            "_streamlit_xsrf": xsrf,
            "_streamlit_user": _signed(key, "_streamlit_user", user),
            "_streamlit_user_tokens": _signed(
                key, "_streamlit_user_tokens", {"access_token": self.tokens["access_token"]}
            ),
        }
        return "; ".join(f"{name}={value}" for name, value in held.items()), xsrf


def _signed(key: str, name: str, value: object) -> str:
    return create_signed_value(key, name, json.dumps(value)).decode()


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: object, **named: object) -> None:
        return None


def _sent(method: str, address: str, body: bytes) -> str:
    request = urllib.request.Request(address, data=body, method=method)
    if body.startswith(b"{"):
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.build_opener(_Stays).open(request, timeout=60) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        if error.code in (302, 303):
            return str(error.headers["location"])
        raise


class Page:
    """A session of the Ask page, open as long as this is."""

    def __init__(self, somebody: Somebody, key: str) -> None:
        cookies, xsrf = somebody.cookies(key)
        self._socket = connect(
            f"ws://127.0.0.1:{PORT}/_stcore/stream",
            subprotocols=["streamlit", xsrf],  # type: ignore[list-item]
            additional_headers={"Cookie": cookies},
            origin=ADDRESS,  # type: ignore[arg-type]
            max_size=None,
            open_timeout=120,
            compression=None,
        )
        self._run("")

    def close(self) -> None:
        self._socket.close()

    def ask(self, question: str) -> float:
        """Milliseconds until the answer was sent. Raises RuntimeError where the page shows none."""
        started = time.perf_counter()
        told = self._run(urllib.parse.urlencode({"q": question}), until=b'"verdict"')
        if told is None:
            raise RuntimeError("the page shows no answer")
        return (told - started) * 1000

    def _run(self, query: str, *, until: bytes = b"") -> float | None:
        """Ask the page to run, and read what it sends to the end; when `until` came."""
        message = BackMsg()
        message.rerun_script.query_string = query
        self._socket.send(message.SerializeToString())
        came = None
        while True:
            told = self._socket.recv(timeout=120)
            assert isinstance(told, bytes)
            if came is None and until and until in told:
                came = time.perf_counter()
            forward = ForwardMsg()
            forward.ParseFromString(told)
            if forward.WhichOneof("type") == "script_finished":
                return came


def on_a_page(somebody: Somebody, key: str, work: Work) -> list[float]:
    with closing(Page(somebody, key)) as page:
        work.ready.wait()
        return [work.paused(page.ask, QUESTIONS[n % len(QUESTIONS)]) for n in range(work.each)]


def by_a_program(somebody: Somebody, work: Work) -> list[float]:
    token = somebody.tokens["id_token"]
    with closing(http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)) as line:

        def ask(question: str) -> float:
            if work.pause:
                line.close()  # the server has: it keeps an idle connection for seconds
            return asked(line, question, token)

        work.ready.wait()
        return [work.paused(ask, QUESTIONS[n % len(QUESTIONS)]) for n in range(work.each)]


class Work:
    """How many questions each asks, and how long each reads. All begin together."""

    def __init__(self, people: int, *, each: int, pause: float) -> None:
        self.each = each
        self.pause = pause
        self.ready = threading.Barrier(people)

    def paused(self, ask: Callable[[str], float], question: str) -> float:
        if self.pause:
            time.sleep(random.uniform(0, 2 * self.pause))
        return ask(question)


def crowd(people: Sequence[Somebody], pages: int, key: str, work: Work) -> dict[str, Any]:
    started = time.perf_counter()
    with ThreadPoolExecutor(len(people)) as threads:
        on_pages = [threads.submit(on_a_page, one, key, work) for one in people[:pages]]
        programs = [threads.submit(by_a_program, one, work) for one in people[pages:]]
    found = {"pages": _figures(on_pages), "programs": _figures(programs)}
    return {**found, "seconds": round(time.perf_counter() - started, 1)}


def _figures(work: Sequence[Any]) -> dict[str, Any]:
    wrong = [repr(one.exception()) for one in work if one.exception() is not None]
    took = [ms for one in work if one.exception() is None for ms in one.result()]
    figures: dict[str, Any] = {"people": len(work), "errors": len(wrong), "questions": len(took)}
    if wrong:
        figures["first_error"] = wrong[0]
    if len(took) > 1:
        figures["p50_ms"] = round(statistics.median(took))
        figures["p95_ms"] = round(statistics.quantiles(took, n=20)[-1])
    return figures


def sign_in_costs(home: Path, somebody: Somebody) -> dict[str, float]:
    """Milliseconds that a question takes longer than on a server without sign-in, asked in turns;
    who begins changes."""
    guarded = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    free = http.client.HTTPConnection("127.0.0.1", OPEN_PORT, timeout=60)
    personal = Tokens(home).make(somebody.subject, "bench", days=1)
    kinds = {
        "without": (free, ""),
        "a personal token": (guarded, personal),
        "the provider's": (guarded, somebody.tokens["id_token"]),
    }
    took: dict[str, list[float]] = {kind: [] for kind in kinds}
    for number in range(ROUNDS + WARM_UP):
        for kind in random.sample(list(kinds), len(kinds)):
            line, token = kinds[kind]
            took[kind].append(asked(line, QUESTIONS[number % len(QUESTIONS)], token))
    without = took.pop("without")
    more = {
        kind: [ms - alone for ms, alone in zip(one, without, strict=True)][WARM_UP:]
        for kind, one in took.items()
    }
    costs = {kind: round(statistics.median(one), 2) for kind, one in more.items()}
    return {"without sign-in, p50": round(statistics.median(without[WARM_UP:]), 1), **costs}


def door_costs(home: Path, somebody: Somebody) -> dict[str, float]:
    """Milliseconds of the processor that the door itself takes for a request: little depends on
    what else the machine does."""
    sign_in = read_settings({"CODEDESK_HOME": str(home)}).sign_in
    assert sign_in is not None
    door = GuardedDoor(sign_in, home)
    personal = Tokens(home).make(somebody.subject, "bench", days=1)
    costs = {}
    for kind, token in (("a personal token", personal), ("the provider's", _id(somebody))):
        took = []
        for _ in range(ROUNDS + WARM_UP):
            started = time.thread_time()
            door.program(f"Bearer {token}")
            took.append((time.thread_time() - started) * 1000)
        costs[kind] = round(statistics.median(took[WARM_UP:]), 2)
    return costs


def _id(somebody: Somebody) -> str:
    return somebody.tokens["id_token"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    for name, count in (("pages", 50), ("programs", 50), ("each", 5)):
        parser.add_argument(f"--{name}", type=int, default=count)
    parser.add_argument("--pause", type=float, default=10)
    parser.add_argument("--records", default="", help="lines of settings: where the records are")
    given = parser.parse_args()
    settings = given.home / "settings.toml"
    if settings.exists():
        raise SystemExit(f"{settings} would be replaced. Take a home without one.")
    os.environ["CODEDESK_CLIENT_SECRET"] = SECRET
    with oidc_provider_mock.run_server_in_thread() as provider:
        issuer = f"http://localhost:{provider.server_port}"
        told = SETTINGS.format(issuer=issuer, address=ADDRESS)
        settings.write_text(given.records.replace("\\n", "\n") + told, "utf-8")
        try:
            measure(given, issuer)
        finally:
            settings.unlink()


def measure(given: argparse.Namespace, issuer: str) -> None:
    people = [Somebody(issuer, number) for number in range(given.pages + given.programs)]
    with served(given.home, "serve", port=PORT) as guarded:
        key = (given.home / "cookies.key").read_text("ascii").strip()
        with closing(Page(people[0], key)) as page:  # the first one imports what all need
            page.ask(QUESTIONS[0])
        print(f"load: {os.getloadavg()[0]:.1f}, memory: {_memory(guarded.pid):.0f} MB")
        with served(given.home, "ui", port=OPEN_PORT):
            print("sign-in, more for a question, ms:", sign_in_costs(given.home, people[0]))
        print("of the processor, ms:", door_costs(given.home, people[0]))
        for pause, each in ((0.0, given.each), (given.pause, given.each)):
            work = Work(len(people), each=each, pause=pause)
            told = crowd(people, given.pages, key, work)
            print(f"reading {pause:g} s:", json.dumps(told))
            print(f"load: {os.getloadavg()[0]:.1f}, memory: {_memory(guarded.pid):.0f} MB")


if __name__ == "__main__":
    main()
