"""Policy: every number with its clause and its dates; published, never just edited."""
