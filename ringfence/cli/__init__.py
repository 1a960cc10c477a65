"""The command line: parse, call flow, show."""


def main() -> None:
    """Run the command line."""
