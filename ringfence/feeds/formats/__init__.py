"""The formats: each file defines `declare()`, which returns its Format; the folder is the register (STYLE 5)."""
