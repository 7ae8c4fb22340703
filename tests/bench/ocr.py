"""How well scanned pages are read: words, codes and time, ours beside RapidOCR and Tesseract.

`python -m tests.bench.ocr` makes pages (five layouts, twelve conditions of a scanner or a fax),
has each engine read them, and prints the word error rate, the share of codes read as they stand
and with letters that look alike, how many codes came out that are not there, and pages a second of
the processor. `--engines codedesk rapidocr-openvino rapidocr-onnxruntime tesseract` chooses,
`--layouts` takes some of the layouts;
`--files FOLDER` reads instead every PDF below a folder that has pages without text, and says what
share of them was recognised and how surely; `--json FILE` keeps the figures. The engines run on one
thread each.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import resource
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from corpus.codes import find_codes
from corpus.document import ScannedWord
from corpus.files.limits import Limits
from corpus.readers.draft import Draft
from corpus.readers.pdf.document import read_pdf
from tests.bench.corpora.scans import LAYOUTS, Scan, pdf_of, scans

_SIGNS = re.compile(r"[^\w$%./-]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """One page as an engine read it: wrong words (changed, lost, added, each by 1) of how many;
    codes found as they stand, and found at all; how many of any kind were found that are not there.
    """

    layout: str
    condition: str
    words: int
    wrong: int
    codes: int
    exact: int
    found: int
    made_up: int
    seconds: float


Engine = Callable[[Scan], tuple[str, list[ScannedWord]]]


def codedesk(page: Scan) -> tuple[str, list[ScannedWord]]:
    """The whole way: a PDF of the picture, read as any other."""
    draft = read_pdf(pdf_of([page]))
    return draft.text, list(draft.scanned)


def rapidocr(engine: str) -> Engine:
    """RapidOCR's own pipeline over the same models."""
    from rapidocr import EngineType, RapidOCR

    kind = {
        "rapidocr-openvino": EngineType.OPENVINO,
        "rapidocr-onnxruntime": EngineType.ONNXRUNTIME,
    }[engine]
    settings = {f"{part}.engine_type": kind for part in ("Det", "Cls", "Rec")}
    threads = {
        "EngineConfig.openvino.inference_num_threads": 1,
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    }
    reader = RapidOCR(params={**settings, **threads, "Global.log_level": "critical"})

    def read(page: Scan) -> tuple[str, list[ScannedWord]]:
        found = reader(np.stack([page.pixels] * 3, axis=-1))
        return "\n".join(found.txts or ()), []

    return read


def tesseract(page: Scan) -> tuple[str, list[ScannedWord]]:
    file = io.BytesIO()
    Image.fromarray(page.pixels).save(file, "PNG")
    done = subprocess.run(
        ["tesseract", "-", "-", "--psm", "1", "--dpi", str(page.dpi)],
        input=file.getvalue(),
        capture_output=True,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        check=False,
    )
    return done.stdout.decode("utf-8", "replace"), []


def measured(engine: Engine, page: Scan) -> Reading:
    before = _seconds()
    text, _ = engine(page)
    seconds = _seconds() - before
    truth, read = _bare(page.words), _bare(text.replace("|", " ").split())
    as_written, alike = Counter(page.codes), Counter(_codes(text))
    printed = Counter(word.strip(".,;:()") for word in text.replace("|", " ").split())
    return Reading(
        page.layout,
        page.condition,
        len(truth),
        _errors(truth, read),
        sum(as_written.values()),
        sum((as_written & printed).values()),
        sum((as_written & alike).values()),
        len(set(alike) - set(_codes(" ".join(page.words)))),
        seconds,
    )


