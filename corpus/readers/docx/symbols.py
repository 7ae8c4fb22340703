"""Signs of the symbol fonts as characters that everybody has: ticks, boxes, arrows, bullets."""

from __future__ import annotations

TICKED, EMPTY, YES, NO = "☒", "☐", "✓", "✗"

_WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: EMPTY, 0x70: EMPTY, 0x71: EMPTY, 0x72: EMPTY, 0x76: "❖",
    0x78: TICKED, 0x9F: "•", 0xA7: "▪", 0xA8: EMPTY, 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑",
    0xE2: "↓", 0xE8: "→", 0xF0: "→", 0xFB: NO, 0xFC: YES, 0xFD: TICKED, 0xFE: TICKED, 0xA1: "○",
    0xA4: "◉", 0x4A: "☺", 0x4C: "☹", 0xF3: "↔",
}  # fmt: skip
_WINGDINGS_2 = {
    0x4F: NO, 0x50: YES, 0x51: TICKED, 0x52: TICKED, 0x53: TICKED, 0x54: TICKED, 0x55: NO,
    0x56: NO, 0x97: "●", 0x99: "○", 0xA2: "■", 0xA3: EMPTY, 0x2A: EMPTY, 0x2B: EMPTY,
}  # fmt: skip
_WEBDINGS = {0x61: YES, 0x63: EMPTY, 0x67: "■", 0x72: NO, 0x3C: "■", 0x3D: "•"}
_SYMBOL = {
    0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xB0: "°",
    0xB2: "″", 0xA2: "′", 0xB7: "•", 0xAE: "→", 0xAC: "←", 0xAD: "↑", 0xAF: "↓", 0xA5: "∞",
    0xD2: "®", 0xD3: "©", 0xD4: "™", 0xE2: "®", 0xE3: "©", 0xE4: "™", 0xD6: "√", 0x2D: "−",
    0x61: "α", 0x62: "β", 0x63: "χ", 0x64: "δ", 0x65: "ε", 0x67: "γ", 0x6C: "λ", 0x6D: "μ",
    0x70: "π", 0x73: "σ", 0x44: "Δ", 0x53: "Σ", 0x57: "Ω",
}  # fmt: skip
_FONTS = {
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "webdings": _WEBDINGS,
    "symbol": _SYMBOL,
}
_PRIVATE = range(0xF020, 0xF100)


def is_symbol_font(font: str) -> bool:
    return font.lower() in _FONTS


def drawn(character: str, font: str) -> str | None:
    """What a character of a symbol font looks like; None where it is not known."""
    code = ord(character)
    signs = _FONTS.get(font.lower(), _WINGDINGS if code in _PRIVATE else None)
    if signs is None:
        return character
    if code in _PRIVATE:
        code -= 0xF000
    if code in signs:
        return signs[code]
    if font.lower() == "symbol" and code < 0x80:
        return chr(code)
    return " " if code == 0x20 else None


def is_private(character: str) -> bool:
    return ord(character) in _PRIVATE
