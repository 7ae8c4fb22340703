"""The Ask desk."""
