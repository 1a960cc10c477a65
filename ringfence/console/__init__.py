"""Console: the rooms officers work in, in a browser, in Chinese and English (policy 7.3)."""

from ringfence.console.app import make_console

__all__ = ["make_console"]
