"""The Library desk."""
