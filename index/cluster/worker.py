"""A worker: reads files in the sandbox, keeps the model, writes shards, on a node of the cluster.

It sees no home and no live index. What it writes lies in a folder of its own, under a temporary
name until it is whole, and is fetched from there by who asked for it.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace

from corpus.divided import Divided, Dividing
from corpus.document import Passage
from corpus.readers.scans.models import recogniser
from corpus.reading import messages as reading
from corpus.reading.pool import ReadJob, divide_all
from corpus.recipe import CODES, READER, SPLITTER
from index.cluster.messages import (
    Answer,
    Answers,
    Bytes,
    Divide,
    Drop,
    Failed,
    Fetch,
    File,
    Finish,
    Finished,
    HasModel,
    Hello,
    Here,
    ModelPiece,
    Piece,
    Ready,
    Request,
    Sent,
    Start,
    Vectors,
    Written,
    Yes,
    packed,
    request_in,
)
from index.errors import lacks_space
from index.home.manifest import LAYOUT, SHARD, measured, read_shard
from index.model.conversions import CARD, CONVERSION
from index.model.embedder import Embedder
from index.model.source import FILES, ConvertedModel, ModelCard, file_sum, source_of
from index.recent import Recent
from index.shards.dense import QUANTISER
from index.shards.shard import ShardWriter, Sizes
from index.shards.tokens import TokenVectors
from index.shards.vectors import Entry
from index.sync.writing import embedded

FOLDER = "CODEDESK_CLUSTER_FOLDER"  # where a node keeps what it needs; else in the temporary folder
PIECE = 8 << 20  # bytes that travel at once
_MAKING = ".making-"
_MADE = 4096  # vectors that a worker keeps for equal passages of other parts: 40 MB


def makes() -> dict[str, str]:
    """What decides on how documents are read and shards written: alike on all machines, or what
    they make does not belong together."""
    return {
        "reader": str(READER),
        "splitter": str(SPLITTER),
        "codes": str(CODES),
        "recogniser": recogniser(),
        "quantiser": str(QUANTISER),
        "layout": str(LAYOUT),
        "conversion": str(CONVERSION),
    }


def folder_of_node(node: str) -> Path:
    """Where a node keeps its files: its owner's alone. Raises OSError."""
    default = Path(tempfile.gettempdir()) / f"codedesk-cluster-{os.getuid()}"
    root = Path(os.environ.get(FOLDER) or default)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    if root.stat().st_uid != os.getuid():
        raise PermissionError(f"{root} belongs to somebody else")
    folder = root / node[:16]
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


