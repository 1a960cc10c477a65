"""Steps of SQL, each a select that the next ones read: taken one after the other for a list, as one for a single row.

So a row is answered online by the very text that answers a batch. What a step reads are steps before it, or tables of
the connection.
"""

from collections.abc import Mapping

import duckdb

Steps = Mapping[str, str]


def take(memory: duckdb.DuckDBPyConnection, steps: Steps) -> None:
    """Take each step: its rows become a temporary table under its name."""
    for name, select in steps.items():
        memory.execute(f"create temp table {name} as {select}")


def prepare(memory: duckdb.DuckDBPyConnection, name: str, steps: Steps, *, into: str | None = None) -> None:
    """Plan all steps as one statement, asked by `execute <name>`: it gives the rows of the last, or keeps them."""
    *before, (_, last) = steps.items()
    common = ", ".join(f"{step} as materialized ({select})" for step, select in before)
    target = f"insert into {into} " if into else ""
    memory.execute(f"prepare {name} as {target}with {common}, last_step as ({last}) from last_step")
