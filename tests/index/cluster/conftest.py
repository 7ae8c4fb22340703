"""A cluster of Ray on this machine for a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from needed import module, program

from tests.index.cluster.machines import Machines, surroundings


@pytest.fixture(scope="session")
def ray_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What Ray and the workers write, away from what others run on this machine."""
    module("ray", extra="cluster")
    program("redis-server", package="redis-server")
    folder = tmp_path_factory.mktemp("ray")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in surroundings(folder / "workers").items():
            patch.setenv(name, value)
        yield folder


@pytest.fixture
def machines(ray_files: Path) -> Iterator[Machines]:
    made = Machines(ray_files)
    yield made
    made.end()
