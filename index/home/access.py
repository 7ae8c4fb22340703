"""Who may read and write a home: its owner alone, or also the group that it is shared with.

A home that Codedesk makes is its owner's. One that is there keeps the permissions that somebody
gave it, and what is made in it follows them. Nobody else is ever let in.
"""

from __future__ import annotations

import stat
from contextlib import suppress
from pathlib import Path

_GROUP, _OTHERS = 0o070, 0o007


def shared_bits(home: Path) -> int:
    """What a home grants its group; 0 where it is not shared.

    Shared is a folder that its group may write to, that hands its group on (setgid), or that lets
    its group in and nobody else. What `mkdir` makes by itself (755) is not: everybody may look into
    that, and nobody chose so.
    """
    try:
        mode = home.stat().st_mode
    except OSError:
        return 0
    chosen = mode & (stat.S_ISGID | stat.S_IWGRP) or not mode & _OTHERS
    return mode & _GROUP if chosen else 0


def folder_mode(home: Path) -> int:
    """The permissions of a folder that is made in a home."""
    return stat.S_IRWXU | shared_bits(home)


def make_folders(path: Path, home: Path) -> None:
    """Make a folder in a home, and those above it that are missing."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True, mode=folder_mode(home))


def file_mode(home: Path) -> int:
    """The permissions of a file that is made in a home."""
    return stat.S_IRUSR | stat.S_IWUSR | shared_bits(home) & 0o060


def umask_for(home: Path) -> int:
    """What no file that a process makes may grant, when it works in this home."""
    return (_GROUP | _OTHERS) & ~shared_bits(home)


def grant(folder: Path, home: Path) -> None:
    """Let the group of a shared home use all below a folder: tantivy, for one, makes files that are
    their owner's alone whatever the umask is. What is linked from before may be somebody else's."""
    bits = shared_bits(home)
    for path in (folder, *folder.rglob("*")) if bits else ():
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = mode | (bits if path.is_dir() else bits & 0o060)
        if mode != wanted:
            with suppress(PermissionError):
                path.chmod(wanted)


def too_open(path: Path, home: Path) -> bool:
    """Whether a file or folder lets in more people than the home is meant for."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False  # gone meanwhile
    return bool(mode & umask_for(home))
