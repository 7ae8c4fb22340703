"""The commands, grouped by purpose. Each is a thin function over the stage that does the work."""
