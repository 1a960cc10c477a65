"""The routes, one file a subject; each file's `router` answers for its addresses."""
