"""The API of the servers that the other tests of the pages use, too."""

from __future__ import annotations

from typing import Any

import pytest
from http_client import Api


@pytest.fixture
def api(server: Any) -> Api:
    """The API of a server that tests only ask."""
    return Api(server.address)


@pytest.fixture
def own_api(own_server: Any) -> Api:
    """The API of a server that the test may change."""
    return Api(own_server.address)
