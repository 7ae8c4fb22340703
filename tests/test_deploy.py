"""What lies in deploy/ is what docs/deploy.md promises, and leads to what is there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from needed import program

from ui.database.address import read_address
from ui.server.health import health_routes
from ui.state.serving import Serving, SignIn, read_table
from ui.state.settings import Settings, read_settings

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
DOCS = (ROOT / "docs" / "deploy.md").read_text("utf-8")
CONTAINER = (DEPLOY / "Containerfile").read_text("utf-8")


def last(instruction: str) -> str:
    """The last instruction of its kind, on one line."""
    lines = CONTAINER.replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith(f"{instruction} ")][-1]


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def unit() -> ConfigParser:
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment]
    parser.read_string((DEPLOY / "codedesk.service").read_text("utf-8"))
    return parser


def test_the_image_runs_as_nobody_in_particular_and_is_asked_whether_it_lives() -> None:
    assert last("USER") == "USER 10001:10001"
    assert "whl/cpu" in last("ARG") and "torch" in CONTAINER
    address = re.search(r"http://127\.0\.0\.1:(\d+)(/\w+)", last("HEALTHCHECK"))
    assert address is not None and last("EXPOSE") == f"EXPOSE {address[1]}"
    paths = {route.path for route in health_routes(Settings(Path("/nowhere")))}
    assert address[2] in paths
    assert json.loads(last("CMD").removeprefix("CMD ")) == ["serve", "--address", "0.0.0.0"]
    assert "VOLUME /home/desk/data" in CONTAINER
    assert "CODEDESK_HOME=/home/desk/data" in CONTAINER


def test_what_the_image_copies_is_there_and_is_all_that_the_wheel_needs() -> None:
    copied = [line.split()[1:-1] for line in CONTAINER.splitlines() if line.startswith("COPY ")]
    names = {name for line in copied for name in line if not name.startswith(("-", "/"))}
    assert all((ROOT / name).exists() for name in names)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    needed = {*packages, "pyproject.toml", project["project"]["readme"]}
    assert needed | {"requirements.txt", "requirements-postgres.txt"} <= names


def test_the_server_of_the_compose_file_can_write_to_its_data_alone(compose: Any) -> None:
    desk = compose["services"]["desk"]
    assert desk["read_only"] is True and desk["user"] == "10001:10001"
    assert desk["cap_drop"] == ["ALL"] and desk["security_opt"] == ["no-new-privileges:true"]
    writable = [one for one in desk["volumes"] if not one.endswith(":ro")]
    assert writable == ["data:/home/desk/data"]
    assert (ROOT / "deploy" / desk["build"]["context"]).resolve() == ROOT
    assert (ROOT / desk["build"]["dockerfile"]).is_file()


def test_only_the_proxy_can_be_reached_and_it_is_the_one_that_is_believed(compose: Any) -> None:
    services = compose["services"]
    assert [name for name, one in services.items() if "ports" in one] == ["proxy"]
    assert compose["networks"]["inside"]["internal"] is True
    assert services["records"]["networks"] == ["inside"]
    settings = tomllib.loads((DEPLOY / "settings.toml.example").read_text("utf-8"))
    at = services["proxy"]["networks"]["inside"]["ipv4_address"]
    assert settings["server"]["proxies"] == [at]
    assert "{$DESK_AT" in (DEPLOY / "Caddyfile").read_text("utf-8")
    assert services["proxy"]["environment"]["DESK_AT"] == "desk:8501"
    for name in ("Caddyfile", "settings.toml.example", "keycloak-realm.json", "codedesk.service"):
        assert name in DOCS and (DEPLOY / name).is_file()


def test_the_example_of_settings_is_read_as_it_is(compose: Any, tmp_path: Path) -> None:
    shutil.copy(DEPLOY / "settings.toml.example", tmp_path / "settings.toml")
    settings = read_settings({"CODEDESK_HOME": str(tmp_path)})
    assert settings.sign_in is not None and settings.sign_in.host in settings.server.hosts
    secrets = {f"/run/secrets/{name}" for name in compose["secrets"]}
    assert {settings.records_password_file, settings.sign_in.secret_file} == secrets
    address = read_address(settings.records)
    server = compose["services"]["records"]["environment"]
    assert (address.host, address.user, address.database) == (
        "records",
        server["POSTGRES_USER"],
        server["POSTGRES_DB"],
    )


def test_the_realm_tells_the_groups_that_the_settings_name(tmp_path: Path) -> None:
    realm = json.loads((DEPLOY / "keycloak-realm.json").read_text("utf-8"))
    told = tomllib.loads((DEPLOY / "settings.toml.example").read_text("utf-8"))
    sign_in = read_table(told["sign_in"], SignIn, "sign_in", tmp_path)
    assert read_table(told["server"], Serving, "server", tmp_path).hosts
    [client] = realm["clients"]
    assert client["clientId"] == sign_in.client_id
    assert client["redirectUris"] == [f"{sign_in.address}/oauth2callback"]
    named = {name for names in sign_in.roles.values() for name in names}
    assert {group["name"] for group in realm["groups"]} == named
    groups, audience = (one["config"] for one in client["protocolMappers"])
    assert groups["claim.name"] == sign_in.groups
    assert groups["userinfo.token.claim"] == groups["id.token.claim"] == "true"
    assert audience["included.client.audience"] == sign_in.heard_as
    assert sign_in.issuer.endswith(f"/realms/{realm['realm']}")


def test_the_unit_leaves_the_server_nothing_but_its_data(unit: ConfigParser) -> None:
    service = unit["Service"]
    assert service["User"] == "codedesk" and service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes" and service["CapabilityBoundingSet"] == ""
    assert service["StateDirectory"] == "codedesk"
    assert "CODEDESK_HOME=/var/lib/codedesk" in service["Environment"]
    assert service["ExecStart"] == "/opt/codedesk/bin/codedesk serve"
    assert service["KillMode"] == "process", "a sync goes on when the server stops"
    for folder in ("/opt/codedesk", "/var/lib/codedesk", "/etc/codedesk"):
        assert folder in DOCS


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("No systemd here: the unit was not looked at by it.")
    unit = tmp_path / "codedesk.service"
    told = (DEPLOY / "codedesk.service").read_text("utf-8")
    unit.write_text(told.replace("/opt/codedesk/bin/codedesk", "/bin/true"), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, [x for x in done.stderr.splitlines() if "codedesk" in x]) == (0, [])


def test_caddy_finds_nothing_wrong_with_its_file() -> None:
    program("caddy", package="caddy")
    done = subprocess.run(
        ["caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")],
        env={"DESK_HOST": "desk.example", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
