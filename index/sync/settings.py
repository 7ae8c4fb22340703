"""How to sync."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from corpus.files.limits import STANDARD, Limits
from corpus.metadata.identity.names import Body
from corpus.metadata.told import Told
from corpus.text.lengths import Lengths
from index.sync.writing import Makers, ThisMachine


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """`keep` is how many generations stay on disk, besides the last one of each of the
    last `keep_days`; `workers` read files at once. Documents that are `left_out` are not read, and
    those that were are removed; their files stay.

    `retry` reads again what could not be read, though its bytes are the same. `trust_times` takes a
    file whose size and time of change are as they were for the same one, unread. `approve` is asked
    whether a finished generation may answer in place of an earlier one; where not, it is kept
    beside it. `names` are those of publishers and payers that documents are looked through for,
    besides the pack's. `told` is what people said of documents, by name; `renamed` hears afterwards
    under which name such a document was found. `makers` read the files and write the shards.
    """

    lengths: Lengths = field(default_factory=Lengths)
    limits: Limits = STANDARD
    workers: int = 2
    keep: int = 3
    keep_days: int = 0
    left_out: frozenset[str] = frozenset()
    force: bool = False
    dry_run: bool = False
    retry: bool = False
    trust_times: bool = True
    names: tuple[Body, ...] = ()
    approve: Callable[[int], bool] = lambda generation: True
    told: Mapping[str, Sequence[Told]] = field(default_factory=dict)
    renamed: Callable[[Mapping[str, str]], None] = lambda names: None
    makers: Makers = field(default_factory=ThisMachine)
