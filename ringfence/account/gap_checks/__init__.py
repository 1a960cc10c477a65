"""The gap checks: each file defines `check(act, period)`, which returns its gaps; the folder is the register."""
