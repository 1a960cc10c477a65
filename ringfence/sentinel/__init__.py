"""Sentinels: sensitive, early, at a known false-alarm rate (policy 4)."""
