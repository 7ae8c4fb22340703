"""The Search page as AppTest sees it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from drawn import drawn, every, open_app, words
from streamlit.testing.v1 import AppTest

from ui.desks.search.address import ADDRESS, Searched
from ui.jobs.syncing import run_sync
from ui.state.records import Records
from ui.state.settings import Settings

pytestmark = pytest.mark.usefixtures("shared_home")
SEARCH = "desks/search/page.py"


def test_an_empty_search_page_explains_the_operators():
    app = open_app(SEARCH)
    assert "payer:Cigna" in app.caption[0].value


def test_a_query_shows_a_table_with_score_parts_facets_with_counts_and_the_best_passage():
    app = open_app(SEARCH, q="prior authorization before cryoablation")
    table = app.dataframe[0].value
    assert {"Score", "Words", "Meaning", "Page", "Codes"} <= set(table.columns)
    assert "Lakeside Health" in set(table["Payer"])
    payers = app.multiselect(key="search_payers")
    assert any(option.startswith("Lakeside Health (") for option in payers.options)
    assert "asks for prior authorization" in words(drawn(app, "cards")["cards"][0])


def test_a_facet_narrows_the_results_and_stands_in_the_address():
    app = open_app(SEARCH, q="cryoablation")
    app.multiselect(key="search_kinds").set_value(["policy"]).run()
    assert app.query_params["kind"] == "policy"
    assert set(app.dataframe[0].value["Kind"]) == {"Policy"}


def test_retired_documents_come_only_when_they_are_asked_for():
    without = open_app(SEARCH, q="Hillcrest cryoablation investigational")
    assert "Retired" not in set(without.dataframe[0].value["Status"])
    included = open_app(SEARCH, q="Hillcrest cryoablation investigational", all="1")
    assert "Retired" in set(included.dataframe[0].value["Status"])
    narrowed = open_app(SEARCH, q="Hillcrest cryoablation", all="1", status="retired")
    assert set(narrowed.dataframe[0].value["Status"]) == {"Retired"}


def test_a_search_that_finds_nothing_says_what_was_searched():
    app = open_app(SEARCH, q="authorization", kind="glossary")
    assert "No passage matches" in app.info[0].value


def test_every_passage_with_a_code_is_listed():
    listing = drawn(open_app(SEARCH, view="code", code="19105"), "listing")
    assert listing["groups"][0]["title"].startswith("Lakeside Health 77")
    assert "complete" in listing["sentences"][0]


def test_what_is_no_code_gets_a_sentence():
    assert open_app(SEARCH, view="code", code="nonsense").error[0].value


def test_payers_stand_side_by_side_with_their_own_words():
    matrix = drawn(open_app(SEARCH, view="payers", code="0581T"), "listing")
    lakeside = next(group for group in matrix["groups"] if group["title"] == "Lakeside Health")
    said = "".join(p["text"] for entry in lakeside["entries"] for p in entry["pieces"])
    assert "authorization" in said


def test_one_version_of_everything_is_nothing_to_compare():
    assert "one version" in open_app(SEARCH, view="versions").info[0].value


def test_an_address_reproduces_a_search():
    searched = Searched(
        query="a b",
        mode="lexical",
        on=date(2025, 3, 1),
        include_all=True,
        payers=("X, Y",),
        kinds=("policy",),
        statuses=("retired",),
        years=("2020",),
        codes=("0581T",),
    )
    written = {
        name: [value] if isinstance(value, str) else value
        for name, value in ADDRESS.write(searched).items()
    }
    assert ADDRESS.read(written) == searched


def test_a_saved_search_tells_what_is_new_until_it_is_seen(shared_home: Path):
    long_ago = "2000-01-01T00:00:00+00:00"
    Records(shared_home).save(
        "all", address={"q": "authorization"}, generation=0, seen=[], since=long_ago
    )
    app = open_app(SEARCH, view="saved")
    assert "new" in app.markdown[0].value
    next(button for button in app.button if button.label == "Mark as seen").click().run()
    assert "Nothing new" in app.markdown[0].value


PATIENT = "prior authorization for patient Jane Roe, MRN 00123456"
SECRETS = ("Jane", "Roe", "00123456")


def secrets_in(*shown: object) -> list[str]:
    return [secret for secret in SECRETS if secret in str(shown)]


def test_patient_data_in_a_link_to_search_is_left_out_and_it_is_said(shared_home: Path):
    app = open_app(SEARCH, q=PATIENT)
    assert "a name and a medical record number" in app.warning[0].value
    assert app.text_input(key="search_query").value == "prior authorization"
    assert app.query_params["q"] == "prior authorization"
    assert not app.dataframe[0].value.empty
    assert secrets_in(app.query_params, every(app)) == []


def test_patient_data_typed_into_search_leaves_the_box_even_where_the_rest_was_asked_before():
    app = open_app(SEARCH, q="prior authorization")
    app.text_input(key="search_query").set_value(PATIENT)
    next(button for button in app.button if button.label == "Search").click().run()
    assert app.text_input(key="search_query").value == "prior authorization"
    assert "a name and a medical record number" in app.warning[0].value
    assert secrets_in(app.query_params, every(app)) == []


@pytest.mark.parametrize("parameter", ["code", "compare", "payer", "in", "year", "has"])
def test_no_parameter_of_the_address_hides_a_patient(parameter: str):
    app = open_app(SEARCH, q="authorization", **{parameter: "MRN 00123456"})
    assert "a medical record number" in app.warning[0].value
    assert secrets_in(app.query_params, every(app)) == []


def save_as(app: AppTest, name: str) -> AppTest:
    boxes = [box for box in app.text_input if box.label == "Name"]
    boxes[0].set_value(name)
    next(button for button in app.button if button.label == "Save").click()
    return app.run()


def test_a_saved_searchs_name_is_guarded_as_all_else_is(home: Path):
    app = save_as(open_app(SEARCH, q="authorization"), "weekly for MRN 00123456")
    assert "a medical record number" in app.warning[0].value
    assert [one.name for one in Records(home).saved()] == ["weekly"]


def test_the_box_for_a_name_holds_no_other_searchs_name_and_no_name_is_taken_over(home: Path):
    app = save_as(open_app(SEARCH, q="authorization"), "weekly")
    app.text_input(key="search_query").set_value("units per breast")
    next(button for button in app.button if button.label == "Search").click().run()
    assert [box.value for box in app.text_input if box.label == "Name"] == ["units per breast"]
    save_as(app, "weekly")
    assert "already the name" in app.warning[0].value
    assert [(one.name, one.address) for one in Records(home).saved()] == [
        ("weekly", {"q": "authorization"})
    ]
    save_as(app, "units")
    assert [one.name for one in Records(home).saved()] == ["units", "weekly"]


def pressed(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return app.run()


LONG = "authorization " * 300


def test_an_over_long_search_is_said_and_cut_only_by_choice_never_the_one_before_run_again():
    app = open_app(SEARCH, q="units per breast")
    app.text_input(key="search_query").set_value(LONG)
    pressed(app, "Search")
    assert "4,199 characters long; a search has at most 2,000" in app.warning[0].value
    assert app.text_input(key="search_query").value == LONG.strip(), "nothing typed is lost"
    assert "q" not in app.query_params and not app.dataframe
    pressed(app, "Search the first 2,000 characters")
    assert app.query_params["q"] == app.text_input(key="search_query").value
    assert len(app.query_params["q"]) <= 2000
    assert app.query_params["q"].split()[-1] == "authorization", "to the end of a word"
    assert not app.warning


@pytest.mark.parametrize(("view", "parameter"), [("code", "code"), ("passages", "q")])
def test_a_link_with_too_long_a_text_is_said_too(view: str, parameter: str):
    app = open_app(SEARCH, view=view, **{parameter: LONG})
    assert "characters long" in app.warning[0].value
    assert parameter not in app.query_params
    app.query_params[parameter] = "0581T"
    app.run()
    assert not app.warning, "what is asked now is said, and nothing of the text before"


def test_a_saved_searchs_name_that_is_too_long_is_not_cut_in_silence(home: Path):
    app = save_as(open_app(SEARCH, q="authorization"), "weekly " * 20)
    assert "a name has at most 80" in app.warning[0].value
    assert Records(home).saved() == []


def test_a_bare_codes_first_result_says_what_the_code_is(home: Path):
    texts = {
        "a-list": "# Claims\n\n0581T, 0581T, 0581T: file 0581T with the invoice of 0581T.\n",
        "b-meaning": "# Codes\n\n0581T is the code for cryoablation of a fibroadenoma.\n",
        "c-mention": "# Payment\n\nAsk before 0581T.\n",
    }
    for name, text in texts.items():
        (home / "library" / f"{name}.md").write_text(text, "utf-8")
    run_sync(Settings(home=home, workers=1), [home / "library"])
    app = open_app(SEARCH, q="0581T")
    assert "0581T is the code for cryoablation" in app.dataframe[0].value["Passage"][0]
