"""What is asked of each operation: the same fields at every face."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta
from msgspec import field as key

from ui.schema.model import Model

Kind = Literal["policy", "rule", "guide", "evidence", "faq", "glossary", "form", "gap"]
Mode = Literal["hybrid", "lexical", "dense"]
Reason = Literal["wrong_page", "outdated", "not_asked", "missing"]
# How long a question may be is said by the one check that all faces share.
_SIZE = {"minLength": 1, "maxLength": 2000}
Words = Annotated[
    str,
    Meta(
        description="In words, as one would ask a colleague. No patient data.",
        extra_json_schema=_SIZE,
    ),
]
Query = Annotated[
    str,
    Meta(
        description='Words, and operators: "phrase" -word payer: kind: code: doc: date: '
        "include:retired.",
        extra_json_schema=_SIZE,
    ),
]
Code = Annotated[
    str,
    Meta(description="CPT, HCPCS, ICD-10 or another code, in any spelling.", max_length=200),
]
DocumentName = Annotated[
    str, Meta(description="A document's id or title, or a part that only it has.", max_length=500)
]
Number = Annotated[int, Meta(ge=1, le=1_000_000_000)]
Names = Annotated[tuple[Annotated[str, Meta(max_length=200)], ...], Meta(max_length=50)]


class Nothing(Model, kw_only=True, forbid_unknown_fields=True):
    """Nothing is asked besides."""


class Narrowed(Model, kw_only=True, forbid_unknown_fields=True):
    """`as_of` is the day that decides what is in force, today where it is not given. Where
    `payers` or `kinds` are given, only their documents are searched."""

    as_of: date | None = None
    payers: Names = ()
    kinds: Annotated[tuple[Kind, ...], Meta(max_length=8)] = ()


class Ask(Narrowed, kw_only=True):
    """A question; `k` is how many passages are wanted."""

    question: Words
    k: Annotated[int, Meta(ge=1, le=100)] = 3


class Search(Narrowed, kw_only=True):
    """`all_versions` lets retired and future versions in; `k` is how many passages are wanted."""

    query: Query
    mode: Mode = "hybrid"
    all_versions: bool = False
    k: Annotated[int, Meta(ge=1, le=1000)] = 20


class ShowPage(Model, kw_only=True, forbid_unknown_fields=True):
    """A document, or one `page` of it, in its newest `version` or another."""

    document: DocumentName
    page: Number | None = None
    version: Number | None = None


class ShowImage(Model, kw_only=True, forbid_unknown_fields=True):
    """A page of a PDF as a picture. `start` and `end` are a span of the document's text, as a
    citation gives it: it is boxed where it stands."""

    document: DocumentName
    page: Number
    version: Number | None = None
    start: Annotated[int, Meta(ge=0)] | None = None
    end: Annotated[int, Meta(ge=1)] | None = None


class ListCode(Narrowed, kw_only=True):
    """Every passage that names the code or covers it."""

    code: Code
    all_versions: bool = False


class ComparePayers(Model, kw_only=True, forbid_unknown_fields=True):
    """What each payer's documents say on a code."""

    code: Code
    as_of: date | None = None
    payers: Names = ()
    all_versions: bool = False


class CompareVersions(Model, kw_only=True, forbid_unknown_fields=True):
    """Two versions of a document: by default the newest and the one before it."""

    document: DocumentName
    before: Number | None = key(name="from", default=None)
    after: Number | None = key(name="to", default=None)


class Since(Model, kw_only=True, forbid_unknown_fields=True):
    """The first day to tell of."""

    since: date


class Upload(Model, kw_only=True, forbid_unknown_fields=True):
    """The file's name. A file of the same name is replaced: the new one becomes its next version;
    `beside` keeps both."""

    name: Annotated[str, Meta(min_length=1, max_length=500)]
    beside: bool = False


class EditMetadata(Model, kw_only=True, forbid_unknown_fields=True):
    """What a document's fields are to say; null: it is not known."""

    document: DocumentName
    fields: Annotated[Mapping[str, str | tuple[str, ...] | None], Meta(min_length=1, max_length=50)]


class Regroup(Model, kw_only=True, forbid_unknown_fields=True):
    """Whose a document is, by its id, or all below a folder: of who is in one of the `groups`, of
    everybody where there are none; null takes the rule away."""

    path: Annotated[str, Meta(min_length=1, max_length=500)]
    groups: Names | None


class Sync(Model, kw_only=True, forbid_unknown_fields=True):
    """`force` makes everything anew."""

    force: bool = False


class JobNumber(Model, kw_only=True, forbid_unknown_fields=True):
    """By default the newest job."""

    number: Number | None = None


class GenerationNumber(Model, kw_only=True, forbid_unknown_fields=True):
    """By default the newest whole one before the current."""

    generation: Number | None = None


class Rating(Model, kw_only=True, forbid_unknown_fields=True):
    """Whether a passage of `document` was good for `question`, as `generation` answered it."""

    question: Words
    document: Annotated[str, Meta(max_length=500)]
    good: bool
    generation: Number
    reason: Reason | None = None
