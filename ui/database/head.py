"""Which step in migrations/versions is the last."""

HEAD = "0002"
