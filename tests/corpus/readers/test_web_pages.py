"""Web pages as a reader sees them: panels, marks, lists, forms, tables, frames and archives."""

from __future__ import annotations

import quopri
from collections.abc import Callable

import pytest

from corpus.document import Document


def page(body: str, *, head: str = "") -> str:
    return f"<!doctype html><html><head><title>Plan</title>{head}</head><body>{body}</body></html>"


@pytest.fixture
def lines(read: Callable[..., Document], shown: Callable[..., list[tuple[str, str]]]):
    def reading(body: str, *, head: str = "") -> list[tuple[str, str]]:
        return shown(read("a.html", page(body, head=head)))

    return reading


@pytest.mark.parametrize(
    "hidden", ['style="display:none"', "hidden", 'class="shut"', 'aria-hidden="true" role="region"']
)
def test_a_closed_panel_is_read_under_its_heading(lines, hidden):
    body = (
        f"<h1>Rules</h1><h2>Oak</h2><div {hidden}><p>Oak pays 0581T.</p></div>"
        f"<h2>Ash</h2><div {hidden}><p>Ash does not.</p></div>"
    )
    assert lines(body, head="<style>.shut{display:none}</style>") == [
        ("heading", "Rules"),
        ("heading", "Oak"),
        ("paragraph", "Oak pays 0581T."),
        ("heading", "Ash"),
        ("paragraph", "Ash does not."),
    ]


def test_a_heading_in_a_button_is_a_heading_and_a_command_is_not(lines):
    body = (
        "<h1>Rules</h1><h3><button>Medicaid</button></h3><div class='collapse'>Needs a form.</div>"
        "<button aria-expanded=false>Commercial</button><div class=accordion-body>Is paid.</div>"
        "<button>Print this page</button>"
    )
    assert [text for _, text in lines(body)] == [
        "Rules",
        "Medicaid",
        "Needs a form.",
        "Commercial",
        "Is paid.",
    ]


def test_the_panel_of_a_tab_stands_under_the_tabs_name(read):
    body = (
        "<h2>Coverage</h2><ul role=tablist><li><a role=tab href='#m'>Medicare</a></li>"
        "<li><a role=tab href='#c'>Commercial</a></li></ul>"
        "<div role=tabpanel id=m><p>Covered.</p></div>"
        "<div role=tabpanel id=c style='display:none'><p>Not covered.</p></div><p>Ask us.</p>"
    )
    document = read("a.html", page(body))
    assert [(b.kind.value, b.span.of(document.text)) for b in document.blocks] == [
        ("heading", "Coverage"),
        ("heading", "Medicare"),
        ("paragraph", "Covered."),
        ("heading", "Commercial"),
        ("paragraph", "Not covered."),
        ("heading", "Coverage"),  # holds again: what follows belongs to no tab
        ("paragraph", "Ask us."),
    ]


def test_a_summary_is_the_heading_of_what_it_opens(lines):
    body = "<h1>Rules</h1><details><summary>Oak</summary>Pays.</details><p>For all.</p>"
    assert lines(body) == [
        ("heading", "Rules"),
        ("heading", "Oak"),
        ("paragraph", "Pays."),
        ("heading", "Rules"),
        ("paragraph", "For all."),
    ]


def test_what_is_hidden_and_no_panel_and_a_cookie_notice_are_left_out_and_told(read):
    body = (
        "<p>Seen.</p><span style='visibility: hidden'>unseen</span>"
        "<div id='cookie-banner'><p>We use cookies.</p></div>"
        "<div class='modal' style='display:none'>Sign in</div>"
    )
    document = read("a.html", page(body))
    assert document.text == "Seen."
    assert any("Hidden text" in told for told in document.warnings)
    assert any("cookies" in told for told in document.warnings)


@pytest.mark.parametrize(
    "struck",
    [
        "<del>{}</del>",
        "<s>{}</s>",
        "<strike>{}</strike>",
        "<span style='text-decoration: underline line-through'>{}</span>",
        "<span class='gone'>{}</span>",
    ],
)
def test_struck_out_words_are_left_out_and_told(read, struck):
    body = f"<p>It {struck.format('is covered')} <ins>is not covered</ins>.</p>"
    head = "<style>span.gone, .x { color: red; text-decoration: line-through }</style>"
    document = read("a.html", page(body, head=head))
    assert document.text == "It is not covered."
    assert document.warnings == ("Struck-out text was left out (in 1 place).",)


