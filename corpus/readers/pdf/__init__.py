"""PDF: lines of text in their place, structure, tables."""
