"""Checks the directory of a DOCX or XLSX before anything in it is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import PurePosixPath

from corpus.files.limits import MEGABYTE, Limits
from corpus.readers import CannotRead

_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    NotImplementedError,
    OSError,
    EOFError,
)
_RATIO_FROM = 10 * MEGABYTE  # a small member may well be a thousand equal bytes
_HEAD = 2_048  # bytes of an XML part, where its document type stands
_DAMAGED = "The file is damaged or was cut short. Copy it again from its source."
_BOMB = "It unpacks to {what}, more than the limit of {most}. Real documents do not; remove it."


def check_archive(data: bytes, limits: Limits) -> None:
    """Raise CannotRead for a bomb, for names that lead outside, and for encrypted members.

    Only the directory and the start of each XML part are read. A part with a false size fails
    later, when it reaches that size.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_directory(members, limits)
            _check_entities(archive, members)
    except _ZIP_ERRORS as error:
        raise CannotRead(_DAMAGED) from error


def _check_directory(members: Sequence[zipfile.ZipInfo], limits: Limits) -> None:
    if len(members) > limits.members:
        raise CannotRead(_BOMB.format(what=f"{len(members):,} files", most=f"{limits.members:,}"))
    total = 0
    for member in members:
        _check_member(member, limits)
        total += member.file_size
    _check_size(total, limits.decompressed_bytes)
    if len({member.filename for member in members}) < len(members):
        raise CannotRead("It holds two parts of one name. Open it, save it again and replace it.")


def _check_entities(archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse a document type. Office writes none; it can read other files or expand without end."""
    for member in members:
        if not member.filename.lower().endswith((".xml", ".rels")):
            continue
        with archive.open(member) as part:
            head = part.read(_HEAD)
        if b"<!DOCTYPE" in head.replace(b"\0", b""):
            raise CannotRead(
                "A part of it declares XML entities, which Office never does. "
                "Do not trust it; remove it."
            )


def _check_member(member: zipfile.ZipInfo, limits: Limits) -> None:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts[:1] and ":" in path.parts[0]):
        raise CannotRead(
            "A part of it has a name that leads outside of it. Do not trust it; remove it."
        )
    if member.flag_bits & 1:
        raise CannotRead("It is protected by a password. Save it without one and replace it.")
    _check_size(member.file_size, limits.member_bytes)
    if member.file_size > _RATIO_FROM and member.file_size > limits.ratio * member.compress_size:
        raise CannotRead(
            f"It unpacks to more than {limits.ratio} times its size. "
            "Real documents do not; remove it."
        )


def _check_size(size: int, most: int) -> None:
    if size > most:
        what = f"{size / MEGABYTE:,.0f} MB"
        raise CannotRead(_BOMB.format(what=what, most=f"{most / MEGABYTE:,.0f} MB"))
