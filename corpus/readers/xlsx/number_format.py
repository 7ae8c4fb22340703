"""Numbers as Excel shows them: 01999, 12.5%, $4,500.00. Dates are written 2025-10-15 whatever their
format, so that day and month cannot be taken for one another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "$#,##0;($#,##0)",
    6: "$#,##0;($#,##0)", 7: "$#,##0.00;($#,##0.00)", 8: "$#,##0.00;($#,##0.00)", 9: "0%",
    10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "m/d/yyyy", 15: "d-mmm-yy",
    16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "m/d/yyyy h:mm", 37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;(#,##0.00)", 41: '#,##0;(#,##0);"-"', 42: '$#,##0;$(#,##0);$"-"',
    43: '#,##0.00;(#,##0.00);"-"', 44: '$#,##0.00;$(#,##0.00);$"-"', 45: "mm:ss",
    46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<exponent>E[+-])|(?P<half>AM/PM|A/P)|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+)"
    r"|(?P<place>[0#?])|(?P<sign>[.,%/@])|(?P<other>.)",
    re.S,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)")
_ELAPSED = re.compile(r"[hms]+", re.I)
_LONGEST = 500  # characters of a format; Excel allows 255
_MOST_DAYS = 2_958_466  # 31 December 9999
_LEAP = 61  # Excel counts 29 February 1900, which never was, as day 60

Token = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Section:
    tokens: tuple[Token, ...]
    condition: tuple[str, float] | None

    @property
    def is_date(self) -> bool:
        return any(kind in ("date", "elapsed") for kind, _ in self.tokens)

    def holds(self, value: float) -> bool:
        if self.condition is None:
            return True
        sign, other = self.condition
        return {
            "<": value < other, ">": value > other, "=": value == other,
            "<=": value <= other, ">=": value >= other, "<>": value != other,
        }[sign]  # fmt: skip


def shown_number(value: float, code: str, *, from_1904: bool = False) -> str:
    """A number in the format of its cell; "" where the format shows nothing."""
    sections = _sections(code[:_LONGEST])
    section, size = _chosen(sections, value)
    if section is None:
        return general(value)
    if section.is_date:
        return _moment(value, section, from_1904=from_1904) or general(value)
    return _number(size, section)


def shown_text(text: str, code: str) -> str:
    """Text in the format of its cell, which may have a part for text or show nothing."""
    sections = _sections(code[:_LONGEST])
    last = sections[-1]
    if len(sections) < 4 and ("sign", "@") not in last.tokens:
        return text
    return "".join(text if kind == "sign" else said for kind, said in last.tokens)


def general(value: float) -> str:
    """A number without a format: whole numbers without a point, none longer than it must be."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.12g}".upper()


@lru_cache(maxsize=1000)
def _sections(code: str) -> tuple[_Section, ...]:
    sections: list[_Section] = []
    tokens: list[Token] = []
    condition: tuple[str, float] | None = None
    for found in _TOKEN.finditer(code or "General"):
        kind = str(found.lastgroup)
        text = str(found[kind])
        if kind == "other" and text == ";":
            sections.append(_Section(tuple(tokens), condition))
            tokens, condition = [], None
        elif kind == "bracket":
            tested = _CONDITION.match(text)
            if tested:
                condition = (tested[1], float(tested[2]))
            elif text.startswith("$"):
                tokens.append(("said", text[1:].partition("-")[0]))
            elif _ELAPSED.fullmatch(text):
                tokens.append(("elapsed", text.lower()))
        elif kind == "space":
            tokens.append(("said", " "))
        elif kind in ("quoted", "escaped", "other"):
            tokens.append(("said", text))
        elif kind != "fill":
            tokens.append((kind, text.lower() if kind == "date" else text))
    sections.append(_Section(tuple(tokens), condition))
    return tuple(sections)


def _chosen(sections: Sequence[_Section], value: float) -> tuple[_Section | None, float]:
    """The part of the format that a number gets, and the number that is shown in it."""
    numbers = sections[:3]
    if any(section.condition for section in numbers):
        for section in numbers:
            if section.holds(value):
                return section, abs(value) if section is not numbers[0] else value
        return None, value
    if value < 0 and len(numbers) > 1:
        return numbers[1], -value
    if value == 0 and len(numbers) > 2:
        return numbers[2], value
    return numbers[0], value


def _number(value: float, section: _Section) -> str:
    kinds = [kind for kind, _ in section.tokens]
    if "general" in kinds or ("sign", "@") in section.tokens:
        return "".join(
            general(value) if kind in ("general", "sign") else text for kind, text in section.tokens
        ).strip()
    if "place" not in kinds:
        return "".join(text for kind, text in section.tokens if kind in ("said", "sign")).strip()
    try:
        size = Decimal(repr(value))
    except InvalidOperation:
        return general(value)
    if "exponent" in kinds:
        return _scientific(value, section)
    if _is_fraction(section):
        return _fraction(value)
    size *= 100 ** section.tokens.count(("sign", "%"))
    return _placed(size, section)


def _is_fraction(section: _Section) -> bool:
    """Whether a stroke stands between digits: halves and quarters."""
    tokens = [token for token in section.tokens if token[0] in ("place", "sign")]
    return ("sign", "/") in tokens


