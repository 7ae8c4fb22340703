"""The three desks in the browser: ask, search, library."""
