"""What is known about a document: from a sidecar, from front matter, from its own pages."""
