"""Checks of the sentences around an answer, by what each looks through."""
