"""Passages to a generation: embedding, lexical and dense indexes, atomic publishing, search."""
