"""The file of a backup: a tar archive without compression (tar can list and unpack it), followed by
one line with the sha-256 of all before it.

It is written from front to end, and nothing is copied on the way. A file's size goes ahead of its
bytes: one that turns out to have another size is written over.
"""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from pathlib import Path
from typing import IO

from index.home.manifest import FileSum

_MARK = b"\ncodedesk-backup sha256="
_TRAILER = len(_MARK) + 64 + 1
_PIECE = 1 << 20
_TIMES = 3  # that a file is read anew which changes meanwhile


class Archive:
    """An archive in the making. `sums` are those of what was added, by name."""

    def __init__(self, file: IO[bytes]) -> None:
        """`file` is empty, and can be gone back in and cut off."""
        self._file = file
        self._sum = hashlib.sha256()
        self.sums: dict[str, FileSum] = {}

    def add(self, name: str, source: IO[bytes]) -> FileSum:
        """Append an open file. One that changes meanwhile is read anew, a few times; one that never
        rests is kept as long as it was when it was last looked at."""
        start, before = self._file.tell(), self._sum.copy()
        again, size = _TIMES, os.fstat(source.fileno()).st_size
        while True:
            changed = os.fstat(source.fileno()).st_mtime_ns
            copied = self._append(name, source, size)
            now = os.fstat(source.fileno())
            if copied.size < size:
                size = copied.size  # it shrank: what there was is what is kept
            elif again and (now.st_mtime_ns, now.st_size) != (changed, size):
                again, size = again - 1, now.st_size
            else:
                break
            self._file.seek(start)
            self._file.truncate()
            self._sum = before.copy()
        self.sums[name] = copied
        return copied

    def add_text(self, name: str, text: str) -> None:
        """Append what is no file; it is not among the sums."""
        content = text.encode()
        self._append(name, io.BytesIO(content), len(content))

    def finish(self) -> int:
        """Write the end and the line with the sum; gives the size of all."""
        blocks = 2 * tarfile.BLOCKSIZE
        self._write(bytes(blocks + -(self._file.tell() + blocks) % tarfile.RECORDSIZE))
        self._file.write(_last_line(self._sum.hexdigest()))
        return self._file.tell()

    def _append(self, name: str, source: IO[bytes], size: int) -> FileSum:
        """Write a header and at most `size` bytes; less where the file ends before."""
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        self._write(entry.tobuf(tarfile.PAX_FORMAT))
        source.seek(0)
        own, left = hashlib.sha256(), size
        while left and (piece := source.read(min(left, _PIECE))):
            own.update(piece)
            self._write(piece)
            left -= len(piece)
        self._write(bytes(-size % tarfile.BLOCKSIZE))
        return FileSum(size - left, own.hexdigest())

    def _write(self, content: bytes) -> None:
        self._sum.update(content)
        self._file.write(content)


def what_is_wrong(path: Path) -> str:
    """Compare the file with its last line: '' where it is whole, else what is wrong with it."""
    try:
        size = path.stat().st_size - _TRAILER
        with path.open("rb") as source:
            digest, left = hashlib.sha256(), size
            while left > 0 and (piece := source.read(min(left, _PIECE))):
                digest.update(piece)
                left -= len(piece)
            trailer = source.read()
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if size <= 0 or not trailer.startswith(_MARK):
        return "is no backup of Codedesk, or its end is missing"
    if trailer != _last_line(digest.hexdigest()):
        return "is damaged: it is not what was written"
    return ""


def unpack(source: IO[bytes], target: IO[bytes]) -> FileSum:
    """Copy a member; gives its size and sum as they were read."""
    digest, size = hashlib.sha256(), 0
    while piece := source.read(_PIECE):
        digest.update(piece)
        target.write(piece)
        size += len(piece)
    return FileSum(size, digest.hexdigest())


def _last_line(digest: str) -> bytes:
    return _MARK + digest.encode("ascii") + b"\n"
