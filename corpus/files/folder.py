"""Which files of a folder are read, and why the others are not. No file is opened here."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePath

from corpus.errors import UnreadableFile
from corpus.files.formats import SUPPORTED, named_format
from corpus.text.clean import printable

_SIDECAR = ".meta.toml"
_TEMPORARY_ENDS = ("~", ".tmp", ".temp", ".swp", ".swo", ".part", ".crdownload", ".bak", ".lock")
_OF_THE_SYSTEM = (
    "thumbs.db, desktop.ini, ehthumbs.db, icon\r, .ds_store, .directory, .localized, .apdisk"
)
_SYSTEM_FILES = frozenset(_OF_THE_SYSTEM.split(", "))
_KEPT_BY_STORES = (
    "$recycle.bin, recycler, recycled, #recycle, @recycle, .recycle, .trash, .trashes, "
    "network trash folder, @eadir, .@__thumb, @tmp, #snapshot, @snapshot, .snapshot, .snapshots, "
    "~snapshot, .zfs, @recently-snapshot, @gmt, system volume information, lost+found, "
    "found.000, temporary items, __macosx, .spotlight-v100, .fseventsd, .temporaryitems, "
    ".documentrevisions-v100, .appledouble, .synology, #tmp, dfsrprivate"
)
_SYSTEM_FOLDERS = frozenset(_KEPT_BY_STORES.split(", "))
_SIGNED = (1 << 63) - 1  # numbers on the disk are kept as signed ones
_DEEPEST = 60  # folders within folders


@dataclass(frozen=True, slots=True)
class LibraryFile:
    """A file to read: where it is, and its path inside the folder, with slashes.

    `stamp` (size, time of the last change in ns, number on the disk) tells that it is the file that
    it was; `has_sidecars` whether there is any sidecar in its folder.
    """

    location: str
    name: str
    stamp: tuple[int, int, int] = (0, 0, 0)
    has_sidecars: bool = True

    @property
    def path(self) -> Path:
        return Path(self.location)


_Told = tuple[UnreadableFile, ...]


def list_files(folder: Path) -> tuple[tuple[LibraryFile, ...], _Told, _Told]:
    """The files to read, sorted by name; those refused; and what is passed over, that is no
    document by its name: each with its reason and its printable path inside the folder.

    Passed over are hidden files, temporary files, and what systems and stores keep for themselves:
    thumbnails, deleted files, snapshots. A sidecar is read with its document. Links are followed
    only inside the folder, and each folder is read once.
    Raises UnreadableFile if the folder itself is not there or may not be listed.
    """
    try:
        root = folder.resolve(strict=True)
        entries = sorted(os.scandir(root), key=lambda entry: entry.name)
    except NotADirectoryError as error:
        raise _refused(folder, "This is a file, not a folder. Name the folder it is in.") from error
    except PermissionError as error:
        raise _refused(folder, _MAY_NOT) from error
    except (OSError, RuntimeError) as error:
        raise _refused(folder, "There is no such folder. Check its name, or create it.") from error
    listing = _Listing(root)
    listing.take(entries, "", depth=0)
    return (
        tuple(sorted(listing.files, key=lambda found: found.name)),
        tuple(sorted(listing.refused, key=lambda error: error.path)),
        tuple(sorted(listing.passed_over, key=lambda error: error.path)),
    )


_HIDDEN = "Its name begins with a dot: it is hidden. Rename it if it is to be read."
_MAY_NOT = "The folder may not be listed by this user. Change its permissions and sync again."


class _Listing:
    def __init__(self, root: Path) -> None:
        self.files: list[LibraryFile] = []
        self.refused: list[UnreadableFile] = []
        self.passed_over: list[UnreadableFile] = []
        self._root = root
        self._entered = {_identity(root.stat())}

    def take(self, entries: list[os.DirEntry[str]], above: str, *, depth: int) -> None:
        sidecars = any(entry.name.lower().endswith(_SIDECAR) for entry in entries)
        for entry in entries:
            name = f"{above}{entry.name}"
            try:
                reason = _no_document(entry)
                if reason is not None:
                    if reason:
                        self.passed_over.append(_refused(name, reason))
                    continue
                self._take_one(entry, name, depth, sidecars=sidecars)
            except FileNotFoundError:
                reason = "It leads nowhere: the file is gone, or the link is broken. Remove it."
                self._refuse(name, reason)
            except OSError as error:
                self._refuse(name, f"It cannot be looked at ({error.strerror}). Check the disk.")

    def _take_one(self, entry: os.DirEntry[str], name: str, depth: int, *, sidecars: bool) -> None:
        if entry.is_symlink() and not self._stays_inside(entry, name):
            return
        found = entry.stat()  # of what the link leads to
        if stat.S_ISDIR(found.st_mode):
            self._enter(entry, name, found, depth)
        elif not stat.S_ISREG(found.st_mode):
            self._refuse(
                name,
                f"This is {_special(found.st_mode)}, not a file, and was not opened. Remove it.",
            )
        elif named_format(entry.name) is None:
            self._refuse(name, f"{_unsupported(entry.name)} Supported are {SUPPORTED}.")
        else:
            stamp = (found.st_size, found.st_mtime_ns, found.st_ino & _SIGNED)
            self.files.append(LibraryFile(entry.path, name, stamp, sidecars))

    def _stays_inside(self, entry: os.DirEntry[str], name: str) -> bool:
        try:
            target = Path(entry.path).resolve(strict=True)
        except FileNotFoundError:
            raise
        except (OSError, RuntimeError):
            self._refuse(name, "This is a link that leads back to itself. Remove it.")
            return False
        if target != self._root and self._root not in target.parents:
            reason = (
                "This is a link that leads out of the folder and was not followed. "
                "Put a copy of the document itself in its place."
            )
            self._refuse(name, reason)
            return False
        if target.is_file():
            reason = (
                "This is a link to another file of the same folder, which is read itself. "
                "Remove the link."
            )
            self._refuse(name, reason)
            return False
        return True

    def _enter(self, entry: os.DirEntry[str], name: str, found: os.stat_result, depth: int) -> None:
        if entry.is_symlink() or _identity(found) in self._entered:
            self._refuse(name, "This link leads to a folder that is read already. Remove the link.")
            return
        if depth >= _DEEPEST:
            self._refuse(name, f"It lies more than {_DEEPEST} folders deep. Move it up.")
            return
        self._entered.add(_identity(found))
        try:
            entries = sorted(os.scandir(entry.path), key=lambda inner: inner.name)
        except PermissionError:
            self._refuse(name, _MAY_NOT)
            return
        self.take(entries, f"{name}/", depth=depth + 1)

    def _refuse(self, path: str, reason: str) -> None:
        self.refused.append(_refused(path, reason))


def _refused(path: str | Path, reason: str) -> UnreadableFile:
    return UnreadableFile(printable(str(path)), reason)


def _no_document(entry: os.DirEntry[str]) -> str | None:
    """Why something is no document by its name; "" for a sidecar, None for what is looked at."""
    lowered = entry.name.lower()
    if entry.is_dir(follow_symlinks=False):
        if lowered in _SYSTEM_FOLDERS:
            return "A folder that the system or the store keeps for itself: deleted or older files."
        return _HIDDEN if lowered.startswith(".") else None
    if lowered.endswith(_SIDECAR):
        return ""
    if lowered in _SYSTEM_FILES or lowered.startswith("._"):
        return "A file that the system keeps for itself."
    if lowered.startswith("~$"):
        return "The mark of a document that is open in Office."
    if lowered.startswith("."):
        return _HIDDEN
    if lowered.endswith(_TEMPORARY_ENDS) or (lowered[0] == lowered[-1] == "#"):
        return "By its name a temporary or a backup file. Rename it if it is a document."
    return None


def _unsupported(name: str) -> str:
    suffix = printable(PurePath(name).suffix.lower())[:20]
    return f"Files ending in {suffix} cannot be read." if suffix else "Its name has no ending."


def _identity(found: os.stat_result) -> tuple[int, int]:
    return (found.st_dev, found.st_ino)


def _special(mode: int) -> str:
    for test, what in (
        (stat.S_ISFIFO, "a pipe (FIFO)"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    ):
        if test(mode):
            return what
    return "something else"
