"""Make the starter library's PDF, Word and Excel files from the Markdown of its sources.

    python -m corpus.starter.make            write what is missing or out of date
    python -m corpus.starter.make --check    write nothing; exit 1 if anything is out of date

`sources/P/NAME.pdf.md` gives `documents/P/NAME.pdf` and beside it `NAME.pdf.meta.toml`.
The same sources give the same bytes, so the files can stand in the repository and be compared.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from corpus.errors import BadMetadata, CodedeskError
from corpus.starter import DOCUMENTS, HERE
from corpus.starter.making.source import MADE_FORMATS, Source, read_source, sidecar_text


def made_files(sources: Path) -> Iterator[tuple[str, bytes]]:
    """Every file the sources give: its path below the library, with slashes, and its bytes.

    Raises BadMetadata, naming the source, where one cannot be made.
    """
    for path in sorted(sources.rglob("*.md")):
        name = path.relative_to(sources).as_posix().removesuffix(".md")
        ending = name.rpartition(".")[2]
        if ending not in MADE_FORMATS:
            raise BadMetadata(f"{path}: name it NAME.pdf.md, NAME.docx.md or NAME.xlsx.md")
        try:
            source = read_source(path)
            yield name, _writer(ending)(source)
        except BadMetadata as error:
            raise BadMetadata(f"{path}: {error}") from error
        yield f"{name}.meta.toml", sidecar_text(source.fields).encode()


def out_of_date(sources: Path, documents: Path) -> dict[str, bytes]:
    """The files below `documents` that are missing or differ from what the sources give."""
    return {
        name: content
        for name, content in made_files(sources)
        if not (documents / name).is_file() or (documents / name).read_bytes() != content
    }


def _writer(ending: str) -> Callable[[Source], bytes]:
    """Imported on use: a workbook can be made where reportlab is not installed."""
    if ending == "pdf":
        from corpus.starter.making.pdf_file import pdf_bytes

        return pdf_bytes
    from corpus.starter.making.office_files import docx_bytes, xlsx_bytes

    return docx_bytes if ending == "docx" else xlsx_bytes


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Make the binary files of the starter library.")
    parser.add_argument("--check", action="store_true", help="write nothing, report what differs")
    parser.add_argument("--sources", type=Path, default=HERE / "sources")
    parser.add_argument("--documents", type=Path, default=DOCUMENTS)
    asked = parser.parse_args(arguments)
    try:
        stale = out_of_date(asked.sources, asked.documents)
    except CodedeskError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for name, content in stale.items():
        sys.stdout.write(f"{'out of date' if asked.check else 'made'}: {name}\n")
        if not asked.check:
            target = asked.documents / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    return 1 if stale and asked.check else 0


if __name__ == "__main__":
    sys.exit(main())
