"""Amounts of money in tables that write them without a sign: `E0601 | CPAP device | 812.4 | 67.7`.

A number is an amount where the name of its column speaks of money or, in a table that is called a
fee schedule or the like, under every column that counts or names nothing else.
"""

from __future__ import annotations

import re

from assistant.question.words.phrases import plain

_MONEY = re.compile(
    r"\b(?:fees?|rates?|prices?|charges?|allowables?|allowed|allowances?|payments?|pays?|paid|costs?"
    r"|copay\w*|rentals?|purchase|reimbursements?|amounts?)\b",
    re.IGNORECASE,
)
PRICES = re.compile(
    r"\b(?:fee schedule|fees?|rates?|price list|prices|charges|allowables?|allowances|payments)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(  # columns of what is no money
    r"\b(?:codes?|hcpcs|cpt|drg|apc|icd|mod(?:ifiers?)?|items?|name|description|short|cap|caps|units?"
    r"|qty|quantity|days?|hours?|weeks?|pa|prior|auth\w*|dates?|effective|status|indicators?|rvus?"
    r"|global|ages?|sizes?|count|number|no|claims?|denials?|limits?|weights?|stay|los|notes?|percent)\b"
)
_SUM = re.compile(r"[$€£]?\s?\d[\d,]*(?:\.\d+)?(?:\s?(?:per|/)\s?\w+)?")
_NO_SUM = re.compile(
    r"(?:not|non-?) ?(?:covered|payable|paid|allowed|reimbursed|separately (?:paid|payable))"
    r"|(?:no )?(?:separate )?payment|no charge|bundled|packaged|included|by report|invoice\b.*"
    r"|(?:manually|contractor|carrier|individually) priced|\d+(?:\.\d+)? ?% of .*",
    re.IGNORECASE,
)


def columns_of_money(header: str, opening: str) -> tuple[int, ...]:
    """The columns of a table whose numbers are amounts. `opening` is what stands above the table:
    its caption, the title, the beginning of the document."""
    if " | " not in header:
        return ()
    names = [plain(name) for name in header.split(" | ")]
    own = tuple(at for at, name in enumerate(names) if _MONEY.search(name))
    if own or not PRICES.search(opening):
        return own
    return tuple(at for at, name in enumerate(names) if at and name and not _OTHER.search(name))


def tells_sum(row: str, columns: tuple[int, ...]) -> bool:
    """Whether a row has an amount under one of some columns, or says there that none is paid."""
    cells = [cell.strip() for cell in row.split(" | ")]
    return any(
        _SUM.fullmatch(cells[at]) or _NO_SUM.fullmatch(cells[at])
        for at in columns
        if at < len(cells)
    )
