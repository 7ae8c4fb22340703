"""Named arrays in one file, which is mapped and not read: what is looked at is what is loaded.

A line of JSON says where each array begins; each begins at a multiple of 64 bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_STEP = 64
_LENGTH = 16  # digits that say how long the line is


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Equal arrays make equal files."""
    places, at = {}, 0
    for name, array in arrays.items():
        places[name] = [array.dtype.str, list(array.shape), at]
        at += _padded(array.nbytes)
    line = json.dumps(places).encode()
    size = _padded(_LENGTH + len(line))
    with path.open("wb") as file:
        file.write(f"{size:0{_LENGTH}d}".encode() + line.ljust(size - _LENGTH))
        for array in arrays.values():
            whole = np.ascontiguousarray(array)
            file.write(whole.tobytes().ljust(_padded(whole.nbytes), b"\0"))


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a file whose sum was compared; none of them can be written to."""
    content = np.memmap(path, np.uint8, "r")
    size = int(content[:_LENGTH].tobytes())
    places = json.loads(content[_LENGTH:size].tobytes())
    return {
        name: _array(content, np.dtype(kind), tuple(shape), size + at)
        for name, (kind, shape, at) in places.items()
    }


def _array(
    content: NDArray[np.uint8], kind: np.dtype[Any], shape: tuple[int, ...], at: int
) -> NDArray[Any]:
    size = int(np.prod(shape)) * kind.itemsize
    return np.asarray(content[at : at + size]).view(kind).reshape(shape)


def _padded(size: int) -> int:
    return -(-size // _STEP) * _STEP
