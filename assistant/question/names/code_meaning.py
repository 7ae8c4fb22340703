"""Questions that only ask what a code is, and texts that say what a code is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.question.words.phrases import plain
from corpus.codes import CodeSystem

_SYSTEMS = frozenset(
    {
        CodeSystem.CPT,
        CodeSystem.CATEGORY_III,
        CodeSystem.HCPCS,
        CodeSystem.ICD10CM,
        CodeSystem.ICD10PCS,
    }
)
_NOTHING_FURTHER = frozenset(
    re.findall(
        r"\w+",
        """a about again an and are can code coded codes coding cpt define definition describe
        describes description diagnosis do does dx even exactly explain for hcpcs hello hey hi i icd
        in info is it know me mean meaning means meant medical number of ok please pls plz procedure
        quick question represent s say so stand standing stands t tell thank thanks that the there
        this thx to u used wat what whats wht wut you""",
    )
)


def code_alone(question: str, codes: Sequence[tuple[CodeSystem, str]]) -> str | None:
    """The only code of a question that asks nothing further than what it is; None for any other."""
    if len(codes) != 1 or codes[0][0] not in _SYSTEMS:
        return None
    words = {word for word in plain(question).split() if not any(map(str.isdigit, word))}
    return codes[0][1] if words <= _NOTHING_FURTHER else None


def asking_what(code: str) -> str:
    """The same question as texts answer it: by a sentence, or by a row of a table of codes."""
    return f"What is {code}? What does the code {code} mean?"


def says_what(code: str, *, text: str, header: str) -> bool:
    """Whether a text says what a code is: "0581T is the code for", "a fibroadenoma is 19105", or a
    row that has the code in a column of codes; `header` are the names of the columns."""
    name = re.escape(code)
    said = rf"(?<![\w.-]){name}(?:,? {_SAYS}\b)|\b(?:is|are) (?:coded )?{name}(?![\w-]|\.\w)"
    if re.search(said, text, re.IGNORECASE):
        return True
    lines = [line for line in (header, *text.splitlines()) if not _UNSURE.search(line)]
    rows = [line.split(" | ") for line in lines if " | " in line]
    columns = [plain(cell) for cell in rows[0]] if rows else []
    return any(
        row[at].strip() == code
        for row in rows[1:]
        for at, column in enumerate(columns[: len(row)])
        if column.endswith("code")
    )


_SAYS = (
    r"(?:(?:is|are|was) (?:a|an|the|for|each|category)|means?|meant|stands for|describes?|marks"
    r"|denotes|covers the)"
)
_UNSURE = re.compile(r"\b(?:not (?:confirmed|known|found)|no source)\b", re.IGNORECASE)
