"""Throw-away clusters of real engines on one Linux machine."""
