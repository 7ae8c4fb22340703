"""Where an index lies on disk: generations, the pointer to the one that answers, the lock."""

from index.home.home import Home

__all__ = ["Home"]
