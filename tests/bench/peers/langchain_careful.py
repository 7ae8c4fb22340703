"""LangChain as somebody sets it up with care: smaller passages, and words for BM25.

With its defaults BM25 keeps case and punctuation, which on one set pulled the fusion far below
dense search alone, so that beating the defaults would say little. Here the splitter cuts at 1,000
characters with 200 of overlap, as its tutorials do, which mostly fits the model's 256 tokens, and
BM25 is given lower-case words without punctuation.
"""

import re

from langchain_text_splitters import (  # type: ignore[import-not-found]
    RecursiveCharacterTextSplitter,
)
from peers.langchain_ensemble import PACKAGES, LangChainEnsemble
from peers.measure import main


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def make_careful() -> LangChainEnsemble:
    return LangChainEnsemble(
        splitter=RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200),
        lexical_settings={"preprocess_func": words},
    )


if __name__ == "__main__":
    main("langchain_careful", make_careful, packages=PACKAGES)
