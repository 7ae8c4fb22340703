"""Twenty payloads in a document, in its name and title, and in questions: a browser shows text."""

from __future__ import annotations

from collections import Counter
from urllib.parse import quote

import pytest
from small_library import HOSTILE_TITLE, PAYLOADS

pytestmark = [pytest.mark.browser, pytest.mark.trust(19)]
# What stands in the page, shadow roots included, that only markup from a document could have made.
_FOREIGN = """() => {
  const seen = (root) => [...root.querySelectorAll('*')].flatMap(
    (node) => [node, ...(node.shadowRoot ? seen(node.shadowRoot) : [])]);
  const main = document.querySelector('[data-testid=stMain]') || document.body;
  const told = [];
  for (const node of seen(main)) {
    const name = node.localName;
    const bad = ['script', 'iframe', 'form', 'object', 'embed', 'base', 'meta', 'link', 'video'];
    if (bad.includes(name)) told.push(name);
    if (name === 'img' && !/^(data:image|blob:|\\/media)/.test(node.getAttribute('src') || ''))
      told.push('img ' + node.getAttribute('src'));
    if (name === 'style' && node.textContent.includes('body{display:none}')) told.push('style');
    if (/^\\s*(javascript|data):/i.test(node.getAttribute('href') || '')) told.push('href');
    for (const one of node.attributes) if (/^on/i.test(one.name)) told.push(one.name);
    if (name === 'h1' && node.textContent === 'forged') told.push('forged heading');
  }
  return told;
}"""


def _check(page, dialogs) -> None:
    page.wait_for_timeout(200)
    assert page.evaluate(_FOREIGN) == []
    assert page.title() != "owned"
    assert page.elsewhere == [] and dialogs == []
    assert page.get_by_test_id("stApp").is_visible()


@pytest.fixture
def watched(visit):
    """Opens an address; a dialog that opens is noted."""
    dialogs = []

    def opened(address):
        page = visit(address)
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        return page

    return opened, dialogs


def test_payloads_in_a_document_are_shown_as_text(server, watched, figures: Counter[str]):
    opened, dialogs = watched
    page = opened(f"{server.address}/?q=What+is+the+giraffe+surcharge%3F")
    card = page.locator("article.card", has_text="seven dollars").first
    card.wait_for()
    shown = " ".join(card.inner_text().split())
    # Markdown's own words are read as Markdown when the file is read; HTML must stand as it was.
    assert "<script>document.title='owned'</script>" in shown or "document.title" not in shown
    _check(page, dialogs)
    page.get_by_role("button", name="Open the document").first.click()
    page.locator(".viewer .here").first.wait_for()
    _check(page, dialogs)
    for address in ("/search?q=giraffe+surcharge", "/library", "/search?view=code&code=0581T"):
        page.goto(server.address + address)
        page.locator("article.card, .listing > *, [data-testid=stDataFrame]").first.wait_for()
        _check(page, dialogs)
    figures["payloads in a document, its name and its title"] += len(PAYLOADS) + 2
    assert HOSTILE_TITLE


def test_payloads_in_questions_are_shown_as_text(server, watched, figures: Counter[str]):
    opened, dialogs = watched
    page = opened(server.address)
    for start in range(0, len(PAYLOADS), 7):
        part = PAYLOADS[start : start + 7]
        for where in ("/?q=", "/search?q="):
            page.goto(server.address + where + quote("giraffe " + " ".join(part)))
            page.locator(".verdict, article.card, [data-testid=stAlert]").first.wait_for()
            _check(page, dialogs)
        figures["payloads in questions, asked and searched"] += len(part)
