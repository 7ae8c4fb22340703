"""DOCX: paragraphs, styles, lists and tables."""
