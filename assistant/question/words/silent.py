"""Words that every question holds, analysed: they tell nothing of what is asked."""

from __future__ import annotations

from index.shards.analysis import analyze

SILENT = frozenset(
    analyze(
        "a an and are as at be but by for if in into is it no not of on or such that the their then"
        " there these they this to was will with i you he she we me my your our do does did how"
        " what when where which who whom why can could should would may might must have has had am"
        " been being from about so than too very"
    )
)
