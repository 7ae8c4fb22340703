"""Passages on paper: the page's picture with its frame, and sheets as PDF and DOCX."""
