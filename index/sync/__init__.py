"""Bringing the index up to date: from library folders to a new generation."""

from index.sync.run import sync
from index.sync.settings import SyncSettings

__all__ = ["SyncSettings", "sync"]
