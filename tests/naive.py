"""Naive twins of every kernel: slow, obvious, and free of any import from minent."""
