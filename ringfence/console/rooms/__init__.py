"""The rooms of the console: one file a room, and the folder is the register; a shared test runs over each."""
