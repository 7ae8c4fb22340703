"""The Search desk."""
