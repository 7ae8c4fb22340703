"""What is new to a saved search: on the command line, as a feed, by mail to a real server."""

from __future__ import annotations

import json
import os
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from email import message_from_string, policy
from email.message import EmailMessage
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from assistant.desk import Desk
from index.home import Home
from ui.alerts.looking import look, seen_now
from ui.desks.search.address import ADDRESS as SEARCH
from ui.jobs.answering import let_answer
from ui.jobs.syncing import run_sync
from ui.state.records import Records
from ui.state.settings import Settings

ATOM = "{http://www.w3.org/2005/Atom}"
ADDRESS = {"q": "prior authorization"}
NEW = "---\ntitle: Bayside 9\npayer: Bayside\nkind: policy\n---\n# Bayside 9\n\n{}\n"


class Mailbox(socketserver.StreamRequestHandler):
    """One conversation of SMTP (RFC 5321), as far as a mail needs it."""

    def handle(self) -> None:
        self._say(220, "ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "DATA":
                self._say(354, "go on")
                self.server.mails.append(self._data())  # type: ignore[attr-defined]
            self._say({"QUIT": 221}.get(verb, 250), "fine")
            if verb == "QUIT":
                return

    def _data(self) -> str:
        lines = iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), ".")
        return "\r\n".join(line[1:] if line.startswith("..") else line for line in lines)

    def _say(self, code: int, text: str) -> None:
        self.wfile.write(f"{code} {text}\r\n".encode())


class Postman(socketserver.ThreadingTCPServer):
    """A mail server of the test's own on this machine, and the mails that it took."""

    daemon_threads = True

    def __init__(self) -> None:
        self.mails: list[str] = []
        super().__init__(("127.0.0.1", 0), Mailbox)

    def mail(self) -> EmailMessage:
        (one,) = self.mails
        return message_from_string(one, policy=policy.default)  # type: ignore[return-value]


@pytest.fixture
def postman() -> Iterator[Postman]:
    with Postman() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def settings_file(home: Path, **values: str) -> None:
    lines = (f"{name} = {json.dumps(value)}\n" for name, value in values.items())
    (home / "settings.toml").write_text("".join(lines), "utf-8")


def sync(home: Path) -> None:
    run_sync(Settings(home=home, workers=1), [home / "library"])


def save(home: Path, name: str = "weekly") -> None:
    with Desk(Home(home)) as desk:
        seen, since = seen_now(desk, SEARCH.read({"q": [ADDRESS["q"]]}))
        Records(home).save(name, address=ADDRESS, generation=1, seen=seen, since=since)


def news(home: Path) -> list[str]:
    with Desk(Home(home)) as desk:
        (saved,) = Records(home).saved()
        return [one.text for one in look(desk, saved).new]


def command(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(home, "alerts", *arguments)


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", *arguments],
        env={**os.environ, "CODEDESK_HOME": str(home)},
        cwd="/",
        encoding="utf-8",
        capture_output=True,
        timeout=120,
    )


def test_new_is_what_matches_now_and_was_not_in_the_library_then(home: Path):
    save(home)
    assert news(home) == []
    library = home / "library"
    asks = "Bayside asks for prior authorization before every cryoablation."
    (library / "bayside.md").write_text(NEW.format(asks), "utf-8")
    # A document that was there is moved, and one whose dates change matches in another way.
    (library / "moved.md").write_bytes((library / "lakeside.md").read_bytes())
    (library / "lakeside.md").unlink()
    sync(home)
    (new,) = news(home)
    assert asks in new


def test_a_passage_that_was_there_and_only_matches_since_is_not_new(home: Path):
    """Retired until its metadata was corrected: the words were there all along."""
    library = home / "library"
    retired = "---\ntitle: Old\npayer: Old\nretired: 2020-01-01\n---\n# Old\n\nAsk for prior "
    (library / "old.md").write_text(retired + "authorization.\n", "utf-8")
    sync(home)
    save(home)
    (library / "old.md.meta.toml").write_text('title = "Old"\nretired = 2099-01-01\n', "utf-8")
    sync(home)
    with Desk(Home(home)) as desk:
        found = desk.search(ADDRESS["q"], k=50).citations
        assert any(one.version.document.endswith("old.md") for one in found)
    assert news(home) == []


