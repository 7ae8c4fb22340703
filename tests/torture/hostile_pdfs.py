"""PDFs that were made to break readers: bombs, loops, lies, damage and locks."""

from __future__ import annotations

import io
import random
import zlib
from collections.abc import Callable, Sequence
from functools import cache

_SHOW = b"BT /F1 12 Tf 72 700 Td (some words of text) Tj ET\n"
_FLATE = b"/Filter/FlateDecode"
_CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
Maker = Callable[[], bytes]


def pdf(objects: Sequence[bytes], *, trailer: bytes = b"") -> bytes:
    """A PDF from its objects, the first of them the catalogue, with a right table of places."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    size = len(objects) + 1
    out.write(b"trailer\n<</Size %d/Root 1 0 R%s>>\n" % (size, trailer))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def showing(content: bytes, *, pages: int = 1, filters: bytes = b"") -> bytes:
    """Pages that all show one content stream; `filters` say how it is compressed."""
    kids = b" ".join(b"%d 0 R" % (5 + at) for at in range(pages))
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        b"/Resources<</Font<</F1 3 0 R>>>>>>"
    )
    return pdf(
        [
            _CATALOGUE,
            b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), filters, content),
            *[page] * pages,
        ]
    )


@cache
def _blank(megabytes: int) -> bytes:
    """So many megabytes of spaces, packed a thousandfold: one packed megabyte, over and over."""
    piece, total = b" " * 1_000_000, 1
    packer = zlib.compressobj(9)
    head, again = (packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    for _ in range(megabytes):
        total = zlib.adler32(piece, total)
    return head + again * (megabytes - 1) + b"\x03\x00" + total.to_bytes(4, "big")


def _forms_within_forms() -> bytes:
    """Fourteen levels, each of which draws the next ten times."""

    def form(number: int) -> bytes:
        body = b"/X%d Do\n" % (number + 1) * 10
        return (
            b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length %d"
            b"/Resources<</XObject<</X%d %d 0 R>>>>>>stream\n%s\nendstream"
            % (len(body), number + 1, number + 6, body)
        )

    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R"
        b"/Resources<</XObject<</X1 6 0 R>>>>>>"
    )
    return pdf(
        [
            _CATALOGUE,
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            page,
            b"<</Length 6>>stream\n/X1 Do\nendstream",
            b"null",
            *[form(number) for number in range(1, 15)],
            b"<</Length 0>>stream\n\nendstream",
        ]
    )


def _xref_in_a_circle() -> bytes:
    data = showing(_SHOW)
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % data.rindex(b"xref\n0 "))


def _million_pages() -> bytes:
    kids = b"3 0 R " * 1_000_000
    return pdf([_CATALOGUE, b"<</Type/Pages/Count 1000000/Kids[%s]>>" % kids, _PAGE])


def _deep_tree() -> bytes:
    """Ten thousand nodes, each the only child of the one before."""
    nodes = [b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (at + 3) for at in range(10_000)]
    return pdf([_CATALOGUE, *nodes, _PAGE])


def locked(password: str) -> bytes:
    """A page of text that a user password locks; "" opens for everyone."""
    import pypdf

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(showing(_SHOW)))
    writer.encrypt(password, "owner", algorithm="AES-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _picture() -> bytes:
    """A page that is an image and nothing else, as a scanner makes it."""
    draw = b"q 500 0 0 700 50 50 cm /I Do Q"
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        b"/Resources<</XObject<</I 5 0 R>>>>>>"
    )
    image = (
        b"<</Type/XObject/Subtype/Image/Width 8/Height 8/BitsPerComponent 8/ColorSpace/DeviceGray"
        b"/Length 64>>stream\n%s\nendstream" % bytes(range(0, 256, 4))
    )
    stream = b"<</Length %d>>stream\n%s\nendstream" % (len(draw), draw)
    return pdf([_CATALOGUE, b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page, stream, image])


def _flipped(seed: int) -> Maker:
    def make() -> bytes:
        chance, data = random.Random(seed), bytearray(showing(_SHOW, pages=3))
        for _ in range(40):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        return bytes(data)

    return make


def _shared(pages: int, repeats: int) -> bytes:
    return showing(zlib.compress(_SHOW * repeats, 9), pages=pages, filters=_FLATE)


# What must become of each: words of the reason, or None where it may be read as well.
BOMBS: dict[str, tuple[Maker, str | None]] = {
    "flate.pdf": (lambda: showing(_blank(1_000), filters=_FLATE), "larger than"),
    "flate-in-flate.pdf": (
        lambda: showing(
            zlib.compress(_blank(1_000), 9), filters=b"/Filter[/FlateDecode/FlateDecode]"
        ),
        "larger than",
    ),
    "shared-stream.pdf": (lambda: _shared(500, 100_000), "seconds"),
    "operators.pdf": (lambda: _shared(1, 1_400_000), "larger than"),
    "forms.pdf": (_forms_within_forms, ""),
    "million-pages.pdf": (_million_pages, "pages"),
    "tree-in-a-circle.pdf": (
        lambda: pdf([_CATALOGUE, b"<</Type/Pages/Count 5/Kids[2 0 R]>>"]),
        "",
    ),
    "tree-of-two.pdf": (
        lambda: pdf(
            [_CATALOGUE, b"<</Type/Pages/Count 5/Kids[3 0 R]>>", b"<</Type/Pages/Kids[2 0 R]>>"]
        ),
        "",
    ),
    "deep-tree.pdf": (_deep_tree, ""),
    "lying-count.pdf": (
        lambda: pdf([_CATALOGUE, b"<</Type/Pages/Count 99999999/Kids[]>>"]),
        "",
    ),
    "xref-in-a-circle.pdf": (_xref_in_a_circle, None),
    "deep-arrays.pdf": (lambda: b"%PDF-1.7\n" + b"[" * 200_000, "damaged"),
    "deep-objects.pdf": (lambda: b"%PDF-1.7\n1 0 obj\n<<" + b"/A<<" * 20_000, "damaged"),
    "garbage.pdf": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 400, "damaged"),
}
BROKEN: dict[str, tuple[Maker, str | None]] = {
    "locked.pdf": (lambda: locked("secret"), "password"),
    "cut-early.pdf": (lambda: showing(_SHOW, pages=3)[:300], ""),
    "cut-late.pdf": (lambda: showing(_SHOW, pages=3)[:-200], None),
    "empty.pdf": (lambda: b"", "empty"),
    "zeros.pdf": (lambda: bytes(5_000), "zero bytes"),
    "web-page.pdf": (lambda: b"<!doctype html><p>no PDF", "HTML"),
    "program.pdf": (lambda: b"MZ\0\0" + bytes(300) + b"This program cannot be run", "program"),
    **{f"flipped-{seed}.pdf": (_flipped(seed), None) for seed in range(6)},
}
READ: dict[str, Maker] = {
    "open-lock.pdf": lambda: locked(""),
    "rubbish-before.pdf": lambda: b"\r\n rubbish\n" + showing(_SHOW),
}
PICTURE = ("picture.pdf", _picture)


def many_pages() -> bytes:
    """A long real file: 20,000 pages of a line each, which must be read."""
    return showing(_SHOW, pages=20_000)
