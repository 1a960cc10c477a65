"""Console: the rooms officers work in."""
