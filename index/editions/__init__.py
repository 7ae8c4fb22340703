"""Versions of one document in several files: found by what they say, ended by what comes later."""
