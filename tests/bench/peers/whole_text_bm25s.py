"""bm25s over whole texts: its default parameters, English stop words and the Snowball stemmer."""

from collections.abc import Sequence

import bm25s  # type: ignore[import-not-found]
import Stemmer  # type: ignore[import-not-found]
from corpora.sets import SetDocument
from peers.measure import Ranking, main


class WholeTextBM25S:
    """A document is one text: its title, then its body."""

    def __init__(self) -> None:
        self._stemmer = Stemmer.Stemmer("english")
        self._retriever = bm25s.BM25()
        self._ids: list[str] = []

    def index(self, documents: Sequence[SetDocument]) -> int:
        self._ids = [document.id for document in documents]
        self._retriever.index(
            self._tokens([document.whole for document in documents]), show_progress=False
        )
        return len(documents)

    def search(self, query: str, *, depth: int) -> Ranking:
        # bm25s raises when more is asked for than there is.
        found, scores = self._retriever.retrieve(
            self._tokens([query]), k=min(depth, len(self._ids)), show_progress=False
        )
        return [
            (self._ids[int(position)], float(score))
            for position, score in zip(found[0], scores[0], strict=True)
            if score > 0
        ]

    def _tokens(self, texts: list[str]) -> object:
        return bm25s.tokenize(texts, stopwords="en", stemmer=self._stemmer, show_progress=False)


if __name__ == "__main__":
    main("bm25s", WholeTextBM25S, packages=("bm25s", "PyStemmer", "numpy"))
