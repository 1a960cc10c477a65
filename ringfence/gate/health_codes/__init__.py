"""The forms in which local health codes are handed to gates: one file each, each with a function `open_codes`."""
