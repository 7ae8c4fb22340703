"""Driver: the compiled model alone on the token batches that the product makes, and the product's
embedder on the same passages."""

import os
from pathlib import Path
from time import perf_counter

import numpy as np
from drivers.job import Figures, Job, main
from openvino import AsyncInferQueue

from corpus.text.split import embedded_text
from index.home import Home
from index.model.embedder import Embedder
from index.model.engine import compiled
from index.model.source import converted_model
from index.opening import open_library
from index.shards.tokens import small

Batches = list[tuple[np.ndarray, np.ndarray]]


class Watched(Embedder):
    """Keeps the token batches that go to the model."""

    batches: Batches

    def _run(self, batch):  # type: ignore[no-untyped-def]
        encodings = [encoding for _, encoding in batch]
        ids = np.zeros((len(batch), max(len(one.ids) for one in encodings)), np.int64)
        for row, one in enumerate(encodings):
            ids[row, : len(one.ids)] = one.ids
        self.batches.append((ids, (ids != 0).astype(np.int64)))
        return super()._run(batch)


def measure(job: Job) -> Figures:
    """Passages/s of both, on the first `passages` of the index in `home`; the model warm."""
    home = Home(Path(job["home"]))
    library = open_library(home)
    ids = library.ids()["passages"][: job["passages"]]
    contents = [stored.content for stored in library.passages(ids)]
    model = converted_model(home.models)
    embedder = Watched(model)
    embedder.batches = []
    texts = [embedded_text(content) for content in contents]
    list(embedder.passages(texts[:64]))
    embedder.batches = []
    started = perf_counter()
    for at, embedding in embedder.passages(texts):
        small(embedding, contents[at])
    whole = perf_counter() - started
    alone = _alone(model.folder, embedder.batches)
    tokens = sum(int(mask.sum()) for _, mask in embedder.batches)
    padded = sum(mask.size for _, mask in embedder.batches)
    return {
        "passages": len(texts),
        "passages_per_second": round(len(texts) / alone, 2),
        "embedder_per_second": round(len(texts) / whole, 2),
        "ratio": round(alone / whole, 3),
        "tokens_a_passage": round(tokens / len(texts), 1),
        "padding_share": round(1 - tokens / padded, 4),
    }


def _alone(folder: Path, batches: Batches) -> float:
    """Seconds of the forward passes, as many at once as there are processors, nothing done with
    what comes out."""
    count = os.cpu_count() or 1
    queue = AsyncInferQueue(compiled(folder, threads=1, streams=count, precision="auto"), count + 1)
    for ids, mask in batches[: 2 * count]:
        queue.start_async([ids, mask], share_inputs=True)
    queue.wait_all()
    started = perf_counter()
    for ids, mask in batches:
        queue.start_async([ids, mask], share_inputs=True)
    queue.wait_all()
    return perf_counter() - started


if __name__ == "__main__":
    main(measure)
