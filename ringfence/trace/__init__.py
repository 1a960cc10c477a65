"""Trace: from a signal to everyone at risk, ranked, each with the reason (policy 2.2)."""
