"""A generation on this machine, open: its catalogue, and its shards as they are asked for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from index.embedded.catalogue import CATALOGUE, Catalogue
from index.errors import IndexMismatch, earlier_layout
from index.home import Home
from index.home.manifest import LAYOUT, SHARD, SHARDS, Manifest, check_file, read_manifest
from index.shards.shard import BULK, WORDS, Shard, Sizes
from index.shards.texts import FILES

_READ_AT_ONCE = 64_000_000  # bytes of bulk that are compared at every start


@dataclass(frozen=True, slots=True)
class Lying:
    """Which files of a generation lie on this machine, where not all do: the catalogue, these
    shards, the texts of further ones and, with `words`, the words of all."""

    shards: frozenset[str]
    words: bool = False
    texts: frozenset[str] = frozenset()

    def __call__(self, name: str) -> bool:
        if not name.startswith(f"{SHARDS}/"):
            return True
        _, shard, inside = name.split("/", 2)
        if inside == SHARD or shard in self.shards:
            return True
        return (self.words and _is_of_words(inside)) or (shard in self.texts and inside in FILES)


class Generation:
    """An open generation. Safe to share between threads. `close` it, or let it go.

    Nothing is parsed before it was compared with its sum. `whole` compares all files at once; else
    each shard is compared when it is first asked for. `lying` says what lies here, where that is
    not all of it. Raises DamagedIndex, and IndexMismatch for one that another version of Codedesk
    made.
    """

    def __init__(
        self, home: Home, number: int, *, whole: bool = True, lying: Lying | None = None
    ) -> None:
        self.home = home
        self.number = number
        self.folder = home.folder(number)
        self.manifest: Manifest = read_manifest(self.folder)
        if self.manifest.layout < LAYOUT:
            raise earlier_layout(number)
        self.sizes = sizes(self.manifest)
        self._lying = lying
        names = [name for name in self.manifest.files if lying is None or lying(name)]
        self._check(names if whole else [CATALOGUE], size_only=False)
        if not whole:
            self._check(names, size_only=True)
        self._checked = whole
        self.catalogue = Catalogue(self.folder / CATALOGUE)
        self._names = self.catalogue.shards()
        self._shards: dict[int, Shard] = {}
        self._lock = Lock()

    def close(self) -> None:
        self.catalogue.close()
        for shard in self._shards.values():
            shard.close()

    @property
    def numbers(self) -> list[int]:
        """Of the shards, in this generation's catalogue."""
        return list(self._names)

    def shard(self, number: int) -> Shard:
        """Raises KeyError, DamagedIndex."""
        with self._lock:
            found = self._shards.get(number)
            if found is None:
                name = self._names[number]
                if not self._checked:
                    inside = f"{SHARDS}/{name}/"
                    self._check([n for n in self.manifest.files if n.startswith(inside)])
                found = self._shards[number] = Shard(self.folder / SHARDS / name, self.sizes)
            return found

    def shards(self) -> list[Shard]:
        """Those that lie here."""
        return [self.shard(number) for number in self.here]

    @property
    def names(self) -> dict[int, str]:
        """The names of the shards, by their numbers."""
        return dict(self._names)

    @property
    def here(self) -> list[int]:
        """The numbers of the shards that lie here."""
        lying = self._lying
        return [n for n, name in self._names.items() if lying is None or name in lying.shards]

    def words(self) -> list[Path]:
        """The parts of the words that lie here, in the order of their shards."""
        if self._lying is not None and not self._lying.words:
            return []
        folders = (self.folder / SHARDS / name for name in self._names.values())
        return [part for folder in folders for part in Shard(folder, self.sizes).words]

    def _check(self, names: list[str], *, size_only: bool = False) -> None:
        """Compare files with the manifest, on two cores: it lets other threads run.

        Where the rows of vectors and the texts are too many to be read at every start, their sizes
        are compared now and each row when it is first looked at. Raises DamagedIndex.
        """
        files = self.manifest.files
        bulk = {name for name in files if name.endswith(BULK)}
        later = sum(files[name].size for name in bulk) > _READ_AT_ONCE
        with ThreadPoolExecutor(max_workers=2) as beside:
            checks = [
                beside.submit(
                    check_file,
                    self.folder,
                    name,
                    self.manifest,
                    size_only=size_only or (later and name in bulk),
                    quick=True,
                )
                for name in names
            ]
            for check in checks:
                check.result()


def _is_of_words(inside: str) -> bool:
    return inside.startswith(f"{WORDS}/")


def sizes(manifest: Manifest) -> Sizes:
    """Of vectors and of the model's vocabulary. Raises IndexMismatch."""
    try:
        embedder = manifest.recipe["embedder"]
        return Sizes(int(embedder["dimension"]), int(embedder["token_dimension"]))
    except (KeyError, TypeError, ValueError) as error:
        raise IndexMismatch(
            f"Generation {manifest.generation} was made by another version of Codedesk. Make it "
            "anew with `codedesk sync --force`."
        ) from error
