"""What a sync has to do: files on disk against what the current generation knows of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from time import time_ns

from msgspec.json import encode

from corpus.errors import UnreadableFile
from corpus.files.contents import file_sum
from corpus.files.folder import LibraryFile, list_files
from corpus.metadata.told import Told, Value, holding
from corpus.reading.read import MOST_SIDECAR, found_sidecar
from corpus.text.clean import printable
from index.errors import IndexProblem
from index.shards.stored import FileState

_UNSETTLED = 2_000_000_000  # ns; some disks count time in steps of two seconds
_NO_SIDECAR = "0" * 64  # in the place of its sum
_RESERVED = ("starter", "library")  # names that are wished for; no other folder may take them


@dataclass(frozen=True, slots=True)
class FileOnDisk:
    """A file as it is now. `sidecar` is the sum of its metadata file, or '' without one, and then
    that of what was `told` of it; `stamp` tells later that nothing has changed, () where it could
    not."""

    document: str
    folder: str
    location: str
    sha256: str
    sidecar: str
    stamp: tuple[int, ...] = ()
    told: Mapping[str, Value] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        return Path(self.location)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to read, what to keep and what to remove. What is no file of a document is `refused`,
    and `failed` where not even its name can be kept."""

    folders: Mapping[str, str]
    to_read: tuple[FileOnDisk, ...]
    kept: tuple[FileState, ...]
    removed: tuple[str, ...]
    duplicates: tuple[tuple[str, str], ...]  # (document, the one with the same bytes before it)
    refused: tuple[FileState, ...]  # never opened
    failed: tuple[tuple[str, str], ...]  # (document or path, reason): never opened either
    passed_over: tuple[tuple[str, str], ...]  # (path, reason): no documents by their names
    moved: tuple[tuple[str, str], ...] = ()  # (document, what it was before): told by its bytes


def name_folders(
    paths: Sequence[tuple[str | None, Path]], known: Mapping[str, str]
) -> dict[str, str]:
    """A name for each library folder: the one wished, the one it has, or its own, made unique.

    A wished name (the starter library, the home's own) belongs to whatever folder it is wished for
    now: a program or a home that was moved has the same documents in another place.
    """
    named = dict(known)
    for wish, folder in paths:
        if wish:
            path = str(folder.resolve())
            named = {name: at for name, at in named.items() if at != path} | {wish: path}
    of_path = {path: name for name, path in named.items()}
    for wish, folder in paths:
        path = str(folder.resolve())
        if path in of_path:
            continue
        stem = printable(wish or folder.resolve().name) or "library"
        name, count = stem, 1
        while name in named or (wish is None and name in _RESERVED):
            count += 1
            name = f"{stem}-{count}"
        named[name] = path
        of_path[path] = name
    return named


@dataclass(frozen=True, slots=True)
class Looking:
    """How files are looked at. Of a file of more than `largest` bytes no sum is made: it will not
    be read. `again` names files to read again though nothing of them changed. `trust_times` takes a
    file whose size and time of change are as they were for the same one. `told` is what a person
    said of documents: it follows a file that was renamed. Documents that are `left_out` are taken
    for gone."""

    largest: int
    again: Callable[[FileState], bool] = lambda state: False
    trust_times: bool = True
    told: Mapping[str, Sequence[Told]] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()


