"""Passages in order, and each as a citation."""
