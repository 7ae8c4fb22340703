"""The library on this machine: a catalogue and shards, opened as a generation, asked as one."""

from index.embedded.library import EmbeddedLibrary

__all__ = ["EmbeddedLibrary"]
