"""Bringing the index up to date: from library folders to a new generation."""

from index.sync.run import SyncSettings, sync

__all__ = ["SyncSettings", "sync"]
