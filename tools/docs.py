"""Writes what is made from code (pages of docs/, the client's calls), or with --check says what is not current."""

import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from client_calls import write_calls

from ringfence import coldchain
from ringfence.account import write_page
from ringfence.terms import (
    DISPUTE_NEXT,
    FINDING_NEXT,
    FOLLOW_UP_NEXT,
    ORDER_NEXT,
    POOL_NEXT,
    SIGNAL_NEXT,
    TASK_NEXT,
    Language,
)

ROOT = Path(__file__).parent.parent

LIFE_CYCLES: dict[str, Mapping[StrEnum, set[StrEnum]]] = {
    "Signal": SIGNAL_NEXT,
    "Sample pool": POOL_NEXT,
    "Task": TASK_NEXT,
    "Order": ORDER_NEXT,
    "Dispute": DISPUTE_NEXT,
    "Follow-up": FOLLOW_UP_NEXT,
    "Finding": FINDING_NEXT,
}  # type: ignore[dict-item]  # each table has its own enumeration; here they are only words


def write_life_cycle(title: str, cycle: Mapping[StrEnum, set[StrEnum]]) -> str:
    """One life cycle as a state diagram."""
    steps = [f"    {before} --> {after}" for before, afters in cycle.items() for after in sorted(afters)]
    ends = [f"    {state} --> [*]" for state, afters in cycle.items() if not afters]
    first = next(iter(cycle))
    return "\n".join(
        [f"## {title}", "", "```mermaid", "stateDiagram-v2", f"    [*] --> {first}", *steps, *ends, "```", ""]
    )


def write_pages() -> dict[Path, str]:
    """Everything that is made from code, by its path."""
    head = "# Life cycles\n\nMade from the tables in `ringfence/terms` by `tools/docs.py`; do not edit.\n\n"
    cycles = "\n".join(write_life_cycle(title, cycle) for title, cycle in LIFE_CYCLES.items())
    docs = ROOT / "docs"
    return {
        docs / "life_cycles.md": head + cycles,
        docs / "indicators.md": write_page(Language.EN),
        docs / "coldchain.md": coldchain.write_page(),
        **write_calls(),
    }


def main() -> int:
    """Write the pages, or check them; 1 when one is not current."""
    stale = {path: text for path, text in write_pages().items() if not path.exists() or path.read_text() != text}
    for path, text in stale.items():
        name = path.relative_to(ROOT)
        if "--check" in sys.argv:
            print(f"{name} is not current; run: make format")
        else:
            path.write_text(text)
            print(f"wrote {name}")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
