"""Checks that every table of the desk is written by one package only."""

import ast
import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
WRITES = re.compile(r"\b(?:insert\s+into|update|delete\s+from)\s+([a-z_]+)")
STATEMENT = re.compile(r"^\s*(?:insert\s+into|update\s+[a-z_]+\s+set|delete\s+from|select|with)\s")


def read_tables() -> set[str]:
    """The tables the migrations make."""
    versions = (ROOT / "ringfence/store/migrations/versions").glob("*.sql")
    return {name for path in versions for name in re.findall(r"create table (\w+)", path.read_text(encoding="utf-8"))}


def read_statements(path: Path) -> list[str]:
    """Every string constant of a module that looks like SQL for the desk."""
    constants = (
        node.value for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant)
    )
    return [text for text in constants if isinstance(text, str) and STATEMENT.match(text)]


def find_writers(tables: set[str]) -> dict[str, set[str]]:
    """Which packages write each table."""
    writers: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "ringfence").rglob("*.py")):
        package = path.relative_to(ROOT / "ringfence").parts[0]
        for statement in read_statements(path):
            for table in WRITES.findall(statement):
                if table in tables:
                    writers[table].add(package)
    return writers


def main() -> int:
    """Print what breaks the rule; 1 when something does."""
    tables = read_tables()
    shared = {table: packages for table, packages in find_writers(tables).items() if len(packages) > 1}
    for table, packages in sorted(shared.items()):
        print(f"table {table} is written by {', '.join(sorted(packages))}: one table, one writing package")
    return 1 if shared else 0


if __name__ == "__main__":
    sys.exit(main())
