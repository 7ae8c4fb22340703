"""One file to one document, in a process of its own that can be stopped."""
