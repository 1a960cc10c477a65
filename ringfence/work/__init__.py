"""Work: units on the roster, ranked and capped worklists, orders, follow-up, escalation (policy 2.3, 2.4, 7.1)."""
