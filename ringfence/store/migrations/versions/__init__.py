"""The versions of the desk's tables: each is a module of its name with the steps, and SQL files beside it."""

VERSIONS = ("ground",)
"""Oldest first."""
