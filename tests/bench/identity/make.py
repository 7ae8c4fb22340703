"""Makes the labelled documents of `made/` as files, with the labels of all beside them.

    python tests/bench/identity/make.py FOLDER
    codedesk eval --identity FOLDER/labels.jsonl --documents FOLDER [--documents DIR ...]

A description begins with `=== PATH`; then come `header`, `footer`, `info` (properties of the
file), `expect` and `sections` (labels, JSON), and after `---` what stands on its pages: `# `,
`## `, `### ` headings, `^ ` centred, `small ` small print, `| a | b |` rows, `!page` a new page (or
sheet), `!columns` two columns from there on. A header that begins with `^ ` is a letterhead.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from writing import WRITERS, Made

HERE = Path(__file__).parent
# The descriptions and the half that each belongs to. `last` was written when the finding was done,
# asked once, and then mended on; `unseen` was written after that, and asked once.
# `fresh`, of kinds that the earlier ones do not resemble, was written whole before it was asked;
# the hash of a path says which half a document of it belongs to. `fresh_last` was written after
# the finding was mended on both halves, and asked once; `fresh_after` when that was mended on too,
# and `fresh_third`, of yet other kinds, after documents of a third person had been mended on;
# `fresh_fourth`, half of them traps, when that was mended on too. Of `fresh_fifth` a half was never
# looked at; `fresh_sixth`, `fresh_seventh` and `fresh_eighth` were asked once, each when the one
# before was mended on.
HALVES = {
    "tune": "tune",
    "held_out": "held_out",
    "last": "held_out",
    "unseen": "held_out",
    "fresh": "by path",
    "fresh_last": "held_out",
    "fresh_after": "held_out",
    "fresh_third": "held_out",
    "fresh_fourth": "held_out",
    "fresh_fifth": "by path",
    "fresh_sixth": "held_out",
    "fresh_seventh": "held_out",
    "fresh_eighth": "held_out",
}
# Nearly every document says whether it has these; where a description names none, there is none.
_ALWAYS = ("payer", "number", "version", "jurisdiction", "line_of_business", "effective")


@dataclass(frozen=True)
class Described:
    made: Made
    half: str
    expect: dict[str, Any]
    source: str  # which file describes it
    sections: list[list[str]] = field(default_factory=list)

    def label(self) -> dict[str, Any]:
        expect = {name: None for name in (*_ALWAYS, "reviewed")} | self.expect
        said = {"file": self.made.path, "half": self.half, "expect": expect}
        return said | ({"sections": self.sections} if self.sections else {})


def described() -> Iterator[Described]:
    for name, half in HALVES.items():
        text = (HERE / "made" / f"{name}.txt").read_text("utf-8")
        for part in text.removeprefix("=== ").split("\n=== "):
            yield _read(part, half, name)


def _read(part: str, half: str, source: str) -> Described:
    head, _, body = part.partition("\n---\n")
    path, *lines = head.split("\n")
    keys = dict(line.split(":", 1) for line in lines if line.strip())
    info = dict(
        entry.strip().split("=", 1) for entry in keys.get("info", "").split(";") if "=" in entry
    )
    made = Made(
        path=path.strip(),
        body=body.rstrip("\n"),
        header=keys.get("header", "").strip(),
        footer=keys.get("footer", "").strip(),
        info=info,
    )
    sections = json.loads(keys.get("sections") or "[]")
    if half == "by path":
        half = ("tune", "held_out")[sha256(made.path.encode()).digest()[0] % 2]
    return Described(made, half, json.loads(keys["expect"]), source, sections)


def make(folder: Path) -> None:
    """Write the documents; labels into `labels.jsonl`, later ones into files of their own."""
    labels: dict[str, list[str]] = {name: [] for name in HALVES}
    for one in described():
        path = folder / one.made.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(WRITERS[path.suffix](one.made))
        labels[one.source].append(json.dumps(one.label(), ensure_ascii=False))
    labels["fresh"] += (HERE / "theirs_fresh.jsonl").read_text("utf-8").splitlines()
    theirs = (HERE / "theirs.jsonl").read_text("utf-8").splitlines()
    every = [line for name in ("tune", "held_out") for line in labels[name]] + theirs
    for name, lines in (("labels", every), *list(labels.items())[2:]):
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
