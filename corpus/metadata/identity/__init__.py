"""What a document is, read from its own pages: whose it is, its title, number, kind and line."""