@pytest.mark.parametrize(
    ("raised", "text"),
    [
        ("within 90<sup>2</sup> days", "within 90 ² days"),
        ("code 0581T<sup>1,3</sup>.", "code 0581T ¹,³."),
        ("code 0581T<sup><a href='#n'>[4]</a></sup>", "code 0581T ⁴"),
        ("$45<span style='vertical-align:super'>5</span>", "$45 ⁵"),
        ("paid<sup>*</sup> once", "paid * once"),
        ("10<sup>2</sup> and 10<sup>6</sup>/L", "10² and 10⁶/L"),
        ("25 kg/m<sup>2</sup>, 3 cm<sup>3</sup>", "25 kg/m², 3 cm³"),
        ("the 1<sup>st</sup> of May", "the 1st of May"),
        ("H<sub>2</sub>O", "H₂O"),
        ("19105<sub>2</sub>", "19105 ₂"),
        ("<sup>131</sup>I scan", "¹³¹I scan"),
        ("2<sup>1</sup>/<sub>2</sub> in", "2 1/2 in"),
    ],
)
def test_a_raised_mark_is_a_note_and_an_exponent_stays(read, raised, text):
    assert read("a.html", page(f"<p>{raised}</p>")).text == text


def test_lists_have_the_numbers_that_the_browser_draws(lines):
    body = (
        "<ol type=a start=3><li>x<li>y</ol><ol reversed><li>x<li>y</ol>"
        "<ol><li value=7>x<li>y</ol><ol style='list-style-type: upper-roman'><li>x<li>y</ol>"
    )
    marks = [text.split()[0] for _, text in lines(body)]
    assert marks == ["c.", "d.", "2.", "1.", "7.", "8.", "I.", "II."]


def test_ticks_boxes_and_values_are_words(lines):
    body = (
        "<table><tr><th>Plan<th>Paid</tr><tr><td>Oak<td><img alt=Yes></tr>"
        "<tr><td>Ash<td><i class='fa fa-times' aria-hidden=true></i></tr>"
        "<tr><td>Elm<td><svg role=img aria-label=No></svg></tr></table>"
        "<label>Name <input value='Bo'></label> <select><option>A<option selected>B</select>"
        "<p><input type=radio checked> urgent <input type=radio> routine</p>"
    )
    assert [text for _, text in lines(body)] == [
        "Plan | Paid",
        "Oak | Yes",
        "Ash | ✗",
        "Elm | No",
        "Name Bo B",
        "☒ urgent ☐ routine",
    ]


def test_a_header_of_two_rows_is_joined_for_each_column(read):
    body = (
        "<table><tr><th rowspan=2>Year<th colspan=2>Clinic<th colspan=2>Office</tr>"
        "<tr><th>Paid<th>Denied<th>Paid<th>Denied</tr>"
        "<tr><td>2024<td>11<td>29<td>3<td>47</tr></table>"
    )
    document = read("a.html", page(body))
    assert document.blocks[-1].header == (
        "Year | Clinic Paid | Clinic Denied | Office Paid | Office Denied"
    )
    assert document.text.endswith("2024 | 11 | 29 | 3 | 47")


def test_a_row_stands_under_the_sub_heading_inside_its_table(read):
    body = (
        "<table><tr><th>Code<th>Rule</tr><tr><td colspan=2>Oak</tr><tr><td>0581T<td>paid</tr>"
        "<tr><td colspan=2>Ash</tr><tr><td>0581T<td>not paid</tr></table>"
    )
    document = read("a.html", page(body))
    headers = {b.span.of(document.text): b.header for b in document.blocks if b.header}
    assert headers == {
        "Oak": "Oak: Code | Rule",
        "Ash": "Ash: Code | Rule",
        "0581T | paid": "Oak: Code | Rule",
        "0581T | not paid": "Ash: Code | Rule",
    }


def test_a_frame_is_read_where_it_is_saved_and_named_where_it_is_not(read):
    body = (
        "<p>Above.</p><iframe srcdoc='&lt;p&gt;Inside.&lt;/p&gt;'></iframe>"
        "<iframe src='https://plan.example/rates' title='Rates'></iframe>"
    )
    document = read("a.html", page(body))
    assert document.text == "Above.\n\nInside."
    assert any("(Rates)" in told and "not saved" in told for told in document.warnings)


def archive(html: str) -> bytes:
    coded = quopri.encodestring(html.encode()).decode()
    return (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://plan.example/p\r\n"
        "Subject: Plan\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="b"\r\n\r\n\r\n'
        "--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        f"{coded}\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-ID: <f@x>\r\n\r\n"
        "<p>In the frame.</p>\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize("name", ["a.mhtml", "a.mht", "a.html"])
def test_a_web_archive_is_read_with_its_frames(read, name):
    body = "<p>Breast cancer — not covered in any setting, says the plan’s own page.</p>"
    document = read(name, archive(page(f"{body}<iframe src='cid:f@x'></iframe>")))
    assert document.text == (
        "Breast cancer — not covered in any setting, says the plan’s own page.\n\nIn the frame."
    )
    assert document.metadata.source_url == "https://plan.example/p"


def test_markdown_leaves_out_struck_words_and_keeps_marks_apart(read):
    document = read("a.md", "It ~~is~~ <s>was</s> is not due in 60<sup>1</sup> days.\n")
    assert document.text == "It is not due in 60 ¹ days."
    assert document.warnings == ("Struck-out text was left out (in 2 places).",)
