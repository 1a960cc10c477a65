"""Store: vault, lake, desk and ledger behind one door (policy 6.4)."""
