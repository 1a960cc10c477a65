"""Signals: raised, verified, dismissed, withdrawn; and the cases they are about (policy 2.2)."""
