"""What can be wrong with an index or a model, each with the way out."""

from __future__ import annotations

import errno
import re

from corpus.errors import CodedeskError


class IndexProblem(CodedeskError):
    """The index cannot be used as it is."""


class NoIndex(IndexProblem):
    """Nothing has been published yet."""

    def __init__(self, home: object) -> None:
        super().__init__(f"There is no index in {home} yet. Make one with `codedesk sync`.")


class DamagedPointer(IndexProblem):
    """CURRENT, which names the generation that answers, is missing or changed."""

    def __init__(self, path: object, what: str) -> None:
        super().__init__(
            f"{path} {what}: it is damaged, not the library. `codedesk rollback` chooses a kept "
            "generation again; `codedesk sync --force` makes the index anew."
        )


class Away(IndexProblem):
    """What answers cannot be reached, or is not ready. It may come back by itself; no other
    generation would answer instead."""


class NoSpace(IndexProblem):
    """The disk is full; what was there is as it was."""

    def __init__(self, folder: object) -> None:
        super().__init__(
            f"There is no space left for {folder}. The index is as it was. Free some space and "
            "run the command again."
        )


def lacks_space(error: BaseException) -> bool:
    """Whether an error, or what caused it, says that the disk or a quota is full.

    SQLite and tantivy have errors of their own for it.
    """
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return True
    if re.search(r"No space left|disk is full|quota exceeded|File too large", str(error), re.I):
        return True
    return error.__cause__ is not None and lacks_space(error.__cause__)


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


def earlier_layout(generation: int) -> IndexMismatch:
    """For a generation whose files lie as they did before there were shards."""
    return IndexMismatch(
        f"Generation {generation} was made by an earlier Codedesk and cannot be asked. Run "
        "`codedesk sync`: it makes the index anew and keeps what this one knows."
    )


class IndexLocked(IndexProblem):
    """Another process is writing."""


class ModelProblem(CodedeskError):
    """The embedding model is missing, changed, or of a kind that cannot be run."""
