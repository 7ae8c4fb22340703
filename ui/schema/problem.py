"""Why something could not be done, as every face tells it."""

from __future__ import annotations

from ui.schema.model import Model


class Problem(Model):
    """`problem` says in sentences what happened and what to do; `usage`: what was asked cannot be
    read, and asking again as before is no use."""

    problem: str
    usage: bool = False


def problem_of(error: Exception) -> Problem:
    """What to say of an error. What nobody foresaw is logged."""
    from assistant.question.words.operators import BadQuery
    from corpus.errors import CodedeskError
    from index.errors import lacks_space

    if isinstance(error, CodedeskError):
        return Problem(problem=str(error), usage=isinstance(error, BadQuery))
    if isinstance(error, OSError):
        hint = "Check the path and its permissions."
        if lacks_space(error):
            hint = "There is no space left: free some and run the command again."
        what = f"{error.strerror or error}: {error.filename or 'the index'}"
        return Problem(problem=f"{what}. {hint}")
    if lacks_space(error):
        left = "There is no space left. The index is as it was. Free some and run it again."
        return Problem(problem=left)
    from ui.state.error_log import note

    where = note(error)
    kept = f"The details are in {where}. " if where else ""
    return Problem(
        problem=f"Codedesk met an error of its own ({type(error).__name__}). {kept}The index is as "
        "it was; `codedesk doctor` looks whether all is well."
    )
