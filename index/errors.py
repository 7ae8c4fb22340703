"""What can be wrong with an index or a model, each with the way out."""

from __future__ import annotations

from corpus.errors import CodedeskError


class IndexProblem(CodedeskError):
    """The index cannot be used as it is."""


class NoIndex(IndexProblem):
    """Nothing has been published yet."""

    def __init__(self, home: object) -> None:
        super().__init__(f"There is no index in {home} yet. Make one with `codedesk sync`.")


class DamagedIndex(IndexProblem):
    """A file of a generation is not what the manifest says it is."""

    def __init__(self, generation: int, file: str, what: str) -> None:
        super().__init__(
            f"Generation {generation} is damaged: {file} {what}. Rebuild it with "
            "`codedesk sync --force`, or go back with `codedesk rollback`."
        )
        self.generation = generation
        self.file = file


class IndexMismatch(IndexProblem):
    """The index was made by another recipe or another version of Codedesk."""


class IndexLocked(IndexProblem):
    """Another process is writing."""


class ModelProblem(CodedeskError):
    """The embedding model is missing, changed, or of a kind that cannot be run."""
