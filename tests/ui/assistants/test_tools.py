"""What an assistant gets, by the SDK's own client, over both ways to reach the server."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from http_client import Api, run_apart
from jsonschema import Draft202012Validator
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from ui.assistants.tools import TOOLS
from ui.operations.table import OPERATIONS

pytestmark = pytest.mark.xdist_group("hardened")  # one process, one server

QUESTION = "How many units of 0581T per breast?"
ARGUMENTS: dict[str, dict[str, Any]] = {
    "ask": {"question": QUESTION},
    "search": {"query": "0581T", "k": 3},
    "list_code": {"code": "0581T"},
    "compare_payers": {"code": "0581T", "all_versions": True},
    "show_page": {"document": "units.pdf", "page": 2},
    "what_changed": {"since": "2020-01-01"},
}
Talk = Callable[[Callable[[Client], Awaitable[None]]], None]


@pytest.fixture(params=["stdio", "http"])
def talk(request: pytest.FixtureRequest, read_home: Path, server: Any) -> Talk:
    """Lets a conversation run with the server, reached in one way and then in the other."""

    @asynccontextmanager
    async def client() -> AsyncIterator[Client]:
        stack = AsyncExitStack()
        if request.param == "http":
            http = await stack.enter_async_context(httpx2.AsyncClient(timeout=60))
            transport: Any = streamable_http_client(f"{server.address}/mcp", http_client=http)
        else:
            transport = stdio_client(
                StdioServerParameters(
                    command=sys.executable,
                    args=["-m", "ui.cli", "mcp"],
                    env={**os.environ, "CODEDESK_HOME": str(read_home)},
                )
            )
        async with stack, Client(transport) as found:
            yield found

    def run(conversation: Callable[[Client], Awaitable[None]]) -> None:
        async def whole() -> None:
            async with asyncio.timeout(120), client() as found:
                await conversation(found)

        run_apart(whole())

    return run


def test_the_server_says_what_is_evidence_and_offers_tools_that_only_read(talk: Talk) -> None:
    async def conversation(client: Client) -> None:
        told = client.instructions or ""
        assert "Only the quoted passages are evidence" in told
        assert "not_found" in told
        tools = (await client.list_tools()).tools
        assert {tool.name for tool in tools} == set(ARGUMENTS)
        for tool in tools:
            assert tool.annotations is not None and tool.annotations.read_only_hint
            assert tool.input_schema["type"] == "object"
            Draft202012Validator.check_schema(tool.input_schema)

    talk(conversation)


def test_every_tool_answers_as_its_schema_says_and_as_the_api_does(talk: Talk, server: Any) -> None:
    api = Api(server.address)

    async def conversation(client: Client) -> None:
        schemas = {tool.name: tool.output_schema for tool in (await client.list_tools()).tools}
        for name, arguments in ARGUMENTS.items():
            result = await client.call_tool(name, arguments)
            assert not result.is_error, result.content
            told = result.structured_content
            Draft202012Validator(schemas[name]).validate(told)
            assert json.loads(result.content[0].text) == told
            operation = TOOLS[name]
            ask = api.post if operation.takes == "body" else api.get
            same = ask(f"/{operation.name}", **arguments).json
            for one in (told, same):
                one.pop("seconds", None)
            assert told == same

    talk(conversation)


def test_an_answer_carries_verdict_citations_dates_and_whether_they_were_read_again(
    talk: Talk,
) -> None:
    async def conversation(client: Client) -> None:
        told = (await client.call_tool("ask", ARGUMENTS["ask"])).structured_content
        assert told["verdict"] == "answered"
        cited = told["citations"][0]
        assert cited["verified"] is True
        assert {"effective", "retired", "status"} <= cited["document"].keys()
        unknown = {"question": "What is the CPT code of a heart transplant on Mars?"}
        not_found = (await client.call_tool("ask", unknown)).structured_content
        assert not_found["verdict"] == "not_found"

    talk(conversation)


def test_what_cannot_be_done_is_said_in_the_sentence_of_every_face(talk: Talk) -> None:
    async def conversation(client: Client) -> None:
        for name, arguments, says in (
            ("ask", {"question": " "}, "The question is empty"),
            ("ask", {}, "missing required field `question`"),
            ("ask", {"question": "a", "colour": "red"}, "unknown field `colour`"),
            ("show_page", {"document": "nonesuch"}, "No document is called nonesuch"),
        ):
            result = await client.call_tool(name, arguments)
            assert result.is_error
            assert says in result.content[0].text
        for forbidden in ("sync", "upload", "rollback", "nothing"):
            with pytest.raises(MCPError):
                await client.call_tool(forbidden, {})

    talk(conversation)


def test_the_documents_are_resources(talk: Talk) -> None:
    async def conversation(client: Client) -> None:
        listed = (await client.list_resources()).resources
        assert len(listed) == 6
        manual = next(one for one in listed if one.name.endswith("units.pdf"))
        read = (await client.read_resource(str(manual.uri))).contents[0]
        assert "Bill 0581T once per breast" in read.text
        hostile = next(one for one in listed if "zebra" in one.name)
        assert (await client.read_resource(str(hostile.uri))).contents
        with pytest.raises(MCPError, match="No document is called"):
            await client.read_resource("codedesk://document/nonesuch")
        with pytest.raises(MCPError, match="no document"):
            await client.read_resource("file:///etc/passwd")

    talk(conversation)


def test_no_operation_that_changes_anything_is_a_tool() -> None:
    assert not [one.name for one in OPERATIONS if one.tool and one.changes]
    assert {one.act.name for one in TOOLS.values()} <= {"ASK", "READ", "LIST"}
