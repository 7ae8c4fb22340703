"""Whose a document is: every body that it names, and what says that it speaks."""
