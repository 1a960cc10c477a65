"""The indicators: each file defines `declare()`, which returns its Indicator; the folder is the register."""
