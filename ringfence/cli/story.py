"""The closing table of a demo: what came in, what it led to, and what the truth says of it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from ringfence import account
from ringfence.city import CitySummary
from ringfence.cli.exercise import Exercise
from ringfence.cli.hindsight import Hindsight, Linked
from ringfence.cli.words import words
from ringfence.store import Scope


def tell(console: Console, made: CitySummary, exercise: Exercise, seen: Hindsight) -> None:
    """Print the story in tables."""
    whole = account.read_overview(exercise.store.desk, scope=Scope.of_system())
    console.print(words("A city of {residents} residents and {households} households; {visits} visits.", **_of(made)))
    _print(console, "What came in", ("format", "rows", "accepted", "rejected", "newcomers"), _received(exercise))
    _print(console, "Signals", ("kind", "status", "n"), whole.signals)
    _print(console, "Exposures by ring and rule", ("ring", "rule", "status", "n"), whole.exposures)
    found = words("Found {total}: {listed} listed, {below} below the cut, {retracted} retracted.", **_sum(whole.found))
    console.print(found)
    _print(console, "Tasks", ("kind", "level", "status", "n"), whole.tasks)
    _print(console, "Orders", ("measure", "status", "n"), whole.orders)
    _print(console, "Follow-up", ("status", "n"), whole.follow_ups)
    _print(console, "Findings", ("clause", "status", "n"), whole.findings)
    _tell_truth(console, seen)


def _tell_truth(console: Console, seen: Hindsight) -> None:
    rows = [
        {
            "size": words(one.size),
            "in_time": _share(one.in_time, seen.infected),
            "ever": _share(one.ever, seen.infected),
        }
        for one in seen.held
    ]
    title = "Truly infected in the city, held by lists of a size per case: before they passed it on, and ever"
    _print(console, title, ("size", "in_time", "ever"), rows)
    missed = _share(seen.missed, seen.infected)
    console.print(words("Never found: {missed} of {infected}.", missed=missed, infected=seen.infected))
    for title, linked in (("Linking", seen.linked), ("Linking, all ID numbers removed", seen.linked_without_ids)):
        console.print(f"{words(title)}: {_judge(linked)}")


def _judge(linked: Linked) -> str:
    return words(
        "F1 {f1}; {right} rows right, {wrong} wrong, {missed} missed",
        f1=f"{linked.f1:.4f}",
        right=linked.right,
        wrong=linked.wrong,
        missed=linked.missed,
    )


def _print(console: Console, title: str, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    table = Table(title=words(title), title_justify="left")
    for column in columns:
        table.add_column(words(column.replace("_", " ")))
    for row in rows:
        table.add_row(*(str(row[column]) for column in columns))
    console.print(table)


def _received(exercise: Exercise) -> list[Mapping[str, object]]:
    counts: dict[str, Counter[str]] = {}
    for file in exercise.received:
        numbers = {name: file[name] for name in ("rows", "accepted", "rejected", "newcomers")}
        counts.setdefault(file["format"], Counter()).update(numbers)
    return [{"format": name, **dict.fromkeys(("rejected", "newcomers"), 0), **count} for name, count in counts.items()]


def _of(made: CitySummary) -> dict[str, object]:
    return {"residents": made.residents, "households": made.households, "visits": made.visits}


def _sum(found: Mapping[str, int | None]) -> dict[str, int | None]:
    return {**found, "total": sum(count or 0 for count in found.values())}


def _share(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.0%})" if whole else "0"
