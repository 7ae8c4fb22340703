"""What AppTest sees of the parts that our own script draws: their data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

APP = str(Path(__file__).resolve().parent.parent.parent / "ui" / "app.py")


def open_app(page: str = "", **parameters: Any) -> AppTest:
    """The app at an address, drawn once; `page` is another page's file."""
    app = AppTest.from_file(APP, default_timeout=60)
    if page:
        app.run()
        app.switch_page(page)
    for name, value in parameters.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


def drawn(app: AppTest, kind: str) -> dict[str, Any]:
    """The data of the one part that draws `kind`."""
    found = [data for data in every(app) if data.get("draw") == kind]
    assert len(found) == 1, [data.get("draw") for data in every(app)]
    return found[0]


def every(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(part.proto.json)[0] for part in app.get("bidi_component")]


def words(card: dict[str, Any], *, marked: bool = False) -> str:
    """A card's passage as one text, or only what is marked in it."""
    pieces = []
    for block in card["blocks"]:
        for segments in block["cells"] if block["kind"] == "row" else [block["segments"]]:
            pieces += [part["text"] for part in segments if part["mark"] or not marked]
    return " ".join(pieces)
