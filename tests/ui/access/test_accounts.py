"""The command line of a home whose people sign in: real accounts of the system, each with what the
settings let it do."""

from __future__ import annotations

import asyncio
import grp
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer
from mcp import Client, StdioServerParameters, stdio_client
from needed import lacking, program
from small_library import make_home

from index.audience.rules import change_rules
from ui.access.accounts import account, caller_here
from ui.access.caller import ANYONE_HERE
from ui.access.roles import Act
from ui.cli import app
from ui.commands.acts import NEEDS
from ui.state.records import Records
from ui.state.settings import read_settings

# One process of tests for the file: its ground is made once.
pytestmark = [pytest.mark.trust(23), pytest.mark.xdist_group("accounts")]
OTHER, GROUP = "nobody", "users"  # an account that every Linux has, and a group for it
PRIVATE = "library/lakeside.md"
SIGN_IN = """
[sign_in]
issuer = "https://login.example"
client_id = "codedesk"
address = "https://desk.example"
[sign_in.roles]
reader = ["billing"]
"""


MODULES = [str(Path(__file__).parents[3]), *(one for one in sys.path if "site-packages" in one)]

_RUNS_ITSELF = "import subprocess, sys, ui.cli; subprocess.run([sys.executable, '-c', ''], check=1)"


def as_other(*command: str) -> list[str]:
    """Runs it as an account that is in the group besides its own."""
    other, group = pwd.getpwnam(OTHER), grp.getgrnam(GROUP)
    drop = (f"--reuid={other.pw_uid}", f"--regid={other.pw_gid}", f"--groups={group.gr_gid}")
    return ["setpriv", *drop, *command]


def others_python(place: Path) -> str:
    """An environment of a Python like this one that the other account can run: root's own may lie
    where nobody else comes to."""
    version = f"python3.{sys.version_info.minor}"
    for python in (Path(sys.executable).resolve(), Path("/usr/bin") / version):
        made = place / f"environment-{python.parent.parent.name}"
        subprocess.run([str(python), "-m", "venv", "--without-pip", str(made)], capture_output=True)
        modules = made / "lib" / version / "site-packages"
        if modules.is_dir():
            (modules / "these.pth").write_text("\n".join(MODULES), "utf-8")
            tried = as_other(str(made / "bin" / "python"), "-c", _RUNS_ITSELF)
            if subprocess.run(tried, cwd="/", capture_output=True).returncode == 0:
                return str(made / "bin" / "python")
    return lacking("a Python and a checkout that others can read", "put them where they can")


