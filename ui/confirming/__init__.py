"""What documents are, confirmed or corrected by a person: edits, tables of them, a queue."""
