"""Gate: no way in unchecked, and nobody in need turned away (policy 1)."""
