"""The checks of clause 1.2 and what the city adds to them: one file each, each with a function `check`."""
