"""The starter library: its sources, the tools that make and check it, its labelled questions.

Its documents lie in corpus/documents.
"""

from pathlib import Path

HERE = Path(__file__).parent
DOCUMENTS = HERE.parent / "documents"
QUESTIONS = HERE / "questions.jsonl"  # golden ones: what each is answered by
LABELLED_CODES = HERE / "labelled_codes.jsonl"
LABELLED_PAGES = HERE / "labelled_pages.jsonl"
