"""Answers and lists as files for other programs."""