def make_plan(
    folders: Mapping[str, str],
    *,
    asked: Sequence[str],
    known: Sequence[FileState],
    read_all_again: bool,
    looking: Looking,
) -> Plan:
    """Compare the `asked` folders (by name) with what is `known`; other folders stay as they are.

    A remembered folder that is missing is reported and keeps its documents: a drive that is not
    mounted must not empty the library.
    """
    refused_before = [state for state in known if state.state == "refused"]
    known = [state for state in known if state.state != "refused"]
    before = {state.document: state for state in known}
    on_disk: list[FileOnDisk] = []
    refused: list[FileState] = []
    failed: list[tuple[str, str]] = []
    passed_over: list[tuple[str, str]] = []
    kept = [state for state in known if state.folder not in asked and not read_all_again]
    missing: set[str] = set()
    wanted = list(folders) if read_all_again else list(asked)
    for name in wanted:
        root = Path(folders[name])
        if not root.is_dir():
            missing.add(name)
            failed.append((str(root), _missing(root, held=any(s.folder == name for s in known))))
            kept += [state for state in known if state.folder == name]
            continue
        files, skipped, passed = list_files(root)
        refused += [_refused(root, name, skip) for skip in skipped]
        passed_over += [(f"{name}/{skip.path}", skip.reason) for skip in passed]
        look = _Look(
            before if looking.trust_times else {}, looking.largest, settled=time_ns() - _UNSETTLED
        )
        on_disk += [look.at(name, file) for file in files]
    looked_at = set(wanted) - missing
    refused += [state for state in refused_before if state.folder not in looked_at]
    on_disk, unclear = _told_apart(on_disk)
    on_disk = [file for file in on_disk if file.document not in looking.left_out]
    failed += unclear
    present = {file.document for file in on_disk}
    gone = [
        state
        for state in known
        if state.folder in wanted and state.folder not in missing and state.document not in present
    ]
    moved = _moved([file for file in on_disk if file.document not in before], gone)
    on_disk = _with_told(on_disk, dict(moved), looking.told)
    to_read = []
    for file in on_disk:
        state = before.get(file.document)
        same = state and (state.sha256, state.sidecar) == (file.sha256, file.sidecar)
        again = read_all_again or (state is not None and looking.again(state))
        if state and same and not again:
            kept.append(state if state.stamp == file.stamp else replace(state, stamp=file.stamp))
        else:
            to_read.append(file)
    left = {old for _, old in moved}
    removed = tuple(state.document for state in gone if state.document not in left)
    return Plan(
        folders=folders,
        to_read=tuple(to_read),
        kept=tuple(kept),
        removed=removed,
        duplicates=_duplicates(on_disk, kept),
        refused=tuple(refused),
        failed=tuple(failed),
        passed_over=tuple(passed_over),
        moved=moved,
    )


def _refused(root: Path, folder: str, skip: UnreadableFile) -> FileState:
    sidecar = found_sidecar(root / skip.path)
    mark = file_sum(sidecar, most=MOST_SIDECAR) if sidecar else ""
    return FileState(f"{folder}/{skip.path}", folder, "", mark, "refused", skip.reason)


def _moved(new: Sequence[FileOnDisk], gone: Sequence[FileState]) -> tuple[tuple[str, str], ...]:
    """Files that were renamed or moved: new ones with the bytes of one that is gone.

    Of several with the same bytes, those that kept their name within their folder.
    """
    by_sum: dict[str, list[FileState]] = defaultdict(list)
    for state in gone:
        if state.state == "indexed" and state.sha256:
            by_sum[state.sha256].append(state)
    rivals = Counter(file.sha256 for file in new)
    pairs: list[tuple[str, str]] = []
    for file in new:
        held = by_sum.get(file.sha256, [])
        if len(held) > 1 or rivals[file.sha256] > 1:
            name = file.document.rpartition("/")[2]
            held = [state for state in held if state.document.rpartition("/")[2] == name]
            same = [one for one in new if one.document.rpartition("/")[2] == name]
            if len([one for one in same if one.sha256 == file.sha256]) > 1:
                continue
        if len(held) == 1:
            pairs.append((file.document, held[0].document))
    return tuple(sorted(pairs))


def require_folders(paths: Sequence[Path]) -> None:
    """Raises IndexProblem for a folder that somebody named and that is not there."""
    for path in paths:
        if printable(str(path)) != str(path) and not _is_text(str(path.resolve())):
            raise IndexProblem(
                f"The name of the folder {printable(str(path))} holds bytes that are no text. "
                "Rename it."
            )
        if not path.is_dir():
            what = "is not a folder" if path.exists() else "does not exist"
            raise IndexProblem(
                f"{path} {what}. Name the folder that holds the documents, for example "
                "`codedesk sync policies/`."
            )


