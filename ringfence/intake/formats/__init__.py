"""What the rows of each format turn into: one file a format, each with one function `take_in`."""
