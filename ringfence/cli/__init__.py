"""The command line: parse, call flow, show."""

from ringfence.cli.app import main

__all__ = ["main"]