class Worker:
    """Answers one request after the other; never raises but where the process cannot go on."""

    def __init__(self, node: str = "") -> None:
        os.umask(0o077)
        self._node = folder_of_node(node or "alone")
        _sweep(self._node)
        self._folder = Path(tempfile.mkdtemp(prefix=f"worker-{os.getpid()}-", dir=self._node))
        self._embedder: Embedder | None = None
        self._writers: dict[str, ShardWriter] = {}
        self._made: Recent[bytes, Entry] = Recent(_MADE)  # by what was embedded
        self._answer_to: Mapping[type, Callable[[Any], Answer]] = {
            Hello: self._hello,
            HasModel: self._has_model,
            ModelPiece: self._take_model,
            Start: self._start,
            Divide: self._divide,
            Piece: self._write,
            Finish: self._finish,
            Fetch: self._fetch,
            Drop: self._drop,
        }

    def ask(self, content: bytes) -> bytes:
        """The one call there is. What goes wrong is told by its kind: the text of an error may
        hold what a document says."""
        try:
            request: Request = request_in(content)
            return packed(self._answer_to[type(request)](request))
        except Exception as error:
            named = isinstance(error, OSError) and error.strerror
            what = f"{type(error).__name__}{f', {error.strerror}' if named else ''}"  # type: ignore[attr-defined]
            return packed(Failed(f"{what}, on {socket.gethostname()}", lacks_space(error)))

    def _hello(self, _: Hello) -> Here:
        return Here(socket.gethostname(), makes())

    # The model

    def _has_model(self, asked: HasModel) -> Yes:
        folder = self._model_folder(asked.card)
        if folder.is_dir():
            return Yes()
        work = self._folder / folder.name
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        return Yes(so=False)

    def _take_model(self, piece: ModelPiece) -> Yes:
        """Take some of a file; with the last of them all, the model has its name."""
        folder = self._model_folder(piece.card)
        work = self._folder / folder.name
        if piece.file not in FILES:
            raise ValueError("no file of a model")
        with (work / piece.file).open("ab") as file:
            if file.tell() != piece.start:
                raise ValueError("pieces out of order")
            file.write(piece.content)
        card = _card(piece.card)
        if all(
            (work / name).is_file() and file_sum(work / name) == s for name, s in card.sums.items()
        ):
            (work / CARD).write_bytes(piece.card)
            try:
                work.rename(folder)
            except OSError:  # another worker of this node was first
                shutil.rmtree(work, ignore_errors=True)
        return Yes()

    def _model_folder(self, card: bytes) -> Path:
        return self._node / f"model-{sha256(card).hexdigest()[:16]}"

    def _start(self, asked: Start) -> Ready:
        folder, card = self._model_folder(asked.card), _card(asked.card)
        for name, expected in card.sums.items():
            if file_sum(folder / name) != expected:
                shutil.rmtree(folder, ignore_errors=True)
                raise ValueError("the model is damaged")
        source = folder if asked.device is None else source_of(asked.name)
        model = ConvertedModel(folder, card, source)
        self._made = Recent(_MADE)
        self._embedder = Embedder(
            model,
            threads=1,
            streams=1,
            precision=asked.precision,
            device=asked.device,
            token_bits=asked.token_bits,
        )
        return Ready(self._embedder.engine)

    @property
    def _ready(self) -> Embedder:
        if self._embedder is None:
            raise ValueError("not started")
        return self._embedder

    # Reading

    def _divide(self, asked: Divide) -> Answers:
        dividing = Dividing(
            str(self._ready.sizer.file), asked.dividing.limit, asked.dividing.lengths
        )
        with tempfile.TemporaryDirectory(prefix="files-", dir=self._folder) as folder:
            jobs = [_placed(Path(folder) / str(n), file) for n, file in enumerate(asked.files)]
            results = divide_all(jobs, dividing, workers=1, limits=asked.limits, names=asked.names)
            return Answers(tuple(_line(result) for _, result in results))

    # Writing

    @cached_property
    def _sizes(self) -> Sizes:
        card = self._ready.card
        return Sizes(card.dimension, card.token_dimension)

    def _write(self, piece: Piece) -> Written:
        work = self._folder / f"{_MAKING}{_plain(piece.part)}"
        if piece.first:
            self._drop(Drop(piece.part))
            vocabulary = self._ready.card.vocabulary
            self._writers[piece.part] = ShardWriter(work, self._sizes, vocabulary=vocabulary)
        writer, texts = self._writers[piece.part], 0
        entries = self._made_before(piece)
        passages = {
            sent.content.first + n: passage
            for sent in piece.versions
            for n, passage in enumerate(_with_texts(sent))
            if n not in sent.known and sent.content.first + n not in entries
        }
        for found, _, texts in embedded(self._ready, passages):  # noqa: B007 - the last
            entries |= found
        for sent in piece.versions:
            writer.begin(sent.content)
            for n, key in enumerate(sent.content.keys):
                identity = sent.content.first + n
                entry = entries.get(identity) or self._entry(identity, sent.known[n])
                writer.add(entry)
                # A copy: a row would keep the vectors of all texts that were embedded with it.
                self._made.keep(key, Entry(identity, entry.vector.copy(), entry.tokens))
        return Written(texts)

    def _made_before(self, piece: Piece) -> dict[int, Entry]:
        """The vectors that this worker made of equal passages, in whatever part, by the ids of
        those that are new."""
        entries: dict[int, Entry] = {}
        for sent in piece.versions:
            for n, key in enumerate(sent.content.keys):
                made = self._made.kept(key) if n not in sent.known else None
                if made is not None:
                    identity = sent.content.first + n
                    entries[identity] = Entry(identity, made.vector, made.tokens)
        return entries

    def _entry(self, identity: int, known: Vectors) -> Entry:
        sentences = np.frombuffer(known.sentences, np.uint8)
        bits, dimension = self._ready.token_bits, self._sizes.token_dimension
        width = dimension if bits == 8 else dimension // 2 + 1
        tokens = np.frombuffer(known.tokens, np.int8).reshape(len(sentences), width)
        kinds = np.frombuffer(known.kinds, np.int32)
        vector = np.frombuffer(known.vector, np.float32)
        return Entry(identity, vector, TokenVectors(tokens, sentences, kinds, bits))

    def _finish(self, asked: Finish) -> Finished:
        work = self._folder / f"{_MAKING}{_plain(asked.part)}"
        name = self._writers.pop(asked.part).finish()
        files = {file: (s.size, s.sha256) for file, s in read_shard(work).files.items()}
        own = measured(work / SHARD)
        files[SHARD] = own.size, own.sha256
        work.rename(self._folder / asked.part)
        return Finished(name, files)

    def _fetch(self, asked: Fetch) -> Bytes:
        folder = self._folder / _plain(asked.part)
        path = folder / asked.file
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ValueError("no file of a part")
        with path.open("rb") as file:
            file.seek(asked.start)
            return Bytes(file.read(PIECE))

    def _drop(self, asked: Drop) -> Yes:
        self._writers.pop(asked.part, None)
        for name in (_plain(asked.part), f"{_MAKING}{asked.part}"):
            shutil.rmtree(self._folder / name, ignore_errors=True)
        return Yes()

    def end(self) -> None:
        """Remove what is the worker's own; the model stays for the next one."""
        shutil.rmtree(self._folder, ignore_errors=True)


