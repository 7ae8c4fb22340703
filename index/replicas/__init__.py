"""One library on many machines: published to a place that all can read, and followed from it."""
