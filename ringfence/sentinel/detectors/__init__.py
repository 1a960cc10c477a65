"""The detectors: one file each, each with a function `detect` (policy 4)."""
