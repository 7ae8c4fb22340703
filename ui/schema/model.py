"""What all models have in common, and their JSON."""

from __future__ import annotations

import json
import re
from typing import Any, Self, dataclass_transform

from msgspec import Struct, convert, field, to_builtins

# C1 controls, marks that turn the direction of writing, and halves of surrogate pairs.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
class Model(Struct, frozen=True, kw_only=True):
    """Its fields are the keys, in their order. Scripts rely on them: none is ever renamed."""

    @classmethod
    def like(cls, value: object) -> Self:
        """The model with what `value` has by the same names, and so on inwards."""
        return convert(value, cls, from_attributes=True)


def dumps(value: Any) -> str:
    """JSON that acts on no terminal: what JSON itself leaves unescaped is escaped too."""
    text = json.dumps(to_builtins(value), indent=2, ensure_ascii=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
