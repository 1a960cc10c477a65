"""A synthetic city that writes the very files departments send, and its truth into another folder."""
