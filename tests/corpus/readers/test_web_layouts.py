"""Web pages: what only looks like a table and what only is one, and what nobody sees."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corpus.document import Document

_HEAD = "<html><head><title>Plan</title>{}</head><body><h1>Plan</h1>{}</body></html>"


@pytest.fixture
def rows(read: Callable[..., Document]) -> Callable[..., list[tuple[str, str]]]:
    def reading(body: str, head: str = "") -> list[tuple[str, str]]:
        document = read("a.html", _HEAD.format(head, body))
        return [(b.header, b.span.of(document.text)) for b in document.blocks if b.kind == "row"]

    return reading


def test_a_name_from_side_to_side_is_a_sub_heading_and_no_part_of_the_columns_names(rows):
    table = (
        "<table><tr><th>Code<th>Auth<tr><th colspan=2>Commercial<tr><td>0581T<td>needed"
        "<tr><th colspan=2>Medicaid<tr><td>0581T<td>none</table>"
    )
    assert ("Commercial: Code | Auth", "0581T | needed") in rows(table)
    assert ("Medicaid: Code | Auth", "0581T | none") in rows(table)


def test_no_cell_reaches_beyond_its_group_of_rows(rows):
    table = (
        "<table><tr><th>Payer<th>Code<tbody><tr><td rowspan=0>Elm<td>0581T<tr><td>19105</tbody>"
        "<tbody><tr><td rowspan=9>Oak<td>76940</tbody><tbody><tr><td>Ash<td>19499</tbody></table>"
    )
    assert [text for _, text in rows(table)[1:]] == [
        *("Elm | 0581T", "Elm | 19105", "Oak | 76940", "Ash | 19499")
    ]


def test_a_tables_foot_is_read_last_wherever_it_is_written(rows):
    table = (
        "<table><tfoot><tr><td>Total<td>135</tfoot><thead><tr><th>Code<th>Rate</thead>"
        "<tr><td>0581T<td>115<tr><td>19105<td>20</table>"
    )
    assert [text for _, text in rows(table)][-1] == "Total | 135"


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td>Elm Health<td><h2>Coverage</h2><p>Paid once.</table>",
        "<table><tr><td>Elm Health<td><p>Coverage<p>Paid once.<ul><li>LT</ul></table>",
        "<table role=presentation><tr><td>Elm Health<td>Coverage<td>Paid once.</table>",
    ],
)
def test_a_table_that_lays_out_a_page_is_read_as_its_blocks(
    read: Callable[..., Document], table: str
) -> None:
    document = read("a.html", _HEAD.format("", table))
    texts = [block.span.of(document.text) for block in document.blocks]
    assert texts[1:4] == ["Elm Health", "Coverage", "Paid once."]


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (
            "<div role=table><div role=row><b role=columnheader>Code</b><b role=columnheader>Auth"
            "</b></div><div role=row><i role=cell>0581T</i><i role=cell>needed</i></div></div>",
            "",
        ),
        (
            "<div class=t><div class=r><p class=c>Code</p><p class=c>Auth</p></div>"
            "<div class=r><p class=c>0581T</p><p class=c>needed</p></div></div>",
            "<style>.t{display:table}.r{display:table-row}.c{display:table-cell}</style>",
        ),
    ],
)
def test_what_is_drawn_as_a_table_is_one(rows, body: str, head: str) -> None:
    assert rows(body, head) == [("", "Code | Auth"), ("Code | Auth", "0581T | needed")]


@pytest.mark.parametrize(
    "style", ["color:#fff", "color: white", "opacity:0", "font-size:0px", "text-indent:-9999px"]
)
def test_what_a_style_hides_is_left_out_and_said(read: Callable[..., Document], style: str) -> None:
    document = read("a.html", _HEAD.format("", f'<p>Seen.<p style="{style}">Unseen.'))
    assert "Unseen" not in document.text
    assert any("Hidden text" in warning for warning in document.warnings)


@pytest.mark.parametrize(
    "body",
    [
        '<p style="background:#036;color:#fff">Seen.',
        '<div class=dark><p style="color:#fff">Seen.</div>',
        '<table><tr bgcolor="#003366"><td style="color:white">Seen.<td>x</table>',
        '<div style="color:#fff"><p style="color:black">Seen.</div>',
        '<p style="opacity:0.9;font-size:0.8em">Seen.',
    ],
)
def test_white_on_a_ground_is_seen(read: Callable[..., Document], body: str) -> None:
    document = read("a.html", _HEAD.format("<style>.dark{background-color:navy}</style>", body))
    assert "Seen." in document.text


def _texts(document: Document) -> list[str]:
    return [block.span.of(document.text) for block in document.blocks][1:]


@pytest.fixture
def texts(read: Callable[..., Document]) -> Callable[..., list[str]]:
    def reading(body: str, style: str = "") -> list[str]:
        return _texts(read("a.html", _HEAD.format(f"<style>{style}</style>", body)))

    return reading


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ('.neg::before{content:"not "}', "0581T is not covered."),
        ("p .neg:after { content: ' (2026)' }", "0581T is covered (2026)."),
        ('.neg:before{content:"\\2717"}', "0581T is ✗covered."),
        (".neg:before{content:attr(data-who) ' '}", "0581T is never covered."),
        ('.neg:before{content:"\\f00c"}', "0581T is covered."),  # a font of pictures
        ('.neg:before{content:"» "}', "0581T is covered."),
        ('.neg:hover:before{content:"not "}', "0581T is covered."),
        ('.neg:before{content:"not ";display:none}', "0581T is covered."),
        ('@media print{.neg:before{content:"not "}}', "0581T is covered."),
    ],
)
def test_words_that_a_style_puts_before_or_after_are_read(texts, style, said):
    body = '<p>0581T is <span class=neg data-who="never">covered</span>.</p>'
    assert texts(body, style) == [said]


def test_rows_and_longer_selectors_strike_out(texts):
    style = "tr.old{text-decoration:line-through} .list p.old{text-decoration:line-through}"
    body = (
        "<table><tr><th>Code<th>Auth<tr class=old><td>0581T<td>none<tr><td>0581T<td>needed</table>"
        "<div class=list><p class=old>Gone.</p><p>Seen.</p></div><p class=old>Seen too.</p>"
    )
    assert texts(body, style) == ["Code | Auth", "0581T | needed", "Seen.", "Seen too."]


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("<msup><mn>15</mn><mn>2</mn></msup>", "15²"),
        ("<mn>2</mn><mfrac><mn>1</mn><mn>4</mn></mfrac>", "2 1/4"),
        ("<msub><mi>d</mi><mi>max</mi></msub><mo>≤</mo><mn>15</mn>", "d_max≤15"),
        ("<msup><mi>e</mi><mrow><mi>k</mi><mo>+</mo><mi>τ</mi></mrow></msup>", "e^(k+τ)"),
        ("<msqrt><mi>x</mi></msqrt><annotation>\\sqrt x</annotation>", "√x"),
    ],
)
def test_a_formula_keeps_its_powers_and_fractions(texts, formula, said):
    assert texts(f"<p>Size <math>{formula}</math> mm.</p>") == [f"Size {said} mm."]


def test_a_table_that_is_typed_keeps_its_empty_places(rows):
    typed = "Code    Hospital  Office\n0581T   912.40    5,120.00\n19105             1,988.30\n"
    assert rows(f"<pre>{typed}</pre>")[1:] == [
        ("Code | Hospital | Office", "0581T | 912.40 | 5,120.00"),
        ("Code | Hospital | Office", "19105 |  | 1,988.30"),
    ]


def test_a_picture_that_stands_alone_is_no_heading(read):
    document = read("a.html", _HEAD.format("", "<p><img alt='Request form'></p><p>Send it.</p>"))
    assert [block.kind for block in document.blocks] == ["heading", "paragraph", "paragraph"]
