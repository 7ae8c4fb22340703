"""Whether the best passages answer the question."""
