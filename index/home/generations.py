"""The generations that are kept: listed, and gone back to."""

from __future__ import annotations

from dataclasses import dataclass

from index.errors import DamagedIndex, IndexMismatch, IndexProblem, NoIndex, earlier_layout
from index.home import Home
from index.home.manifest import LAYOUT, Manifest, check_file, read_manifest


@dataclass(frozen=True, slots=True)
class Kept:
    """A generation on disk. `manifest` is None where it is damaged; `problem` then says how."""

    number: int
    current: bool
    manifest: Manifest | None
    problem: str = ""


def list_generations(home: Home) -> list[Kept]:
    """Every generation on disk, oldest first. Their files are not all read: see the doctor."""
    try:
        current = home.current()
    except IndexProblem:
        current = 0
    found = []
    for number in home.kept():
        try:
            manifest = read_manifest(home.folder(number))
            found.append(Kept(number, number == current, manifest))
        except (DamagedIndex, IndexMismatch) as error:
            found.append(Kept(number, number == current, None, str(error)))
    return found


def roll_back(home: Home, generation: int | None = None) -> tuple[int, int]:
    """Point to an earlier generation, by default the newest whole one before the current.

    Gives the number before and the one that answers now. Raises IndexProblem; a generation is
    checked, file by file, before it is pointed to.
    """
    with home.writing():
        try:
            current = home.current()
        except NoIndex:
            raise
        except IndexProblem:
            current = 0
        kept = home.kept()
        if generation is not None:
            if generation not in kept:
                listed = ", ".join(map(str, kept)) or "none"
                raise IndexProblem(f"Generation {generation} is not kept; kept are: {listed}.")
            check(home, generation)
            home.point_to(generation)
            return current, generation
        for number in reversed([number for number in kept if not current or number < current]):
            try:
                check(home, number)
            except (DamagedIndex, IndexMismatch):
                continue
            home.point_to(number)
            return current, number
    raise IndexProblem("There is no earlier generation to go back to. Run `codedesk sync --force`.")


def discard(home: Home, generation: int) -> None:
    """Remove a generation for good that was made and does not answer. Raises IndexProblem."""
    with home.writing():
        if generation == home.current():
            raise IndexProblem(
                f"Generation {generation} answers now. Roll back before removing it."
            )
        if generation in home.kept():
            home.remove(generation)


def check(home: Home, generation: int) -> Manifest:
    """Compare every file of a generation with its manifest. Raises DamagedIndex, IndexMismatch."""
    folder = home.folder(generation)
    manifest = read_manifest(folder)
    if manifest.layout < LAYOUT:
        raise earlier_layout(generation)
    for name in manifest.files:
        check_file(folder, name, manifest)
    return manifest
