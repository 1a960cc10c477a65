"""The versions of the desk's tables, oldest first."""
