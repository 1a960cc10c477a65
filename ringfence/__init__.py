"""Ringfence draws a ring around an outbreak and fences the data it needs to do so."""