class WorkingActor:
    """What Ray starts on a node."""

    def __init__(self) -> None:
        import ray

        self._worker = Worker(ray.get_runtime_context().get_node_id())

    def ask(self, content: bytes) -> bytes:
        return self._worker.ask(content)

    def __ray_shutdown__(self) -> None:
        self._worker.end()


def _sweep(node: Path) -> None:
    """Remove what workers left that were killed."""
    for left in node.glob("worker-*"):
        pid = left.name.split("-")[1]
        if not Path(f"/proc/{pid}").exists() and Path("/proc/self").exists():
            shutil.rmtree(left, ignore_errors=True)


def _placed(folder: Path, file: File) -> ReadJob:
    """A file as it lies in the library, with its sidecar, in a folder of its own."""
    folder.mkdir()
    for name, content in ((file.name, file.content), *((file.sidecar,) if file.sidecar else ())):
        if b"/" in name or name in (b".", b".."):
            raise ValueError("no name of a file")
        (folder / os.fsdecode(name)).write_bytes(content)
    return ReadJob(folder / os.fsdecode(file.name), file.id, file.told)


def _line(result: Any) -> bytes:
    if isinstance(result, Divided):
        return reading.line(reading.Read.of_divided(result))
    return reading.line(reading.Failed(result.reason))


def _with_texts(sent: Sent) -> list[Passage]:
    text = sent.content.records["text"].decode()
    return [replace(passage, text=passage.span.of(text)) for passage in sent.passages]


def known_vectors(entry: Entry) -> Vectors:
    tokens = entry.tokens
    return Vectors(
        np.ascontiguousarray(entry.vector, np.float32).tobytes(),
        tokens.vectors.tobytes(),
        tokens.sentences.tobytes(),
        tokens.kinds.astype(np.int32).tobytes(),
    )


def _card(content: bytes) -> ModelCard:
    return msgspec.json.decode(content, type=ModelCard)


def card_of(card: ModelCard) -> bytes:
    return msgspec.json.encode(asdict(card))


def _plain(part: str) -> str:
    if not part.isalnum():
        raise ValueError("no name of a part")
    return part
