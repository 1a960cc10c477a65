"""What other systems export: each file defines `propose()`, a feed as far as their own columns go (policy 2.1).

Whoever receives from one of them still declares department, purpose, retention and basis, and how it writes its days.
"""