def _fraction(value: float) -> str:
    whole, rest = divmod(abs(value), 1)
    part = Fraction(rest).limit_denominator(99)
    if part == 1:
        whole, part = whole + 1, Fraction(0)
    said = [str(int(whole))] if whole or not part else []
    if part:
        said.append(f"{part.numerator}/{part.denominator}")
    return ("-" if value < 0 else "") + " ".join(said)


def _scientific(value: float, section: _Section) -> str:
    tokens = list(section.tokens)
    at = next(i for i, (kind, _) in enumerate(tokens) if kind == "exponent")
    before = tokens[:at]
    decimals = 0
    if ("sign", ".") in before:
        point = before.index(("sign", "."))
        decimals = sum(kind == "place" for kind, _ in before[point:])
    return f"{value:.{decimals}E}"


def _placed(size: Decimal, section: _Section) -> str:
    tokens = list(section.tokens)
    places = [at for at, (kind, _) in enumerate(tokens) if kind == "place"]
    point = tokens.index(("sign", ".")) if ("sign", ".") in tokens else None
    whole = [at for at in places if point is None or at < point]
    broken = [at for at in places if point is not None and at > point]
    size, grouped = _thousands(size, tokens, places, point)
    rounded = abs(size).quantize(Decimal(1).scaleb(-len(broken)), ROUND_HALF_UP)
    digits, _, decimals = f"{rounded:f}".partition(".")
    parts = [text if kind == "said" or text == "%" else "" for kind, text in tokens]
    _put_whole(parts, tokens, whole, "" if digits == "0" else digits, grouped=grouped)
    kept = decimals
    for at in reversed(broken):
        if tokens[at][1] == "0" or not kept.endswith("0"):
            break
        kept = kept[:-1]
    for at, digit in zip(broken, kept, strict=False):
        parts[at] = digit
    if point is not None:
        parts[point] = "." if kept else ""
    sign = "-" if size < 0 and any(c != "0" for c in digits + decimals) else ""
    return sign + "".join(parts).strip()


def _thousands(
    size: Decimal, tokens: list[Token], places: list[int], point: int | None
) -> tuple[Decimal, bool]:
    """Commas between digits group them; after the last digit each divides by a thousand."""
    last_whole = max((at for at in places if point is None or at < point), default=places[-1])
    grouped = False
    for at, token in enumerate(tokens):
        if token == ("sign", ","):
            if at > last_whole and (point is None or at < point or at > places[-1]):
                size /= 1000
            else:
                grouped = True
    return size, grouped


def _put_whole(
    parts: list[str], tokens: list[Token], whole: list[int], digits: str, *, grouped: bool
) -> None:
    """Digits into their places from the right; the first place takes what is left over."""
    least = sum(tokens[at][1] == "0" for at in whole)
    text = digits.rjust(least, "0")
    if grouped:
        lead = len(text) % 3
        groups = [text[:lead]] if lead else []
        text = ",".join(groups + [text[at : at + 3] for at in range(lead, len(text), 3)])
        if whole:
            parts[whole[0]] = text
        return
    for at in reversed(whole):
        parts[at] = text[-1:]
        text = text[:-1]
    if text and whole:
        parts[whole[0]] = text + parts[whole[0]]


def _moment(value: float, section: _Section, *, from_1904: bool) -> str | None:
    """A day, a time or a length of time; None for a number that is none."""
    if not 0 <= value < _MOST_DAYS:
        return None
    if any(kind == "elapsed" for kind, _ in section.tokens):
        seconds = round(value * 86400)
        return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
    early = not from_1904 and value < _LEAP - 1
    moment = start + timedelta(days=value + early)
    moment = (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    day, time = _day(moment, section), _time(moment, section)
    if day and time in ("00:00", "00:00:00"):
        return day
    return " ".join(filter(None, (day, time))) or None


def _letters(section: _Section) -> list[str]:
    """The letters of a date's format; minutes (an m beside h or s) are written n."""
    letters = [text for kind, text in section.tokens if kind == "date"]
    found = []
    for at, text in enumerate(letters):
        near = letters[max(at - 1, 0) : at + 2]
        before, after = letters[:at][-1:], letters[at + 1 : at + 2]
        minutes = text[0] == "m" and len(text) < 3 and len(near) > 1
        clock = (before and before[0][0] == "h") or (after and after[0][0] == "s")
        found.append("n" if minutes and clock else text)
    return found


def _day(moment: datetime, section: _Section) -> str:
    letters = _letters(section)
    year = any(text[0] == "y" for text in letters)
    month = next((text for text in letters if text[0] == "m"), "")
    day = [text for text in letters if text[0] == "d"]
    if any(len(text) < 3 for text in day) or (year and month and day):
        return f"{moment:%Y-%m-%d}"
    if year:
        return f"{moment:%Y-%m}" if month else f"{moment:%Y}"
    if month:
        return f"{moment:%B}"
    return f"{moment:%A}" if day else ""


def _time(moment: datetime, section: _Section) -> str:
    letters = _letters(section)
    if any(text[0] == "s" for text in letters):
        return f"{moment:%H:%M:%S}"
    return f"{moment:%H:%M}" if any(text[0] in "hn" for text in letters) else ""
