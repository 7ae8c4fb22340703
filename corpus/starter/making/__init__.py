"""How the starter library's binary files are made from Markdown that people can read and review."""
