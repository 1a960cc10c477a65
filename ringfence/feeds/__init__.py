"""Feeds: what departments push, row by row accepted or rejected with a reason (policy 2.1, 6.1)."""
