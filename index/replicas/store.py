"""A place that several machines reach: a shared folder, S3-compatible storage, SFTP.

Whatever fsspec knows by its address will do. A name in it is either there as a whole or not there
at all: object storage replaces objects at once, elsewhere a file is written under a name of its own
and renamed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO, Any
from urllib.parse import urlsplit

from index.errors import IndexProblem, NoSpace, lacks_space

_WHOLE = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "memory"})
_PIECE = 1 << 20
PATIENCE = 60.0  # seconds without a byte after which a place counts as not answering


class Unreachable(IndexProblem):
    """The place does not answer, or does not let us in."""


class Store:
    """Files by name below one address. Raises Unreachable whatever goes wrong there, NoSpace where
    it is full, and FileNotFoundError for a name that is not there."""

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        """`url` as fsspec takes it: `/srv/shared`, `s3://bucket/library`, `sftp://host/path`.

        Raises IndexProblem for an address that nothing here can open.
        """
        self.url = url
        import fsspec  # who neither publishes nor follows does not wait for it

        try:
            # A connection of its own: one that broke is not met again when it is looked next time.
            self._files, self._root = fsspec.url_to_fs(
                url, skip_instance_cache=True, **_giving_up(url, patience)
            )
            if (ssh := getattr(self._files, "ftp", None)) is not None:
                ssh.get_channel().settimeout(patience)
        except ImportError as error:
            raise IndexProblem(
                f"Addresses such as {_scheme(url)}:// need more than is installed ({error}). "
                "Install it with `pip install codedesk[replicas]`."
            ) from error
        except ValueError as error:
            raise IndexProblem(
                f"{shown(url)} is no address that can be opened ({error}). Name a folder, or an "
                "address such as s3://bucket/folder or sftp://host/folder."
            ) from error
        except Exception as error:
            raise _unreachable(url, error) from error
        protocols = self._files.protocol
        names = {protocols} if isinstance(protocols, str) else set(protocols)
        self._whole = not names.isdisjoint(_WHOLE)

    def read(self, name: str) -> bytes:
        with self._reached():
            return bytes(self._files.cat_file(self._at(name)))

    def write(self, name: str, content: bytes) -> None:
        """Put a small file in place, over one that is there."""
        with self._reached(), self._placed(name) as at:
            self._files.pipe_file(at, content)

    def upload(self, name: str, source: IO[bytes]) -> None:
        """Put an open file in place, a piece at a time."""
        with self._reached(), self._placed(name) as at, self._files.open(at, "wb") as target:
            source.seek(0)
            while piece := source.read(_PIECE):
                target.write(piece)

    def pieces(self, name: str, *, start: int = 0) -> Iterator[bytes]:
        """The bytes of a file from `start` on, a piece at a time."""
        with self._reached(), self._files.open(self._at(name), "rb") as source:
            if start:
                source.seek(start)
            while piece := source.read(_PIECE):
                yield piece

    def sizes(self, folder: str) -> Mapping[str, int]:
        """What lies below a folder: each file's name, from the root, and its size in bytes."""
        root = self._at("").rstrip("/")
        with self._reached():
            try:
                self._files.invalidate_cache()
                found: Mapping[str, Any] = self._files.find(self._at(folder), detail=True)
            except FileNotFoundError:
                return {}
        named = ((str(path)[len(root) + 1 :], entry) for path, entry in found.items())
        return {name: int(entry["size"] or 0) for name, entry in named if not _is_half(name)}

    def remove(self, name: str) -> None:
        with self._reached(), suppress(FileNotFoundError):
            self._files.rm_file(self._at(name))

    def _at(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}" if name else str(self._root)

    @contextmanager
    def _placed(self, name: str) -> Iterator[str]:
        """Where to write a file so that its name stands for all of it or for nothing."""
        at = self._at(name)
        if self._whole:
            yield at
            return
        self._files.makedirs(str(PurePosixPath(at).parent), exist_ok=True)
        beside = PurePosixPath(at)
        half = str(beside.with_name(f".{beside.name}.{secrets.token_hex(8)}.tmp"))
        try:
            yield half
            self._replace(half, at)
        except BaseException:
            with suppress(Exception):
                self._files.rm_file(half)
            raise

    def _replace(self, half: str, at: str) -> None:
        if "file" in self._files.protocol:
            Path(half).replace(at)
            return
        posix = getattr(getattr(self._files, "ftp", None), "posix_rename", None)
        if posix is not None:  # SFTP's own rename does not replace a file that is there
            posix(half, at)
        else:
            self._files.mv(half, at)

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except (FileNotFoundError, IndexProblem):
            raise
        except Exception as error:
            if lacks_space(error):
                raise NoSpace(shown(self.url)) from error
            raise _unreachable(self.url, error) from error


def _giving_up(url: str, patience: float) -> Mapping[str, Any]:
    """What makes a connection end with an error where nothing comes any more."""
    match _scheme(url):
        case "s3" | "s3a":
            retries = {"total_max_attempts": 2}
            waits = {"connect_timeout": min(patience, 10.0), "read_timeout": patience}
            return {"config_kwargs": {**waits, "retries": retries}}
        case "sftp" | "ssh":
            return dict.fromkeys(("timeout", "banner_timeout", "auth_timeout"), patience)
        case _:
            return {}


def shown(url: str) -> str:
    """An address without a password or a key that stands in it."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url.partition("?")[0]
    user = parts.netloc.rpartition("@")[0].partition(":")[0]
    return f"{parts.scheme}://{user}@{parts.netloc.rpartition('@')[2]}{parts.path}"


def _scheme(url: str) -> str:
    return urlsplit(url).scheme or "file"


def _is_half(name: str) -> bool:
    last = PurePosixPath(name).name
    return last.startswith(".") and last.endswith(".tmp")


def _unreachable(url: str, error: Exception) -> Unreachable:
    what = str(error).partition("\n")[0] or type(error).__name__
    return Unreachable(
        f"{shown(url)} cannot be reached: {what}. See that the address is right, that this machine "
        "may go there, and that its keys are set."
    )
