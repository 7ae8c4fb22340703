"""Where the records are kept: a SQLite file in the home, or a PostgreSQL that servers share."""
