"""Keeps the address and the widgets of a page alike: the one way between them, on every desk.

What a page asks for is a frozen dataclass. Each of its fields is bound to a parameter of the
address and, where a person sets it, to a widget. What is typed and what comes with a link passes
the privacy guard first; Streamlit's own `bind="query-params"` would write a text into the address,
and so into the browser's history, before anybody looked at it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import streamlit as st

from index.library import Library
from index.versions import today
from ui.desks.parts.guard import begin, guard_box, guard_choices, guarded, settle
from ui.desks.parts.place import LONGEST, Parameters, Place, day, one, read_place, write_place
from ui.wording import beginning

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_KEPT = 20_000  # characters of a text that are kept until it is said what to do with them

Asked = TypeVar("Asked", bound="DataclassInstance")
Address = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Part:
    """A field: its parameter, and the key of its widget, "" where it has none. One that does not
    `stay` goes back to its default when another one is changed."""

    name: str
    widget: str = ""
    stays: bool = True

    def read(self, parameters: Parameters) -> Any:
        """Its value; what cannot be read is ignored: links get cut and edited."""
        raise NotImplementedError

    def write(self, value: Any) -> Address:
        return {self.name: value} if value else {}

    def shown(self, value: Any) -> Any:
        """The value as its widget holds it."""
        return value

    def chosen(self, held: Any, *, drawn_on: date) -> Any:
        """What its widget stands for, that was drawn on this day."""
        return held

    def cleared(self, value: Any, library: Library, *, page: str) -> Any:
        """The value without patient data, for those that a link can set to anything."""
        return value


@dataclass(frozen=True, slots=True)
class Text(Part):
    """Words that are typed. More than the longest are never asked; see `Binding.too_long`."""

    longest: int = LONGEST

    def read(self, parameters: Parameters) -> str:
        return one(parameters, self.name)[:_KEPT]

    def cleared(self, value: str, library: Library, *, page: str) -> str:
        return guarded(value, page=page)


@dataclass(frozen=True, slots=True)
class Document(Part):
    """A document of the library, by name."""

    def read(self, parameters: Parameters) -> str:
        return one(parameters, self.name)[:LONGEST]

    def chosen(self, held: str | None, *, drawn_on: date) -> str:
        return held or ""

    def cleared(self, value: str, library: Library, *, page: str) -> str:
        return "".join(guard_choices((value,), library, page=page))


@dataclass(frozen=True, slots=True)
class Choice(Part):
    """One of some, the first of which needs no mention."""

    among: Collection[str] = ()

    def read(self, parameters: Parameters) -> str:
        value = one(parameters, self.name)
        return value if value in self.among else self._first()

    def write(self, value: str) -> Address:
        return {} if value == self._first() else {self.name: value}

    def chosen(self, held: str | None, *, drawn_on: date) -> str:
        return held or self._first()

    def _first(self) -> str:
        return next(iter(self.among))


@dataclass(frozen=True, slots=True)
class Choices(Part):
    """Several of some, or of names that the library holds."""

    among: Collection[str] | None = None

    def read(self, parameters: Parameters) -> tuple[str, ...]:
        values = parameters.get(self.name, ())
        return tuple(one for one in values if self.among is None or one in self.among)

    def write(self, value: tuple[str, ...]) -> Address:
        return {self.name: list(value)} if value else {}

    def shown(self, value: tuple[str, ...]) -> list[str]:
        return list(value)

    def chosen(self, held: list[str], *, drawn_on: date) -> tuple[str, ...]:
        return tuple(held)

    def cleared(self, value: tuple[str, ...], library: Library, *, page: str) -> tuple[str, ...]:
        return value if self.among is not None else guard_choices(value, library, page=page)


@dataclass(frozen=True, slots=True)
class Switch(Part):
    """Yes or no."""

    def read(self, parameters: Parameters) -> bool:
        return one(parameters, self.name) == "1"

    def write(self, value: bool) -> Address:
        return {self.name: "1"} if value else {}


@dataclass(frozen=True, slots=True)
class Number(Part):
    """A number from 1 on; its default needs no mention."""

    default: int | None = None

    def read(self, parameters: Parameters) -> int | None:
        text = one(parameters, self.name)
        known = text.isdecimal() and len(text) < 6 and int(text) > 0
        return int(text) if known else self.default

    def write(self, value: int | None) -> Address:
        return {self.name: str(value)} if value and value != self.default else {}


@dataclass(frozen=True, slots=True)
class Day(Part):
    """A day, None for today: a tab that is left open over midnight asks as of the new day."""

    def read(self, parameters: Parameters) -> date | None:
        return day(one(parameters, self.name))

    def write(self, value: date | None) -> Address:
        return {self.name: value.isoformat()} if value else {}

    def shown(self, value: date | None) -> date:
        return value or today()

    def chosen(self, held: date | None, *, drawn_on: date) -> date | None:
        return held if held and held not in (today(), drawn_on) else None


@dataclass(frozen=True, slots=True)
class Opened(Part):
    """The passage that is looked at, over the page."""

    def read(self, parameters: Parameters) -> Place | None:
        return read_place(parameters)

    def write(self, value: Place | None) -> Address:
        return write_place(value)

    def cleared(self, value: Place | None, library: Library, *, page: str) -> Place | None:
        known = value and guard_choices((value.document,), library, page=page)
        return value if known else None


@dataclass(frozen=True, slots=True)
class Binding(Generic[Asked]):
    """A page, what it asks for, and how each field of that is bound."""

    page: str
    asks: type[Asked]
    parts: Mapping[str, Part]

    def read(self, parameters: Parameters) -> Asked:
        """What an address asks for."""
        return self.asks(**{field: part.read(parameters) for field, part in self.parts.items()})

    def write(self, asked: Asked) -> Address:
        """The parameters of an address that asks for this."""
        written: Address = {}
        for field, part in self.parts.items():
            written |= part.write(getattr(asked, field))
        return written

    def now(self) -> Asked:
        return self.read(parameters_now())

    def go(self, asked: Asked) -> None:
        st.query_params.from_dict(self.write(asked))

    def take_up(self, library: Library) -> Asked:
        """What the address asks for. If the widgets did not cause the change, they are set to
        match; those that are not drawn keep their value."""
        brought = self.now()
        asked = self._allowed(brought, library)
        if asked != brought:
            self.go(asked)
        known = replace(asked, **dict.fromkeys(self._opened(), None))
        settle(self.page, known)
        state, shown = st.session_state, (known, today())
        fresh = state.get(self._shown) != shown
        for field, part in self.parts.items():
            if part.widget and (fresh or part.widget not in state):
                state[part.widget] = self.too_long(field) or part.shown(getattr(asked, field))
        state[self._shown] = shown
        return asked

    def changed(self) -> None:
        """Update the address after a widget changed."""
        begin(self.page)
        state = st.session_state
        _, drawn_on = state.get(self._shown, (None, today()))
        found: dict[str, Any] = {}
        for field, part in self.parts.items():
            if not part.stays:
                found[field] = self._default(field)
            elif not part.widget or part.widget not in state:
                continue
            elif isinstance(part, Text):
                typed = guard_box(part.widget, page=self.page, most=_KEPT)
                found[field] = self._short(field, part, typed)
            else:
                found[field] = part.chosen(state[part.widget], drawn_on=drawn_on)
        self.go(replace(self.now(), **found))

    def ask(self, field: str, text: str) -> None:
        """Ask a text that was clicked, as if it had been typed."""
        begin(self.page)
        short = self._short(field, self.parts[field], guarded(text, page=self.page))
        over = {name: self._default(name) for name, part in self.parts.items() if not part.stays}
        self.go(replace(self.now(), **{**over, field: short}))

    def look_at(self, value: Mapping[str, str]) -> None:
        """Open the passage that was clicked, over the page."""
        place = read_place({name: [text] for name, text in value.items()})
        self.go(replace(self.now(), **{name: place for name in self._opened()}))

    def close(self) -> None:
        """Close the passage that is looked at."""
        self.look_at({})

    def too_long(self, field: str) -> str:
        """What was typed, or came with a link, where it is too long to be asked; else \"\"."""
        kept: str = st.session_state.get(self._long(field), "")
        return kept

    def ask_the_beginning(self, field: str) -> None:
        """Ask as much of a text that is too long as can be asked, to the end of a word."""
        self.ask(field, beginning(self.too_long(field), most=self._longest(field)))

    def say_too_long(self, field: str, *, what: str, ask: str, asked: str) -> bool:
        """Where a text is too long to be asked, say so and offer its beginning: it is cut by
        choice, and nothing that was asked before is asked again. Tells whether it is so."""
        text, most = self.too_long(field), self._longest(field)
        if not text:
            return False
        more = " or more" if len(text) == _KEPT else ""
        st.warning(
            f"This is {len(text):,} characters{more} long; a {what} has at most {most:,}. Nothing "
            f"was {asked}. Shorten it in the box, or {ask} its beginning.",
            icon=":material/content_cut:",
        )
        st.button(
            f"{ask.capitalize()} the first {most:,} characters",
            key=f"{self._long(field)}_cut",
            on_click=self.ask_the_beginning,
            args=(field,),
        )
        return True

    def _allowed(self, brought: Asked, library: Library) -> Asked:
        """What may be asked of what the address brings."""
        found: dict[str, Any] = {}
        for field, part in self.parts.items():
            value = part.cleared(getattr(brought, field), library, page=self.page)
            if isinstance(part, Text) and value:
                value = self._short(field, part, value)
            found[field] = value
        return replace(brought, **found)

    def _short(self, field: str, part: Part, text: str) -> str:
        """The text if it can be asked, else "", and it is kept aside."""
        is_long = isinstance(part, Text) and len(text) > part.longest
        st.session_state[self._long(field)] = text if is_long else ""
        return "" if is_long else text

    def _longest(self, field: str) -> int:
        part = self.parts[field]
        return part.longest if isinstance(part, Text) else LONGEST

    def _opened(self) -> list[str]:
        return [field for field, part in self.parts.items() if isinstance(part, Opened)]

    def _default(self, field: str) -> Any:
        return next(one.default for one in fields(self.asks) if one.name == field)

    def _long(self, field: str) -> str:
        return f"{self.page}_{field}_too_long"

    @property
    def _shown(self) -> str:
        return f"{self.page}_shown"


def parameters_now() -> dict[str, list[str]]:
    """The parameters of the address as it is."""
    return {name: st.query_params.get_all(name) for name in st.query_params}
