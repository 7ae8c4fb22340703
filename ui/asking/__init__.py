"""Many questions at once: a list is read, asked in a process of its own, and kept row by row."""
