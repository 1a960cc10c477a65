"""Areas: the hierarchy, places and their numbers, risk areas (policy 6.2)."""
