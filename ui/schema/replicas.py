"""What publishing and following come to."""

from __future__ import annotations

from ui.schema.model import Model


class Published(Model):
    """As in index.replicas.publish."""

    generation: int
    state: str
    sent: int
    bytes: int
    removed: int
    again: bool


class Followed(Model):
    """As in index.replicas.follow."""

    generation: int
    changed: bool
    fetched: int
    bytes: int


class Following(Model):
    """Of a home that follows another: as in index.replicas.following."""

    url: str
    generation: int | None
    latest: int | None
    published: str
    reached: str
    problem: str
    behind: bool
