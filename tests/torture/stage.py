"""A published index to be tortured, and what it and its successors must say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import scene


@dataclass(frozen=True)
class Stage:
    """A home whose current generation is whole, and what it and its successors must say."""

    template: Path
    library: Path
    models: Path
    old: dict[str, str]  # fingerprint by question
    new: dict[str, dict[str, str]]  # by way, then by question
    wanted: dict[str, scene.Content]  # by way
    seconds: dict[str, float]  # how long an undisturbed sync holds the lock, by way
    current: int

    def copy(self, target: Path) -> Path:
        return scene.copy_home(self.template, target, self.models)
