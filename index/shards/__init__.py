"""A part of the index on disk: passages with their text, words, vectors and tokens."""
