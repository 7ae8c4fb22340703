"""Reads what came over a wire: bytes that are a message, or nothing."""

from __future__ import annotations

from typing import TypeVar

from msgspec import DecodeError
from msgspec.msgpack import Decoder

Message = TypeVar("Message")


def message_in(decoder: Decoder[Message], content: bytes, name: str) -> Message:
    """Raises ValueError where the bytes are none of the messages called `name`."""
    try:
        return decoder.decode(content)
    except (DecodeError, RecursionError) as error:
        raise ValueError(f"not {name}: {error}") from error
