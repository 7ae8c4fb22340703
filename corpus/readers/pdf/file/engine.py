"""PDFium's functions as this reader calls them: by plain addresses, many at a time.

A page has thousands of characters, and pypdfium2's own way, an object for each call, costs more
than PDFium itself. PDFium is not thread-safe: one call at a time in a process.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as pdfium

_P, _I, _F = ctypes.c_void_p, ctypes.c_int, ctypes.c_float
_U, _L, _D = ctypes.c_uint, ctypes.c_ulong, ctypes.c_double


def _call(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    address = ctypes.cast(getattr(pdfium, name), _P).value
    assert address is not None
    return ctypes.CFUNCTYPE(result, *arguments)(address)


load_page = _call("FPDF_LoadPage", _P, _P, _I)
close_page = _call("FPDF_ClosePage", None, _P)
page_rotation = _call("FPDFPage_GetRotation", _I, _P)
page_box = _call("FPDF_GetPageBoundingBox", _I, _P, _P)

load_text = _call("FPDFText_LoadPage", _P, _P)
close_text = _call("FPDFText_ClosePage", None, _P)
count_characters = _call("FPDFText_CountChars", _I, _P)
characters = _call("FPDFText_GetText", _I, _P, _I, _I, _P)
character = _call("FPDFText_GetUnicode", _U, _P, _I)
character_object = _call(
    "FPDFText_GetTextObject", ctypes.c_size_t, _P, _I
)  # 0 where PDFium added it
character_box = _call("FPDFText_GetLooseCharBox", _I, _P, _I, _P)
character_origin = _call("FPDFText_GetCharOrigin", _I, _P, _I, _P, _P)
character_matrix = _call("FPDFText_GetMatrix", _I, _P, _I, _P)
character_size = _call("FPDFText_GetFontSize", _D, _P, _I)
has_no_meaning = _call("FPDFText_HasUnicodeMapError", _I, _P, _I)

text_font = _call("FPDFTextObj_GetFont", _P, _P)
text_mode = _call("FPDFTextObj_GetTextRenderMode", _I, _P)
font_name = _call("FPDFFont_GetBaseFontName", ctypes.c_size_t, _P, _P, ctypes.c_size_t)

count_objects = _call("FPDFPage_CountObjects", _I, _P)
get_object = _call("FPDFPage_GetObject", _P, _P, _I)
count_form_objects = _call("FPDFFormObj_CountObjects", _I, _P)
get_form_object = _call("FPDFFormObj_GetObject", _P, _P, _L)
object_type = _call("FPDFPageObj_GetType", _I, _P)
object_bounds = _call("FPDFPageObj_GetBounds", _I, _P, _P, _P, _P, _P)
object_matrix = _call("FPDFPageObj_GetMatrix", _I, _P, _P)
object_fill = _call("FPDFPageObj_GetFillColor", _I, _P, _P, _P, _P, _P)
object_active = _call("FPDFPageObj_SetIsActive", _I, _P, _I)
count_marks = _call("FPDFPageObj_CountMarks", _I, _P)
get_mark = _call("FPDFPageObj_GetMark", _P, _P, _L)
mark_name = _call("FPDFPageObjMark_GetName", _I, _P, _P, _L, _P)
draw_mode = _call("FPDFPath_GetDrawMode", _I, _P, _P, _P)
count_segments = _call("FPDFPath_CountSegments", _I, _P)
get_segment = _call("FPDFPath_GetPathSegment", _P, _P, _I)
segment_point = _call("FPDFPathSegment_GetPoint", _I, _P, _P, _P)
segment_type = _call("FPDFPathSegment_GetType", _I, _P)
segment_closes = _call("FPDFPathSegment_GetClose", _I, _P)

count_annotations = _call("FPDFPage_GetAnnotCount", _I, _P)
get_annotation = _call("FPDFPage_GetAnnot", _P, _P, _I)
close_annotation = _call("FPDFPage_CloseAnnot", None, _P)
annotation_kind = _call("FPDFAnnot_GetSubtype", _I, _P)
annotation_flags = _call("FPDFAnnot_GetFlags", _I, _P)
annotation_box = _call("FPDFAnnot_GetRect", _I, _P, _P)
annotation_string = _call("FPDFAnnot_GetStringValue", _L, _P, ctypes.c_char_p, _P, _L)
count_quads = _call("FPDFAnnot_CountAttachmentPoints", ctypes.c_size_t, _P)
get_quad = _call("FPDFAnnot_GetAttachmentPoints", _I, _P, ctypes.c_size_t, _P)
field_kind = _call("FPDFAnnot_GetFormFieldType", _I, _P, _P)
field_value = _call("FPDFAnnot_GetFormFieldValue", _L, _P, _P, _P, _L)
field_ticked = _call("FPDFAnnot_IsChecked", _I, _P, _P)
after_load = _call("FORM_OnAfterLoadPage", None, _P, _P)
before_close = _call("FORM_OnBeforeClosePage", None, _P, _P)

create_bitmap = _call("FPDFBitmap_CreateEx", _P, _I, _I, _I, _P, _I)
destroy_bitmap = _call("FPDFBitmap_Destroy", None, _P)
render = _call("FPDF_RenderPageBitmap", None, _P, _P, _I, _I, _I, _I, _I, _I)

TEXT, PATH, IMAGE, SHADING, FORM = 1, 2, 3, 4, 5
INVISIBLE, CLIP = 3, 7  # text render modes that paint nothing


def floats(count: int) -> tuple[Any, list[int]]:
    """Room for so many 32-bit floats, and the address of each."""
    room = (_F * count)()
    start = ctypes.addressof(room)
    return room, [start + 4 * at for at in range(count)]


def whole_numbers(count: int) -> tuple[Any, list[int]]:
    """Room for so many 32-bit whole numbers, and the address of each."""
    room = (_U * count)()
    start = ctypes.addressof(room)
    return room, [start + 4 * at for at in range(count)]


_NAME = ctypes.create_string_buffer(64)
_LENGTH = _L(0)
_AT_NAME, _AT_LENGTH = ctypes.addressof(_NAME), ctypes.addressof(_LENGTH)


def is_layer(mark: int) -> bool:
    """Whether a marked stretch of content belongs to a layer: "OC", for optional content."""
    mark_name(mark, _AT_NAME, 64, _AT_LENGTH)
    return _LENGTH.value == 6 and _NAME.raw[:4] == b"O\0C\0"


def wide_text(ask: Callable[[int, int], int]) -> str:
    """What a function writes that is asked twice: how long the text is, then for the text."""
    length = ask(0, 0)
    if not 2 < length < 2_000_000:
        return ""
    room = ctypes.create_string_buffer(length)
    ask(ctypes.addressof(room), length)
    return room.raw[: length - 2].decode("utf-16-le", "replace")


def handle(wrapped: Any) -> int:
    """The address behind one of pypdfium2's pointers."""
    return ctypes.cast(wrapped, _P).value or 0
