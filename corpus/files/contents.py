"""Reads the bytes of a file that may be a pipe, too large, or replaced while it is read."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from io import BufferedReader
from pathlib import Path

from corpus.readers import CannotRead

_AT_ONCE = 1 << 20  # bytes
_NO_FILE = "This is no regular file. Put a copy of the document in its place."


def read_bytes(path: Path, *, most: int) -> bytes:
    """All bytes of a regular file of at most `most` bytes, from one moment. Raises CannotRead.

    A file whose size or time changed during the read is read once more, then refused.
    """
    for _ in range(2):
        before, data, after = _read_once(path, most)
        if _identity(before) == _identity(after) and len(data) == after.st_size:
            return data
    raise CannotRead("The file changed while it was read. Sync again when it is written.")


def file_sum(path: Path, *, most: int) -> str:
    """The sha-256 of a regular file of at most `most` bytes; "" for any other.

    Reading such a file later says why. The opened file is checked, not the path, so that a pipe
    never blocks.
    """
    try:
        with _opened(path) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode) or found.st_size > most:
                return ""
            digest = hashlib.sha256()
            while part := file.read(_AT_ONCE):  # hashlib's own way makes a buffer for each file
                digest.update(part)
            return digest.hexdigest()
    except OSError:
        return ""


def beginning(path: Path, *, most: int) -> bytes:
    """The first bytes of a regular file, at most so many. Raises OSError; CannotRead for what is
    none, so that a pipe never blocks."""
    with _opened(path) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise CannotRead(_NO_FILE)
        return file.read(most)


def _read_once(path: Path, most: int) -> tuple[os.stat_result, bytes, os.stat_result]:
    try:
        with _opened(path) as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise CannotRead(_NO_FILE)
            if before.st_size > most:
                raise CannotRead(_too_large(before.st_size, most))
            data = file.read(most + 1)
            after = os.fstat(file.fileno())
    except OSError as error:
        raise CannotRead(_cannot_open(error)) from error
    if len(data) > most:
        raise CannotRead(_too_large(len(data), most))
    return before, data, after


def _opened(path: Path) -> BufferedReader:
    """The file, open for reading. O_NONBLOCK: opening a pipe must not wait for its writer."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
    return open(descriptor, "rb")  # noqa: PTH123 - a descriptor; the caller closes it


def _identity(found: os.stat_result) -> tuple[int, ...]:
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def _too_large(size: int, most: int) -> str:
    return (
        f"The file has {size / 1e6:,.0f} MB, more than the limit of {most / 1e6:,.0f} MB. "
        "Split it, or raise the limit in the settings."
    )


def _cannot_open(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "The file is gone: it was there when the folder was listed. Sync again."
    if isinstance(error, PermissionError):
        return "The file may not be read by this user. Change its permissions and sync again."
    if isinstance(error, IsADirectoryError):
        return "This is a folder, not a file. Put the document itself in its place."
    if error.errno in (errno.ELOOP, errno.ENXIO, errno.ENODEV):
        return "This is no regular file. Put a copy of the document in its place."
    return f"The file cannot be opened ({error.strerror}). Check the disk and sync again."
