"""The dates of a document, each with its meaning, and whether it is in force at all.

Only what a document states about itself counts: on its face, in its running lines, at its end, or
in its own history. A date in a table row, an example, a citation or one section dates none but
that. The rules, where a choice was made:

* What is written for a month, a quarter or a year means its first day, and the evidence says so.
* Whether 01.04.2025 is a day of April or January the document's other dates tell; else it is left
  open. Slashes alone are American.
* A revision date says when the words last changed, so it is `reviewed` where no review is stated,
  never `effective`; a "revised effective date" is `effective`.
* The day by which something had to be implemented, a comment period, an approval, a proposed date
  and that of a prior version are never `effective`; a plan is never a review.
* An original effective date counts only where neither another one nor a revision is stated.
* Of several dates in one list, and of the rows of a history, the newest that is not in the future
  counts.
* Two dates for two lines of business are two: none is chosen.
"""

from corpus.metadata.dates.found import all_dates, find_dates, read_dates
from corpus.metadata.dates.marks import section_dates

__all__ = ["all_dates", "find_dates", "read_dates", "section_dates"]
