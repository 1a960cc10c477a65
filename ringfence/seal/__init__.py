"""Seal: keys, signatures, codes and trust lists."""
