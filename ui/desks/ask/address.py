"""A question and its filters, as the address and the widgets hold them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corpus.document import KINDS
from ui.desks.parts.binding import Binding, Choices, Day, Opened, Text
from ui.desks.parts.place import Place

BOX = "Your question"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its filters. `on` is None for today; `open` is the passage being looked at."""

    question: str = ""
    on: date | None = None
    payers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    open: Place | None = None


ADDRESS = Binding(
    page="ask",
    asks=Asked,
    parts={
        "question": Text("q", "ask_question"),
        "on": Day("on", "ask_on"),
        "payers": Choices("payer", "ask_payers"),
        "kinds": Choices("kind", "ask_kinds", among=KINDS),
        "documents": Choices("in"),
        "open": Opened("doc", stays=False),
    },
)


def ask(question: str) -> None:
    """Ask a question that was clicked: an example, or a recent one."""
    ADDRESS.ask("question", question)