def _seconds() -> float:
    """Of the processor, by this process and those it waited for."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _bare(words: Sequence[str]) -> list[str]:
    return [bare for word in words if (bare := _SIGNS.sub("", word).strip(".-"))]


def _codes(text: str) -> Iterator[str]:
    """The codes that a search would find, those out of other letters (O58IT) included."""
    words, at = [], 0
    for word in re.split(r"(\s+)", text):
        if word.strip():
            words.append(ScannedWord(at, at + len(word), (0.0, 0.0, 1.0, 1.0), 1.0))
        at += len(word)
    from corpus.codes.finding.scanned import with_figures

    meant, _ = with_figures(text, words)
    yield from (one.code for one in find_codes(meant) if one.coverage == "exact")


def _errors(truth: Sequence[str], read: Sequence[str]) -> int:
    """Words changed, lost or added, in the order that agrees best. Columns may be read in another
    order: what was read elsewhere on the page is no error."""
    matcher = SequenceMatcher(None, truth, read, autojunk=False)
    lost: Counter[str] = Counter()
    added: Counter[str] = Counter()
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            lost.update(truth[a:b])
            added.update(read[c:d])
    moved = lost & added
    return max(sum((lost - moved).values()), sum((added - moved).values()))


def _table(name: str, readings: Sequence[Reading]) -> None:
    print(f"\n{name}\n{'':24}  words wrong  codes exact  codes found  made up  pages/s")
    groups: dict[str, list[Reading]] = defaultdict(list)
    for one in readings:
        groups[one.condition].append(one)
    for condition, chosen in [*groups.items(), ("all", list(readings))]:
        words, codes = sum(one.words for one in chosen), sum(one.codes for one in chosen)
        print(
            f"{condition:24}  {sum(one.wrong for one in chosen) / words:11.1%}"
            f"  {sum(one.exact for one in chosen) / codes:11.1%}"
            f"  {sum(one.found for one in chosen) / codes:11.1%}"
            f"  {sum(one.made_up for one in chosen):7}"
            f"  {len(chosen) / sum(one.seconds for one in chosen):7.2f}",
            flush=True,
        )


def files(folder: Path) -> Iterator[dict[str, Any]]:
    """What becomes of the pages without text of every PDF below a folder."""
    for path in sorted(folder.rglob("*.pdf")):
        data = path.read_bytes()
        try:
            before = read_pdf(data, limits=Limits(seconds_per_scan=0))
            if not before.needs_ocr:
                continue
            start = _seconds()
            draft = read_pdf(data)
        except Exception as error:  # samples of broken files: none ends the measurement
            print(f"{path.name}: not read ({type(error).__name__})", file=sys.stderr)
            continue
        yield _told(path.name, before, draft, _seconds() - start)


def _told(name: str, before: Draft, draft: Draft, seconds: float) -> dict[str, Any]:
    letters = sum(word.end - word.start for word in draft.scanned)
    sure = sum(word.sure * (word.end - word.start) for word in draft.scanned)
    return {
        "file": name,
        "pictures": len(before.needs_ocr),
        "recognised": len(before.needs_ocr) - len(draft.needs_ocr),
        "words": len(draft.scanned),
        "sure": round(sure / letters, 3) if letters else None,
        "seconds": round(seconds, 1),
        "begins": " ".join(draft.text.split())[:100],
        "warnings": [told for told in draft.warnings if "recognised" in told],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engines", nargs="+", default=["codedesk"])
    parser.add_argument("--layouts", nargs="+", default=list(LAYOUTS))
    parser.add_argument("--files", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    kept: dict[str, Any] = {}
    if options.files:
        kept["files"] = list(files(options.files))
        for one in kept["files"]:
            print(json.dumps(one, ensure_ascii=False), flush=True)
    for name in [] if options.files else options.engines:
        known: dict[str, Engine] = {"codedesk": codedesk, "tesseract": tesseract}
        engine = known.get(name) or rapidocr(name)
        pages = [page for page in scans() if page.layout in options.layouts]
        measured(engine, pages[0])  # the models are loaded
        readings = [measured(engine, page) for page in pages]
        _table(name, readings)
        kept[name] = [asdict(one) for one in readings]
    if options.json:
        options.json.write_text(json.dumps(kept, indent=1))


if __name__ == "__main__":
    sys.exit(main())
