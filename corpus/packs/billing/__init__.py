"""The words, names and codes of medical billing."""
