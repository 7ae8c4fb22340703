"""Where a test may let the process die: one point between every two steps of publishing.

The environment variable CODEDESK_CRASH_AT names a step of STEPS; reaching it ends the process at
once, as a power cut would. Without the variable nothing happens.
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


def crash_point(step: str) -> None:
    """Die here when a test asked for it. Raises ValueError for a step that is not in STEPS."""
    if step not in STEPS:
        raise ValueError(f"no step of publishing: {step}")
    if os.environ.get(_CRASH_AT) == step:
        os._exit(137)
