"""The embedding model: where it comes from, how it is made quick, and what it gives."""
