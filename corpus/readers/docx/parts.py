"""The other parts of a Word file: headers, footers, pieces of other formats, what is embedded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from docx.oxml.ns import qn

from corpus.readers.attached import Attached
from corpus.readers.left_out import COMMENTS, LeftOut

_OFF = ("0", "false", "off")
_NOT_READ = {
    "oleObject": "An embedded object ({name})",
    "chart": "A chart ({name})",
    "diagramData": "A diagram ({name})",
}


def running_parts(document: Any) -> Iterator[Any]:
    """The headers and footers that are printed, each part once."""
    seen: set[Any] = set()
    even = _is_on(document.settings.element, "w:evenAndOddHeaders")
    for section in document.element.body.iter(qn("w:sectPr")):
        for reference in section:
            if reference.tag not in (qn("w:headerReference"), qn("w:footerReference")):
                continue
            kind = reference.get(qn("w:type"))
            if (kind == "first" and not _is_on(section, "w:titlePg")) or (
                kind == "even" and not even
            ):
                continue
            part = document.part.related_parts.get(reference.get(qn("r:id")))
            if part is not None and part.partname not in seen:
                seen.add(part.partname)
                yield part.element


def embedded_files(document: Any) -> list[Attached]:
    """The Office files that lie in the document."""
    return [
        Attached(PurePosixPath(relation.target_part.partname).name, relation.target_part.blob)
        for relation in document.part.rels.values()
        if not relation.is_external and relation.reltype.endswith("/package")
    ]


def tell_of_parts(document: Any, left_out: LeftOut) -> None:
    """Say which parts of the file are not read, and count the comments."""
    for relation in document.part.rels.values():
        kind = relation.reltype.rsplit("/", 1)[-1]
        if relation.is_external:
            continue
        name = PurePosixPath(relation.target_part.partname).name
        if kind == "comments":
            from docx.oxml.parser import parse_xml

            comments = sum(1 for _ in parse_xml(relation.target_part.blob).iter(qn("w:comment")))
            left_out.add(COMMENTS, comments)
        elif kind in _NOT_READ:
            what = _NOT_READ[kind].format(name=name)
            left_out.tell(f"{what} is not read. Save what it holds as a file of its own.")


def chunk_of(element: Any, document: Any) -> Any:
    """The part that a piece of another format (altChunk) stands in; None where it is not there."""
    return document.part.related_parts.get(element.get(qn("r:id")) or "")


def _is_on(element: Any, name: str) -> bool:
    mark = element.find(qn(name))
    return mark is not None and mark.get(qn("w:val"), "1") not in _OFF
