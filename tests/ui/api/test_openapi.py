"""What the API says of itself is so: schemathesis asks it whatever its document allows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from schemathesis.specs.openapi import checks
from small_library import make_home

from ui.access.roles import Act, Role, least
from ui.api.openapi import document
from ui.operations.table import OPERATIONS

SAVED = Path(__file__).parents[3] / "docs" / "openapi.json"
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
# Reading a file takes a process of its own; the doctor reads every file of the index.
_EXAMPLES = {"upload": 4, "doctor": 2, "sync": 3, "retry": 3, "evaluate": 3}
UNTIMED = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]

METHODS = {one.name: "GET" if one.takes == "address" else "POST" for one in OPERATIONS}


def test_the_saved_document_is_the_one_that_is_served(api: Any) -> None:
    assert SAVED.read_bytes() == document(), "run `make schema`"
    served = api.get("/openapi.json")
    assert served.body == document()


def test_every_operation_stands_in_the_document_with_its_role() -> None:
    told = json.loads(document())
    assert told["openapi"].startswith("3.1")
    for operation in OPERATIONS:
        (described,) = told["paths"][f"/{operation.name}"].values()
        assert least(operation.act).value in described["description"]
    for name, schema in told["components"]["schemas"].items():
        assert "description" in schema or "enum" in schema or name, name
        Draft202012Validator.check_schema(schema)


def test_every_act_has_one_least_role_and_every_role_some_act() -> None:
    assert {least(act) for act in Act} == set(Role)


@pytest.mark.trust(24)
@pytest.mark.parametrize("name", [operation.name for operation in OPERATIONS])
def test_no_request_that_the_document_allows_or_forbids_is_a_server_error(
    asked_server: str, name: str
) -> None:
    schema = schemathesis.openapi.from_dict(json.loads(document()))
    operation = schema[f"/{name}"][METHODS[name]]

    @given(case=operation.as_strategy())
    @settings(
        max_examples=_EXAMPLES.get(name, 25),
        phases=[Phase.explicit, Phase.generate],
        derandomize=True,
        suppress_health_check=UNTIMED,
    )
    def ask(case: schemathesis.Case) -> None:
        reply = case.call(base_url=f"{asked_server}/api/v1", timeout=120)
        case.validate_response(reply, checks=CHECKS)

    ask()


@pytest.fixture(scope="module")
def asked_server(
    tmp_path_factory: pytest.TempPathFactory, models: Path, documents: Path, server_of: Any
) -> Iterator[str]:
    """A server that is asked anything: its home is nobody else's. No caller is slowed down."""
    place = tmp_path_factory.mktemp("asked")
    home = make_home(place / "home", models, documents)
    (home / "settings.toml").write_text("[server]\nrequests_per_minute = 1000000\n", "utf-8")
    running = server_of(home, cwd=place)
    yield running.address
    running.stop()
