"""The Ask page as AppTest sees it: every state, with a real desk over a real library."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from drawn import APP, drawn, every, open_app, words

from index.versions import today
from ui.state.records import Records

pytestmark = pytest.mark.usefixtures("shared_home")


def test_an_empty_page_offers_examples_and_says_what_is_searched():
    app = open_app()
    start = drawn(app, "examples")
    assert "0581T" in drawn(app, "start")["title"]
    assert len(start["groups"][0]["offers"]) >= 4
    assert "documents" in start["searched"][0]


def test_an_address_with_a_question_shows_its_answer_with_all_that_defends_it():
    app = open_app(q="Does Lakeside Health ask for prior authorization before cryoablation?")
    answer = drawn(app, "answer")
    best = answer["cards"][0]
    facts = {fact["label"]: fact["text"] for fact in best["facts"]}
    assert answer["verdict"]["state"] == "answered"
    assert "asks for prior authorization before every cryoablation" in words(best)
    assert words(best, marked=True)
    assert best["title"] == "Lakeside Health 77: Cryoablation of the breast"
    assert [chip["text"] for chip in best["chips"]] == ["Lakeside Health", "Policy", "In force"]
    assert facts["Dates"] == "In force since Mar 1, 2025"
    assert facts["Section"] == "Is prior authorization needed?"
    assert best["source"] == "https://lakeside.example/policies/77"
    assert best["verified"] is True
    assert "authorization" in best["why"][0]
    assert app.text_input(key="ask_question").value.startswith("Does Lakeside Health ask")


def test_a_passage_of_a_pdf_names_its_page():
    best = drawn(open_app(q="How many units of 0581T per breast?"), "answer")["cards"][0]
    facts = {fact["label"]: fact["text"] for fact in best["facts"]}
    assert facts["Page"] == "2"
    assert best["open_label"] == "Open the page"


def test_a_question_typed_goes_into_the_address_with_its_filters():
    app = open_app()
    app.text_input(key="ask_question").set_value("Is prior authorization needed?")
    app.button[0].click().run()
    app.multiselect(key="ask_payers").set_value(["Lakeside Health"]).run()
    assert app.query_params["q"] == "Is prior authorization needed?"
    assert app.query_params["payer"] == "Lakeside Health"
    cards = drawn(app, "answer")["cards"]
    assert {card["chips"][0]["text"] for card in cards} == {"Lakeside Health"}


def test_a_retired_policy_answers_only_for_a_date_when_it_was_in_force():
    question = "Is cryoablation covered by Hillcrest Plan?"
    titles = [card["title"] for card in drawn(open_app(q=question), "answer")["cards"]]
    assert not any("Hillcrest" in title for title in titles)
    then = drawn(open_app(q=question, on="2022-05-01"), "answer")
    assert then["cards"][0]["title"] == "Hillcrest Plan 12: Ablation"
    assert "until Jun 30, 2023" in str(then["cards"][0]["facts"])
    assert "May 1, 2022" in then["verdict"]["sentence"]


def test_what_no_source_confirms_is_not_found_and_says_where_to_check():
    answer = drawn(open_app(q="What is the MUE of 0581T?"), "answer")
    assert answer["verdict"]["state"] == "not_found"
    assert "look up the code" in words(answer["cards"][0])
    assert answer["lead"] == "What is known, and where to check"


def test_of_two_questions_the_open_one_is_named_beside_what_answers_the_other():
    asked = "How many units of 0581T per breast, and what is the MUE of 0581T?"
    answer = drawn(open_app(q=asked), "answer")
    assert answer["verdict"]["state"] == "weak"
    assert answer["verdict"]["title"] == "Answered in part"
    assert answer["lead"] == "Passage on a part of the question"
    assert "Bill 0581T once per breast" in words(answer["cards"][0])
    assert any("what is the MUE of 0581T" in sentence for sentence in answer["missing"])


def test_a_question_beside_the_point_is_never_dressed_as_an_answer():
    answer = drawn(
        open_app(q="What is the best pizza in Naples?", payer="Lakeside Health"), "answer"
    )
    assert answer["verdict"]["state"] in ("weak", "not_found")
    assert answer["lead"] != "Best passage"
    offered = [offer["text"] for offer in answer["offers"]]
    assert "Ask about all payers" in offered
    assert "Lakeside Health" in answer["searched"][0]


def test_patient_data_is_left_out_of_search_address_and_log(shared_home: Path):
    app = open_app(q="Is 0581T covered for patient Jane Roe, DOB 03/04/1951, MRN 00123456?")
    assert "a name" in app.warning[0].value
    shown = str(app.query_params) + str(every(app)) + str(Records(shared_home).questions())
    for secret in ("Jane", "Roe", "03/04/1951", "00123456"):
        assert secret not in shown


PATIENT = " of patient Jane Roe, DOB 03/04/1951, MRN 00123456?"
SECRETS = ("Jane", "Roe", "03/04/1951", "00123456")
AUTHORIZATION = "Does Lakeside Health ask for prior authorization before cryoablation"


@pytest.mark.parametrize(
    "patient",
    [
        "for patient Jane Roe, DOB 03/04/1951, MRN 00123456",
        "for Mrs. Roe, SSN 123-45-6789",
        "with encounter 48291, device serial number SN-123456",
        "if the member id is W1234567 and the group number is 998877",
        "at 12 Maple Street, ZIP 60614",
        "admitted on 2025-03-17",
    ],
)
def test_what_was_taken_out_does_not_spoil_the_verdict(patient: str):
    answer = drawn(open_app(q=f"How many units of 0581T per breast {patient}?"), "answer")
    assert answer["verdict"]["state"] == "answered"
    assert answer["missing"] == []


def test_typed_patient_data_leaves_the_box_the_address_and_the_records_at_once(shared_home: Path):
    app = open_app(q=f"{AUTHORIZATION}?")
    app.text_input(key="ask_question").set_value(AUTHORIZATION + PATIENT)
    app.button[0].click().run()
    assert app.text_input(key="ask_question").value == f"{AUTHORIZATION}?"
    assert "a name, a date of birth and a medical record number" in app.warning[0].value
    shown = str(app.query_params) + str(every(app)) + str(Records(shared_home).questions())
    assert not [secret for secret in SECRETS if secret in shown]
    app.text_input(key="ask_question").set_value("Is prior authorization needed?")
    app.button[0].click().run()
    assert not app.warning, "the notice is about the last text alone"


def test_what_was_said_of_one_link_is_not_said_of_the_next():
    app = open_app(q=AUTHORIZATION + PATIENT)
    app.query_params["q"] = "Is prior authorization needed?"
    app.run()
    assert not app.warning


def test_a_question_of_nothing_but_a_patient_is_not_asked(shared_home: Path):
    app = open_app(q="MRN 00123456")
    assert "No words remained" in app.warning[0].value
    assert "q" not in app.query_params
    assert Records(shared_home).questions() == []


def test_a_payer_in_the_address_is_no_hiding_place(shared_home: Path):
    app = open_app(q="Is prior authorization needed?", payer="MRN 00123456")
    assert "a medical record number" in app.warning[0].value
    assert "00123456" not in str(app.query_params) + str(every(app))


def test_a_question_is_noted_once_however_often_the_page_is_drawn(shared_home: Path):
    app = open_app(q="Is prior authorization needed?")
    app.run()
    app.run()
    noted = Records(shared_home).questions()
    assert [(one.question, one.verdict) for one in noted] == [
        ("Is prior authorization needed?", noted[0].verdict)
    ]


def test_a_question_is_asked_anew_only_where_something_it_depends_on_is_another():
    app = open_app(q="Is prior authorization needed?")
    kept = app.session_state["ask_kept"].answer
    app.run()
    app.button(key="filters_fold").click().run()
    assert app.session_state["ask_kept"].answer is kept
    app.multiselect(key="ask_payers").set_value(["Lakeside Health"]).run()
    assert app.session_state["ask_kept"].answer is not kept


def test_what_is_drawn_is_the_same_at_every_rerun():
    app = open_app(q="Is prior authorization needed?")
    first = drawn(app, "answer")
    app.button(key="filters_fold").click().run()
    assert drawn(app, "answer") == first


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    """Moves the day as a clock does: these two zones are never on the same date."""

    def at(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield at
    monkeypatch.delenv("TZ")
    time.tzset()


def test_a_page_left_open_over_midnight_asks_as_of_the_new_day(clock):
    clock("Etc/GMT+12")
    app = open_app(q="Is prior authorization needed?")
    yesterday = app.date_input(key="ask_on").value
    clock("Pacific/Kiritimati")
    app.text_input(key="ask_question").set_value("How many units of 0581T per breast?")
    app.button(key="FormSubmitter:ask_form-Ask").click().run()
    assert "on" not in app.query_params
    assert app.date_input(key="ask_on").value == today() != yesterday
    assert app.session_state["ask_kept"].answer.as_of == today()


def test_a_query_that_cannot_be_read_gets_a_sentence():
    app = open_app(q="surcharge date:whenever")
    assert "is no date" in app.error[0].value


def test_a_quotation_mark_that_is_never_closed_is_no_error():
    app = open_app(q='What is the zebra surcharge? "')
    assert drawn(app, "answer")["cards"]


def test_an_address_that_was_cut_shows_what_can_be_read_of_it():
    app = open_app(q="Is prior authorization needed?", on="2025-13-", kind="nonsense", at="x")
    assert drawn(app, "answer")["cards"]


def test_no_address_makes_a_javascript_source_a_link():
    answer = drawn(open_app(q="What is the zebra surcharge?"), "answer")
    assert "nine dollars" in words(answer["cards"][0])
    assert answer["cards"][0]["source"] == ""


def test_an_answer_is_drawn_without_pandas() -> None:
    """Streamlit imports it where it may be given tables: 0.4 s of the first page."""
    script = (
        "import sys; from streamlit.testing.v1 import AppTest\n"
        f"app = AppTest.from_file({APP!r}, default_timeout=60)\n"
        "app.query_params['q'] = 'Does Lakeside Health ask for prior authorization?'\n"
        "app.run()\n"
        "assert not app.exception and len(app.get('bidi_component')) > 1\n"
        "print([name for name in ('pandas', 'pyarrow', 'torch') if name in sys.modules])\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", timeout=120
    )
    assert result.stdout.strip() == "[]", result.stderr
