"""Where a test may let the process die: one point between every two steps of what must be whole.

The environment variable CODEDESK_CRASH_AT names a step; reaching it ends the process at once, as a
power cut would. Without the variable nothing happens.
"""

from __future__ import annotations

import os

_CRASH_AT = "CODEDESK_CRASH_AT"

STEPS = (  # in the order in which a sync reaches them
    "locked",
    "swept",
    "planned",
    "folder-made",
    "catalogue-copied",
    "catalogue-opened",
    "document-added",
    "document-dropped",
    "passages-embedded",
    "shard-written",
    "catalogue-recorded",
    "shards-taken-over",
    "catalogue-finished",
    "sums-taken",
    "manifest-unnamed",  # its content is on the disk, under a temporary name
    "manifest-written",
    "tree-flushed",
    "folder-named",  # it has the generation's name, its parent is not flushed
    "parent-flushed",
    "pointer-unnamed",
    "pointer-replaced",  # CURRENT names the new one, the home is not flushed
    "pointer-flushed",
    "grave-named",  # an old generation has its `.removed` name
    "grave-emptied",
    "pruned",
)
RESTORE_STEPS = (  # in the order in which a restore reaches them, those of publishing left out
    "restore-unpacked",
    "restore-noted-unnamed",
    "restore-noted",  # written down and on the disk: from here on the new state is the one
    "aside-made",
    "records-aside",
    "records-in",
    "settings-aside",
    "settings-in",
    "questions-aside",
    "questions-in",
    "editions-aside",
    "editions-in",
    "names-aside",
    "names-in",
    "private-aside",
    "private-in",
    "library-aside",
    "library-in",
    "disabled-aside",
    "disabled-in",
    "trash-aside",
    "trash-in",
    "parts-flushed",
    "restore-done",  # all is in place and on the disk, but what was written down is still there
    "restore-forgotten",
)
REPLICA_STEPS = (  # in the order in which publishing reaches them, then following
    "object-sent",
    "state-sent",
    "latest-sent",
    "piece-fetched",
    "object-fetched",
    "state-put-together",  # from here on as in a restore
)
EDIT_STEPS = (  # in the order in which an edit of metadata reaches them
    "sidecars-written",  # the files of the home's own folder; the book says nothing of it yet
    "edit-committed",  # what the files held before is still written down
)
MOVE_STEPS = (  # in the order in which records reach another database
    "records-begun",  # a table is there, not committed
    "records-compared",  # all are, not committed
    "records-committed",  # the settings still name the place they come from
)


CLUSTER_STEPS = ("part-fetched",)  # of a sync by a cluster: a part is here, whole


def crash_point(step: str) -> None:
    """Die here when a test asked for it. Raises ValueError for a step that is not listed."""
    every = (*STEPS, *RESTORE_STEPS, *REPLICA_STEPS, *EDIT_STEPS, *MOVE_STEPS, *CLUSTER_STEPS)
    if step not in every:
        raise ValueError(f"no step: {step}")
    if os.environ.get(_CRASH_AT) == step:
        os._exit(137)
