"""Metadata of documents: from a sidecar, from front matter, or from their own pages."""
