"""Steps of SQL, each a select that the next ones read: steps before it, or tables of the connection."""

from collections.abc import Mapping

import duckdb

Steps = Mapping[str, str]


def take(memory: duckdb.DuckDBPyConnection, steps: Steps) -> None:
    """Take each step: its rows become a temporary table under its name."""
    for name, select in steps.items():
        memory.execute(f"create temp table {name} as {select}")
