"""The commands, by what they are for. Each is a thin function over the stage that does the work."""