def test_a_changed_sentence_is_new_and_the_untouched_ones_beside_it_are_not(home: Path):
    save(home)
    path = home / "library" / "lakeside.md"
    text = path.read_text("utf-8").replace("ten working days", "twenty working days")
    path.write_text(text + "\n## Which form?\n\nUse form 9.\n", "utf-8")
    sync(home)
    (new,) = news(home)
    assert "twenty working days" in new


def test_the_command_tells_what_is_new_and_writes_a_feed_that_grows(home: Path, tmp_path: Path):
    save(home)
    assert json.loads(command(home, "--json").stdout)["searches"] == [
        {"name": "weekly", "new": [], "problem": ""}
    ]
    text = NEW.format("Prior authorization is asked for by Bayside & others.")
    (home / "library" / "bayside.md").write_text(text, "utf-8")
    sync(home)
    file = tmp_path / "feed.xml"
    told = json.loads(command(home, "--json", "--feed", str(file)).stdout)
    assert told["noted"] == 1
    assert [one["title"] for one in told["searches"][0]["new"]] == ["Bayside 9"]
    again = json.loads(command(home, "--json").stdout)
    assert (again["noted"], len(again["searches"][0]["new"])) == (0, 1)
    root = fromstring(file.read_bytes())
    (entry,) = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "weekly: Bayside 9"
    assert "Bayside & others" in (entry.findtext(f"{ATOM}summary") or "")
    ids = [node.text for node in root.iter(f"{ATOM}id")]
    assert len(set(ids)) == 2
    assert (home / "alerts.atom").read_bytes() == file.read_bytes()


def test_a_mail_is_sent_once_and_what_could_not_be_sent_is_sent_later(home: Path, postman: Postman):
    save(home, "weekly\nBcc: someone@evil.example")
    (home / "library" / "bayside.md").write_text(
        NEW.format("Bayside asks for prior authorization."), "utf-8"
    )
    sync(home)
    port = postman.server_address[1]
    to = {"smtp_security": "none", "mail_from": "desk@example.org", "mail_to": "a@example.org"}
    settings_file(home, smtp="127.0.0.1:9", **to)  # nobody listens there
    failed = command(home, "--mail")
    assert failed.returncode == 1
    assert "was not sent" in failed.stderr
    settings_file(home, smtp=f"127.0.0.1:{port}", **to)
    assert command(home, "--mail").returncode == 0
    assert command(home, "--mail").returncode == 0
    mail = postman.mail()
    assert mail["To"] == "a@example.org"
    assert mail["Bcc"] is None
    assert "1 new passage" in mail["Subject"]
    assert "Bayside asks for prior authorization." in mail.get_content()
    assert "http://127.0.0.1:8501/search?" in mail.get_content()


def test_every_way_to_another_generation_tells_what_is_new_and_mails_it_once(
    home: Path, postman: Postman
):
    save(home)
    to = {"smtp_security": "none", "mail_from": "desk@example.org", "mail_to": "a@example.org"}
    settings_file(home, smtp=f"127.0.0.1:{postman.server_address[1]}", **to)
    (home / "library" / "bayside.md").write_text(
        NEW.format("Bayside asks for prior authorization."), "utf-8"
    )
    synced = run(home, "sync", str(home / "library"), "--json")
    assert json.loads(synced.stdout)["published"] is True
    assert "New to saved searches: 1; 1 mailed to a@example.org." in synced.stderr
    assert "Bayside asks for prior authorization." in postman.mail().get_content()
    assert len(Records(home).alerts()) == 1
    assert (home / "alerts.atom").is_file()
    again = run(home, "sync", str(home / "library"))
    assert again.returncode == synced.returncode == 3, "one file is broken"
    assert "saved searches" not in again.stderr

    # What was put aside and answers again is told in a process of its own.
    assert run(home, "rollback").returncode == 0
    (home / "library" / "bayside.md").write_text(
        NEW.format("Bayside asks for prior authorization by fax."), "utf-8"
    )
    sync(home)  # by the engine alone: nobody was told
    run(home, "rollback", "1")
    newest = max(Home(home).kept())
    assert let_answer(home, newest) == (1, newest)
    for _ in range(600):
        if len(postman.mails) == 2:
            break
        time.sleep(0.1)
    assert "by fax" in postman.mails[1]


def test_without_a_server_in_the_settings_nothing_is_sent(home: Path):
    save(home)
    asked = command(home, "--mail")
    assert asked.returncode == 2
    assert "smtp" in asked.stderr
