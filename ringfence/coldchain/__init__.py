"""Cold chain: purchase, sale, storage and transport in one closed loop (policy 3)."""