def _is_text(name: str) -> bool:
    """Whether a name can be written down: a file's may be any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _told_apart(
    files: Sequence[FileOnDisk],
) -> tuple[list[FileOnDisk], list[tuple[str, str]]]:
    """The files, each name once. Escapes may make one file's name that of another."""
    known: dict[str, FileOnDisk] = {}
    unclear = []
    for file in files:
        if file.document in known:
            reason = "Once made printable, its name is that of another file. Rename it."
            unclear.append((file.document, reason))
        known.setdefault(file.document, file)
    return list(known.values()), unclear


def _with_told(
    files: Sequence[FileOnDisk], moved: Mapping[str, str], told: Mapping[str, Sequence[Told]]
) -> list[FileOnDisk]:
    """The files with what a person said of them, under the name they have or had."""
    found = []
    for file in files:
        words = told.get(file.document) or told.get(moved.get(file.document, ""), ())
        holds = holding(words, file.sha256)
        mark = f"{file.sidecar or _NO_SIDECAR}{_sum_of(holds)}" if holds else file.sidecar
        found.append(replace(file, sidecar=mark, told=holds))
    return found


def _sum_of(told: Mapping[str, Value]) -> str:
    return sha256(encode(dict(sorted(told.items())))).hexdigest()


def _own_sidecar(mark: str) -> str:
    """The sum of the metadata file alone."""
    return mark[: len(_NO_SIDECAR)].replace(_NO_SIDECAR, "")


@dataclass(frozen=True, slots=True)
class _Look:
    """Looks at files: those that are as they were `before`, by size, time and number, are not read.

    A file that was changed after `settled` may change again within the same tick of the disk's
    clock, so its time proves nothing later.
    """

    before: Mapping[str, FileState]
    largest: int
    settled: int

    def at(self, folder: str, file: LibraryFile) -> FileOnDisk:
        document = f"{folder}/{printable(file.name)}"
        sidecar = found_sidecar(file.path) if file.has_sidecars else None
        stamp = (*file.stamp, *_sidecar_stamp(sidecar))
        known = self.before.get(document)
        if known and known.stamp == stamp:
            sidecar_sum = _own_sidecar(known.sidecar)
            return FileOnDisk(document, folder, file.location, known.sha256, sidecar_sum, stamp)
        return FileOnDisk(
            document=document,
            folder=folder,
            location=file.location,
            sha256=file_sum(file.path, most=self.largest),
            sidecar=file_sum(sidecar, most=MOST_SIDECAR) if sidecar else "",
            stamp=stamp if max(stamp[1], stamp[4]) < self.settled else (),
        )


def _sidecar_stamp(sidecar: Path | None) -> tuple[int, int]:
    """The size and time of a metadata file; of one that vanishes meanwhile, what no file has."""
    if sidecar is None:
        return 0, 0
    try:
        found = sidecar.stat()
    except OSError:
        return -1, -1
    return found.st_size, found.st_mtime_ns


def _duplicates(
    files: Sequence[FileOnDisk], kept: Sequence[FileState]
) -> tuple[tuple[str, str], ...]:
    sums = {state.document: state.sha256 for state in kept}
    sums |= {file.document: file.sha256 for file in files}
    by_sum: dict[str, list[str]] = defaultdict(list)
    for document, digest in sums.items():
        if digest:
            by_sum[digest].append(document)
    pairs = []
    for documents in (held for held in by_sum.values() if len(held) > 1):
        first, *others = sorted(documents)
        pairs += [(other, first) for other in others]
    return tuple(sorted(pairs))


def _missing(root: Path, *, held: bool) -> str:
    rest = " Its documents stay in the index as they were." if held else ""
    return (
        f"The library folder {root} is missing.{rest} Bring it back, or take it out with "
        "`codedesk forget FOLDER`."
    )
