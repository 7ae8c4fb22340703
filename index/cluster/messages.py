"""What the publisher asks a worker and what it answers: bytes, checked against their types."""

from __future__ import annotations

from msgspec import Struct
from msgspec.msgpack import Decoder, encode

from corpus.divided import Dividing
from corpus.document import Passage
from corpus.files.limits import Limits
from corpus.metadata.identity.names import Body
from corpus.metadata.told import Value
from index.cluster.wire import message_in
from index.shards.texts import Content


class Hello(Struct, frozen=True, tag="hello"):
    """Say who you are."""


class Here(Struct, frozen=True, tag="here"):
    """The machine, and what decides on how it reads and writes: see `makes`."""

    host: str
    makes: dict[str, str]


class HasModel(Struct, frozen=True, tag="has-model"):
    """Whether the files of a converted model, its card as JSON, are there."""

    card: bytes


class Yes(Struct, frozen=True, tag="yes"):
    so: bool = True


class ModelPiece(Struct, frozen=True, tag="model-piece"):
    """Some bytes of a file of the model; the last one ends it."""

    card: bytes
    file: str
    start: int
    content: bytes


class Start(Struct, frozen=True, tag="start"):
    """Get the model ready."""

    card: bytes
    name: str
    precision: str
    device: str | None
    token_bits: int


class Ready(Struct, frozen=True, tag="ready"):
    engine: str


class File(Struct, frozen=True):
    """A file to read: its name, as bytes, its content and its sidecar's."""

    id: str
    name: bytes
    content: bytes
    sidecar: tuple[bytes, bytes] | None
    told: dict[str, Value]


class Divide(Struct, frozen=True, tag="divide"):
    files: tuple[File, ...]
    dividing: Dividing
    limits: Limits
    names: tuple[Body, ...]


class Answers(Struct, frozen=True, tag="answers"):
    """For each file the line of a reading process: see corpus.reading.messages."""

    lines: tuple[bytes, ...]


class Vectors(Struct, frozen=True, array_like=True):
    """All vectors of a passage that an equal one has: the rows of its `Entry`."""

    vector: bytes
    tokens: bytes
    sentences: bytes
    kinds: bytes


class Sent(Struct, frozen=True):
    """A version to be written: its passages, their texts left out, and the vectors that are known,
    by the number of the passage."""

    content: Content
    passages: tuple[Passage, ...]
    known: dict[int, Vectors]


class Piece(Struct, frozen=True, tag="piece"):
    """Write these versions into the part with this name, after those that were sent before;
    `first` begins it anew."""

    part: str
    first: bool
    versions: tuple[Sent, ...]


class Written(Struct, frozen=True, tag="written"):
    embedded: int


class Finish(Struct, frozen=True, tag="finish"):
    part: str


class Finished(Struct, frozen=True, tag="finished"):
    """The name of the shard that a part became, and the size and sha-256 of each file."""

    name: str
    files: dict[str, tuple[int, str]]


class Fetch(Struct, frozen=True, tag="fetch"):
    part: str
    file: str
    start: int


class Bytes(Struct, frozen=True, tag="bytes"):
    content: bytes


class Drop(Struct, frozen=True, tag="drop"):
    """The part is not needed any more."""

    part: str


class Failed(Struct, frozen=True, tag="failed"):
    """What cannot be done, in a sentence."""

    problem: str
    full: bool = False  # its disk is


Request = Hello | HasModel | ModelPiece | Start | Divide | Piece | Finish | Fetch | Drop
Answer = Here | Yes | Ready | Answers | Written | Finished | Bytes | Failed
_REQUESTS: Decoder[Request] = Decoder(Request)
_ANSWERS: Decoder[Answer] = Decoder(Answer)


_VERSIONS: Decoder[tuple[Sent, ...]] = Decoder(tuple[Sent, ...])


def packed_versions(versions: tuple[Sent, ...]) -> bytes:
    return encode(versions)


def versions_in(content: bytes) -> tuple[Sent, ...]:
    return _VERSIONS.decode(content)


def packed(message: Request | Answer) -> bytes:
    return encode(message)


def request_in(content: bytes) -> Request:
    """Raises ValueError."""
    return message_in(_REQUESTS, content, "a request")


def answer_in(content: bytes) -> Answer:
    """Raises ValueError."""
    return message_in(_ANSWERS, content, "an answer")
