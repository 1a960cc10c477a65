"""Link: rows to persons and households (policy 2.1, 2.3)."""
