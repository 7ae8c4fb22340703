"""The library's documents as resources: listed in parts, read as text."""

from __future__ import annotations

from urllib.parse import quote, unquote

from mcp_types import (
    ListResourcesResult,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    TextResourceContents,
)

from assistant.showing import NotInLibrary
from ui.access.caller import Caller
from ui.access.roles import Act, require
from ui.confirming.book import newest_of
from ui.operations import reading
from ui.operations.office import Office
from ui.operations.operation import perform
from ui.operations.table import OPERATIONS
from ui.schema.asked import ShowPage
from ui.schema.documents import Shown

_SCHEME = "codedesk://document/"
_AT_ONCE = 200
_SHOW = next(one for one in OPERATIONS if one.do is reading.show)
TEMPLATE = ResourceTemplate(
    name="document",
    uri_template=f"{_SCHEME}{{+id}}",
    description="A document of the library as it was read, by the id that citations give.",
    mime_type="text/plain",
)


def listed(office: Office, caller: Caller, cursor: str | None) -> ListResourcesResult:
    """A part of the documents. Raises Forbidden."""
    require(caller, Act.READ)
    every = sorted(newest_of(office.library(caller)).items())
    begin = int(cursor) if cursor and cursor.isdigit() else 0
    end = begin + _AT_ONCE
    return ListResourcesResult(
        resources=[
            Resource(
                uri=_SCHEME + quote(name),
                name=name,
                title=version.metadata.title,
                mime_type="text/plain",
            )
            for name, version in every[begin:end]
        ],
        next_cursor=str(end) if end < len(every) else None,
    )


def read(office: Office, caller: Caller, uri: str) -> ReadResourceResult:
    """A document's text. Raises Forbidden and NotInLibrary."""
    require(caller, Act.READ)
    if not uri.startswith(_SCHEME):
        raise NotInLibrary(f"{uri} is no document. Their addresses begin with {_SCHEME}.")
    asked = ShowPage(document=unquote(uri.removeprefix(_SCHEME)))
    shown: Shown = perform(_SHOW, office, caller, asked)
    told = TextResourceContents(uri=uri, text=shown.text, mime_type="text/plain")
    return ReadResourceResult(contents=[told])
