"""What the fields are called on the pages, and how their values are typed."""

from corpus.document import DATES

LABELS = {
    "title": "Title",
    "kind": "Kind",
    "payer": "Payer",
    "other_payers": "Other payers",
    "line_of_business": "Line of business",
    "publisher": "Publisher",
    "number": "Number",
    "version": "Version",
    "part": "Chapter or part",
    "jurisdiction": "Where it holds",
    "effective": "In force since",
    "retired": "Retired on",
    "standing": "Not in force because it is",
    "issued": "Issued",
    "revised": "Revised",
    "reviewed": "Reviewed",
    "next_review": "Next review",
    "written_by": "Words written by",
    "about": "About the policy of",
    "source_url": "Source",
    "retrieved": "Retrieved",
    "copy_of": "Old copy of the text of",
    "checked": "Later text looked for, none found, on",
    "codes": "Codes",
}

_DAY = "As 2025-01-31."
HINTS = {
    "other_payers": "Several with a semicolon between them.",
    "line_of_business": "commercial, Medicare Advantage, Medicare or Medicaid; several with a "
    "semicolon between them.",
    "kind": "policy, rule, guide, evidence, faq, glossary, form or gap.",
    "standing": "proposed, prior or retired.",
    **dict.fromkeys(DATES, _DAY),
}
