"""Names of publishers and payers that a person adds to the home's `names.toml`: each as an entry of
its own at the end of the file, so that what somebody wrote there stays as it is."""

from __future__ import annotations

from pathlib import Path

from corpus.errors import CodedeskError
from corpus.metadata.identity.names import Body, read_names
from index.home.durable import write_durably
from ui.state.own_library import to_toml

_LONGEST = 200  # characters of a name


def add_name(path: Path, name: str, *, role: str = "payer", of: str | None = None) -> Body:
    """Add a name as one of its own, or as another name `of` one that is known. Raises
    CodedeskError for a file that cannot be read and a name that is none."""
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST:
        raise CodedeskError(f"A name has between 1 and {_LONGEST} characters.")
    known = read_names(path)
    body = Body(of or name, role, (name,))
    if any(one.name == body.name and name in one.printed for one in known):
        raise CodedeskError(f"“{name}” is in names.toml already.")
    text = path.read_text("utf-8") if path.is_file() else ""
    write_durably(path, f"{text}{_entry(body)}".encode())
    return body


def remove_name(path: Path, body: Body) -> None:
    """Take out an entry that was added so. Raises CodedeskError where it is not there as it was
    written: somebody edits the file by hand."""
    text = path.read_text("utf-8") if path.is_file() else ""
    before, met, after = text.partition(_entry(body))
    if not met:
        raise CodedeskError(f"“{body.name}” was written by hand. Take it out of {path} by hand.")
    write_durably(path, f"{before}{after}".encode())


def _entry(body: Body) -> str:
    fields = {"name": body.name, "role": body.role, "printed": list(body.printed)}
    return f"\n[[body]]\n{to_toml(fields)}"
