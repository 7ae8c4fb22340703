"""The dates that a document prints: behind labels, in tables, in sentences and without a label."""