def _share(folder: Path) -> None:
    """Let the group use all that this account has written there."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            shutil.chown(path, group=GROUP)
            path.chmod(0o2770 if path.is_dir() else 0o660)


class Accounts:
    """A home of this account, shared with a group that another account is in."""

    def __init__(self, home: Path, python: str) -> None:
        self.home = home
        self._python = python

    def settings(self, told: str, *, sign_in: bool = True) -> None:
        path = self.home / "settings.toml"
        path.write_text((SIGN_IN if sign_in else "") + told, "utf-8")
        path.chmod(0o640)
        shutil.chown(path, group=GROUP)

    def share(self) -> None:
        _share(self.home)

    def as_other(self, *arguments: str) -> list[str]:
        """The command as the other account runs it."""
        return [*as_other(self._python), "-m", "ui.cli", *arguments]

    def environment(self) -> dict[str, str]:
        """It says that another one runs the command: nobody believes it."""
        lies = {"USER": "root", "LOGNAME": "root", "HOME": str(self.home.parent)}
        return {**os.environ, **lies, "CODEDESK_HOME": str(self.home)}

    def run(self, *arguments: str, own: bool = False) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "ui.cli", *arguments] if own else self.as_other(*arguments)
        return subprocess.run(
            command,
            env=self.environment(),
            cwd="/",
            encoding="utf-8",
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=120,
        )

    def refused(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert (done.returncode, done.stdout) == (1, ""), done
        return done.stderr

    def told(self, *arguments: str, own: bool = False) -> str:
        done = self.run(*arguments, own=own)
        assert done.returncode in (0, 3), done.stderr
        return done.stdout


@dataclass(frozen=True)
class Ground:
    """A folder that other accounts come to, with the models in it and a Python for them."""

    folder: Path
    models: Path
    python: str


@pytest.fixture(scope="module")
def ground(models: Path) -> Iterator[Ground]:
    """Skips where this account may not run anything as another one, but not in CI."""
    if os.name != "posix" or os.geteuid() != 0:
        lacking("an account that may run a command as another one", "run the tests as root")
    program("setpriv", package="util-linux")
    folder = Path(tempfile.mkdtemp(prefix="codedesk-accounts-"))
    try:
        folder.chmod(0o755)
        shutil.copytree(models, folder / "models")
        _share(folder / "models")
        yield Ground(folder, folder / "models", others_python(folder))
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def accounts(read_home: Path, ground: Ground) -> Iterator[Accounts]:
    home = ground.folder / "home"
    left_out = shutil.ignore_patterns("desk.sqlite3*", "jobs", "models")
    shutil.copytree(read_home, home, symlinks=True, ignore=left_out)
    (home / "models").symlink_to(ground.models, target_is_directory=True)
    yield _shared(home, ground)
    shutil.rmtree(home)


@pytest.fixture
def syncing(ground: Ground, documents: Path) -> Iterator[Accounts]:
    """A home that knows its own folder where it is."""
    home = make_home(ground.folder / "home", ground.models, documents)
    yield _shared(home, ground)
    shutil.rmtree(home)


def _shared(home: Path, ground: Ground) -> Accounts:
    found = Accounts(home, ground.python)
    found.share()
    found.settings("", sign_in=False)
    return found


def test_without_sign_in_whoever_can_read_the_home_may_do_everything(accounts: Accounts) -> None:
    assert accounts.told("search", "zebra", "--mode", "lexical")
    assert accounts.told("audit", "verify")


def test_an_account_without_a_role_is_refused_with_what_to_do(accounts: Accounts) -> None:
    accounts.settings('[sign_in.accounts]\nreader = ["somebody"]\n')
    for command in (
        ["status"],
        ["ask", "0581T?"],
        ["sync"],
        ["serve"],
        ["mcp"],
        ["audit", "export"],
    ):
        said = accounts.refused(*command)
        assert f"The account {OTHER} has no role here" in said
        assert "[sign_in.accounts]" in said and f"as {account()}, whose home this is" in said


def test_a_role_comes_by_a_group_of_the_system_and_lets_do_what_it_does_everywhere(
    accounts: Accounts,
) -> None:
    accounts.settings(f'[sign_in.accounts]\nreader = ["@{GROUP}"]\n')
    assert "Generation 1" in accounts.told("status")
    assert "zebra" in accounts.told("show", "library/zebra<b>x.md")
    said = accounts.refused("search", "zebra")
    assert f"You may not {Act.LIST.value}: that takes the role of an analyst" in said
    for command, role in (("sync", "maintainer"), ("generations", "maintainer"), ("ui", "admin")):
        assert f"role of {'an' if role == 'admin' else 'a'} {role}" in accounts.refused(command)
    acts = [(one.who, one.action) for one in Records(accounts.home).log.entries()]
    assert acts == [(OTHER, "show")], "what it read is noted, by its own name"


def test_a_role_comes_by_the_name_of_an_account_too(syncing: Accounts) -> None:
    (syncing.home / "library" / "note.md").write_text("# Note\n\nOf 0581T.\n", "utf-8")
    syncing.share()
    syncing.settings(f'[sign_in.accounts]\nmaintainer = ["{OTHER}"]\n')
    assert json.loads(syncing.told("sync", str(syncing.home / "library"), "--json"))["added"] == [
        "library/note.md"
    ]
    assert syncing.told("generations").startswith("  1  ")
    assert syncing.told("rollback")
    said = syncing.refused("backup", str(syncing.home.parent / "kept.tar"))
    assert "You may not make backups" in said
    acts = [(one.who, one.action) for one in Records(syncing.home).log.entries()]
    assert acts == [(OTHER, "sync"), (OTHER, "rollback")]


def test_what_is_private_is_there_for_accounts_that_are_in_its_group(accounts: Accounts) -> None:
    change_rules(accounts.home, lambda rules: rules.with_rule(PRIVATE, ("contracting",)))
    accounts.share()
    roles = f'[sign_in.accounts]\nadmin = ["{OTHER}"]\n'
    accounts.settings(roles)
    asked = (
        ("status", "--json"),
        ("code", "0581T", "--json", "--all-versions"),
        ("search", "prior authorization", "--json", "--mode", "lexical"),
        ("matrix", "0581T", "--json"),
        ("doctor", "--json"),
        ("groups", "list", "--json"),
        ("editions", "--json"),
        ("generations", "--json"),
    )
    for command in asked:
        done = accounts.run(*command)
        assert done.returncode in (0, 1) and done.stdout.startswith(("{", "[")), done.stderr
        assert "akeside" not in done.stdout + done.stderr, command
    assert accounts.run("show", PRIVATE).returncode == 1
    table = accounts.home.parent / "table.csv"
    for command in (
        *(("forget", str(accounts.home / "library")), ("metadata", "log"), ("audit", "export")),
        *(
            ("backup", str(table)),
            ("restore", str(table)),
            ("ui",),
            ("serve", "--without-sign-in"),
            ("alerts",),
        ),
    ):
        assert "some are not yours to see" in accounts.refused(*command)
    accounts.settings(f'{roles}[sign_in.account_groups]\ncontracting = ["@{GROUP}"]\n')
    assert PRIVATE in accounts.told("status", "--json")
    assert "akeside" in accounts.told("show", PRIVATE)
    assert accounts.told("audit", "export")


def test_a_sync_tells_of_what_its_account_may_see(syncing: Accounts) -> None:
    (syncing.home / "library" / "contracts").mkdir()
    for name in ("contracts/rates.md", "open.md"):
        (syncing.home / "library" / name).write_text(f"# {name}\n\nOf 0581T.\n", "utf-8")
    change_rules(syncing.home, lambda rules: rules.with_rule("library/contracts", ("board",)))
    syncing.share()
    syncing.settings(f'[sign_in.accounts]\nmaintainer = ["{OTHER}"]\n')
    done = syncing.run("sync", str(syncing.home / "library"), "--json")
    assert json.loads(done.stdout)["added"] == ["library/open.md"], done.stderr
    assert "rates" not in done.stdout + done.stderr
    assert "rates" in syncing.told("status", "--json", own=True), "the owner sees everything"


def test_who_owns_the_home_is_its_admin_unless_the_settings_give_it_a_smaller_role(
    accounts: Accounts,
) -> None:
    change_rules(accounts.home, lambda rules: rules.with_rule(PRIVATE, ("contracting",)))
    accounts.settings(f'[sign_in.accounts]\nreader = ["@{GROUP}", "@root"]\n')
    assert accounts.told("audit", "export", own=True) == "", "nothing was noted of what it read"
    assert PRIVATE in accounts.told("status", "--json", own=True)
    accounts.settings(f'[sign_in.accounts]\nreader = ["{account()}"]\n')
    assert PRIVATE not in accounts.told("status", "--json", own=True)
    assert "You may not run the server" in accounts.run("serve", own=True).stderr


def test_an_assistant_over_stdio_has_what_the_account_that_starts_it_may_do(
    accounts: Accounts,
) -> None:
    accounts.settings(f'[sign_in.accounts]\nreader = ["{OTHER}"]\n')
    command, *arguments = accounts.as_other("mcp")
    started = StdioServerParameters(command=command, args=arguments, env=accounts.environment())

    async def tools() -> set[str]:
        async with Client(stdio_client(started)) as client:
            return {one.name for one in (await client.list_tools()).tools}

    assert asyncio.run(tools()) == {"ask", "show_page"}


def test_an_account_that_may_not_write_to_the_models_asks_all_the_same(accounts: Accounts) -> None:
    accounts.settings(f'[sign_in.accounts]\nreader = ["{OTHER}"]\n')
    models = accounts.home / "models"
    shared = models.resolve()
    models.unlink()
    left_out = shutil.ignore_patterns("compiled")
    shutil.copytree(shared, models, ignore=left_out)  # what is compiled goes by the path
    for path in (models, *models.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    question = "How many units of 0581T per breast?"
    assert json.loads(accounts.told("ask", question, "--json"))["verdict"] == "answered"


def test_an_account_whose_home_it_is_not_and_that_may_not_read_it_is_told_so(
    accounts: Accounts,
) -> None:
    accounts.settings("")
    (accounts.home / "settings.toml").chmod(0o600)
    assert "may not be read by this account" in accounts.refused("status")


def test_every_command_says_what_it_does_by_the_table_of_roles() -> None:
    assert set(_commands(app)) == set(NEEDS)


def _commands(within: typer.Typer, before: str = "") -> Iterator[str]:
    for one in within.registered_commands:
        name: Callable[..., object] | None = one.callback
        yield f"{before}{one.name or getattr(name, '__name__', '').replace('_', '-')}"
    for group in within.registered_groups:
        assert group.typer_instance is not None
        yield from _commands(group.typer_instance, f"{before}{group.name} ")


def test_a_home_without_sign_in_asks_nothing_of_the_system(shared_home: Path) -> None:
    settings = read_settings()
    assert caller_here(settings.home, settings.sign_in) is ANYONE_HERE
