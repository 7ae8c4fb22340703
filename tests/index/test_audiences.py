"""Whom a document is for: by its own words and by the rules of the home, and in doubt nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from corpus.errors import BadMetadata
from corpus.metadata.sidecar import build_metadata
from index.audience.rules import NAME, Rules, change_rules, read_rules, write_rules
from index.audience.sight import EVERYBODY, EVERYTHING, NOBODY, PUBLIC, Sight
from index.care.backup import back_up
from index.care.restore import restore
from index.embedded import EmbeddedLibrary
from index.errors import IndexProblem
from index.home import Home
from index.model.embedder import Embedder
from index.opening import open_library
from index.replicas.follow import follow
from index.replicas.publish import publish
from index.sync import SyncSettings, sync

Write = Callable[[Path, str], Path]
LEGAL = Sight(frozenset({"legal"}))


@pytest.fixture
def library(home: Path, tmp_path: Path, write: Write, embedder: Embedder) -> Callable[..., Home]:
    """Writes documents into a library folder, None taking one out, and syncs it."""
    folder = tmp_path / "papers"

    def made(**documents: str | None) -> Home:
        folder.mkdir(exist_ok=True)
        for name, text in documents.items():
            path = folder / name.replace("__", "/").replace("_", ".")
            if text is None:
                path.unlink()
            else:
                write(path, text)
        settings = SyncSettings(workers=1, trust_times=False)
        sync(Home(home), [("papers", folder)], embedder=lambda: embedder, settings=settings)
        return Home(home)

    return made


def _seen(home: Home, sight: Sight) -> tuple[set[str], set[str], set[str]]:
    """The documents, the files and what events tell of, as somebody sees them."""
    whole = open_library(home)
    library = _seen_library(home, whole, sight)
    documents = {version.document for version in library.versions.values()}
    files = {state.document for state in library.files()}
    events = {event.document for event in library.events()}
    return documents, files, events


def _seen_library(home: Home, whole: EmbeddedLibrary, sight: Sight) -> EmbeddedLibrary:
    return whole.without(whole.audiences(read_rules(home.path)).hidden_from(sight))


def test_of_several_rules_the_nearest_counts_and_what_the_file_says_holds_besides() -> None:
    rules = Rules(
        {
            "contracts": ("contracting",),
            "contracts/2025": ("pricing", "legal"),
            "Contracts/2025/rates.pdf": (),
        }
    )
    cases: Mapping[tuple[str, tuple[tuple[str, ...], ...]], object] = {
        ("policies/a.md", ()): EVERYBODY,
        ("contractsx/a.md", ()): EVERYBODY,
        ("contracts/a.md", ()): (frozenset({"contracting"}),),
        ("contracts/2025/b.md", ()): (frozenset({"pricing", "legal"}),),
        ("CONTRACTS/a.md", (("board",),)): (frozenset({"contracting"}), frozenset({"board"})),
        ("contracts/2025/rates.pdf", (("board",),)): EVERYBODY,
        ("policies/a.md", ((), ("board",))): (frozenset(), frozenset({"board"})),
    }
    for (document, own), audience in cases.items():
        assert rules.of(document, own) == audience, document


def test_a_person_needs_a_group_of_every_condition_and_nobody_has_one_of_none() -> None:
    both = (frozenset({"a", "b"}), frozenset({"c"}))
    assert Sight(frozenset({"b", "c"})).sees(both)
    assert not Sight(frozenset({"a", "b"})).sees(both)
    assert PUBLIC.sees(EVERYBODY) and not PUBLIC.sees(both)
    assert EVERYTHING.sees(NOBODY) and not Sight(frozenset({"a"})).sees(NOBODY)


@pytest.mark.parametrize(
    "text",
    [
        "[groups",
        "groups = 3",
        '[groups]\n"a" = "b"',
        '[groups]\n"a" = [""]',
        "[other]\nx = 1",
        '[groups]\n"" = ["a"]',
        '[groups]\n"a" = ["x"]\n"A/" = []',
    ],
)
def test_rules_that_cannot_be_read_let_nobody_see_anything_and_are_not_written_over(
    text: str, tmp_path: Path
) -> None:
    (tmp_path / NAME).write_text(text, "utf-8")
    rules = read_rules(tmp_path)
    assert rules.broken and rules.of("any/document.md") == NOBODY
    with pytest.raises(IndexProblem, match=r"private\.toml"):
        change_rules(tmp_path, lambda known: known.with_rule("x", ("a",)))
    assert (tmp_path / NAME).read_text("utf-8") == text


def test_rules_are_written_as_they_are_read_whatever_names_hold(tmp_path: Path) -> None:
    rules = Rules({'a "b"\\c/ü.md': ("g\t1", "Gruppe ü"), "d": ()})
    write_rules(tmp_path, rules)
    assert read_rules(tmp_path) == rules


@pytest.mark.parametrize(
    "fields",
    [
        {"group": "a"},
        {"Groups": ["a"]},
        {"groups": []},
        {"groups": 3},
        {"groups": [3]},
        {"gruops": ["a"]},
    ],
)
def test_a_word_that_may_mean_groups_and_names_none_is_an_error(
    fields: Mapping[str, object],
) -> None:
    with pytest.raises(BadMetadata, match="groups"):
        build_metadata(written=fields, found={}, fallback_title="x")


def test_a_document_that_was_private_once_stays_so_until_somebody_decides(
    library: Callable[..., Home],
) -> None:
    first = "---\ngroups: [legal]\n---\n# Rates\n\nNine dollars for 0581T.\n"
    library(rates_md=first, open_md="# Open\n\nOf 0581T.\n")
    home = library(rates_md="# Rates\n\nAsk the desk for the rates of 0581T.\n")
    assert _seen(home, PUBLIC)[0] == {"papers/open.md"}, "the earlier text still holds them"
    assert _seen(home, LEGAL)[0] == {"papers/open.md", "papers/rates.md"}
    change_rules(home.path, lambda rules: rules.with_rule("papers/rates.md", ()))
    assert _seen(home, PUBLIC)[0] == {"papers/open.md", "papers/rates.md"}


def test_a_file_whose_metadata_cannot_be_read_is_nobodys_and_its_earlier_text_too(
    library: Callable[..., Home],
) -> None:
    library(memo_md="# Memo\n\nOf 0581T.\n", open_md="# Open\n\nOf 0581T.\n")
    home = library(memo_meta_toml='groups = ["legal"')
    for sight in (PUBLIC, LEGAL):
        assert _seen(home, sight)[:2] == ({"papers/open.md"}, {"papers/open.md"})
    assert "papers/memo.md" in _seen(home, EVERYTHING)[1]
    home = library(memo_meta_toml='groups = ["legal"]')
    assert "papers/memo.md" in _seen(home, LEGAL)[0]
    assert "papers/memo.md" not in _seen(home, PUBLIC)[1]


def test_a_broken_file_and_one_that_was_removed_belong_to_whom_their_metadata_said(
    library: Callable[..., Home],
) -> None:
    library(
        bad_pdf="%PDF-1.7\nnothing follows",
        bad_pdf_meta_toml='groups = ["legal"]',
        gone_md="---\ngroups: [legal]\n---\n# Gone\n\nOf 0581T.\n",
        open_md="# Open\n\nOf 0581T.\n",
    )
    home = library(gone_md=None)
    assert _seen(home, LEGAL)[1:] == ({"papers/bad.pdf", "papers/open.md"}, {"papers/gone.md"})
    assert _seen(home, PUBLIC)[1:] == ({"papers/open.md"}, set())


def test_a_rule_follows_its_document_to_another_name_before_anybody_can_see_it(
    library: Callable[..., Home],
) -> None:
    text = "# Memo\n\nThe memo of 0581T is long enough to be known again.\n"
    home = library(memo_md=text, open_md="# Open\n\nOf 0581T.\n")
    change_rules(home.path, lambda rules: rules.with_rule("papers/memo.md", ("legal",)))
    home = library(memo_md=None, other_md=text)
    assert read_rules(home.path).said_of("papers/other.md") == ("legal",)
    assert _seen(home, PUBLIC)[0] == {"papers/open.md"}


def test_an_earlier_generation_that_answers_again_is_seen_by_the_rules_of_now(
    library: Callable[..., Home],
) -> None:
    home = library(memo_md="# Memo\n\nOf 0581T.\n", open_md="# Open\n\nOf 0581T.\n")
    library(open_md="# Open\n\nOf 0581T and 19105.\n")
    change_rules(home.path, lambda rules: rules.with_rule("papers/memo.md", ("legal",)))
    home.point_to(1)
    assert _seen(home, PUBLIC)[0] == {"papers/open.md"}


def test_a_backup_holds_the_rules_and_one_without_any_opens_nothing(
    library: Callable[..., Home], tmp_path: Path
) -> None:
    home = library(memo_md="# Memo\n\nOf 0581T.\n", open_md="# Open\n\nOf 0581T.\n")
    back_up(home, tmp_path / "before")
    change_rules(home.path, lambda rules: rules.with_rule("papers/memo.md", ("legal",)))
    back_up(home, tmp_path / "after")
    restore(home, tmp_path / "before")
    assert _seen(home, PUBLIC)[0] == {"papers/open.md"}, "those of now hold"
    write_rules(home.path, Rules())
    restore(home, tmp_path / "after")
    assert _seen(home, PUBLIC)[0] == {"papers/open.md"}


def test_who_follows_a_library_follows_its_rules(
    library: Callable[..., Home], tmp_path: Path
) -> None:
    home = library(memo_md="# Memo\n\nOf 0581T.\n", open_md="# Open\n\nOf 0581T.\n")
    change_rules(home.path, lambda rules: rules.with_rule("papers/memo.md", ("legal",)))
    publish(home, str(tmp_path / "there"))
    other = Home(tmp_path / "other")
    follow(other, str(tmp_path / "there"))
    assert _seen(other, PUBLIC)[0] == {"papers/open.md"}
    change_rules(home.path, lambda rules: rules.with_rule("papers/memo.md", None))
    publish(home, str(tmp_path / "there"))
    follow(other, str(tmp_path / "there"))
    assert _seen(other, PUBLIC)[0] == {"papers/open.md", "papers/memo.md"}


def test_a_library_with_nothing_private_is_the_same_object_for_everybody(
    library: Callable[..., Home],
) -> None:
    home = library(memo_md="# Memo\n\nOf 0581T.\n")
    whole = open_library(home)
    assert _seen_library(home, whole, PUBLIC) is whole
    tables = whole._catalogue.rows("SELECT name FROM sqlite_master WHERE name = 'audiences'")
    assert tables == [], "and its files are what they were"


def test_what_is_for_others_lies_in_shards_of_its_own_from_the_next_sync_on(
    library: Callable[..., Home], embedder: Embedder
) -> None:
    """So whoever may not see it opens the other shards as they are."""
    papers = {f"paper{at}_md": f"# Paper {at}\n\nCode {19100 + at} of 0581T.\n" for at in range(6)}
    home = library(**papers)
    assert _shared(home) == [{f"papers/paper{at}.md" for at in range(6)}]
    change_rules(home.path, lambda rules: rules.with_rule("papers/paper1.md", ("legal",)))
    library(
        paper7_md="---\ngroups: [board]\n---\n# Paper 7\n\nOf 0581T.\n",
        paper8_md="# Paper 8\n\nOf 0581T.\n",
    )
    held = _shared(home)
    assert sorted(len(names) for names in held) == [1, 1, 1, 5]
    whole = open_library(home)
    seen = _seen_library(home, whole, PUBLIC)
    assert all(shard in whole._shards.values() for shard in seen._shards.values())
    assert seen.size == whole.size - 2
    change_rules(home.path, lambda rules: rules.with_rule("papers/paper1.md", None))
    library(paper9_md="# Paper 9\n\nOf 0581T.\n")
    assert _seen(home, PUBLIC)[0] == {f"papers/paper{at}.md" for at in (0, 1, 2, 3, 4, 5, 8, 9)}


def _shared(home: Home) -> list[set[str]]:
    """The documents of each shard."""
    library = open_library(home)
    return [
        {library.versions[version].document for version in shard.texts.versions}
        for shard in library._shards.values()
    ]
