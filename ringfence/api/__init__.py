"""API: parse, call flow, show."""
