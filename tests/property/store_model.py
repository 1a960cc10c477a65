"""What the stores should do, as plain dictionaries and lists: the oracle of the state machine."""

from dataclasses import dataclass, field


@dataclass
class Batch:
    """A batch as sent: visits as (day, place, person)."""

    visits: list[tuple[int, int, int]]
    retain_until_day: int | None
    status: str = "committed"


@dataclass
class Alias:
    """One decision; of those from a number the last that is not undone counts."""

    number: int
    from_no: int
    to_no: int
    is_undone: bool = False


@dataclass
class Model:
    """People's rows as (number, recorded second, name); nothing here is clever."""

    people: list[tuple[int, int, str]] = field(default_factory=list)
    waiting: list[tuple[int, int, str]] = field(default_factory=list)
    aliases: list[Alias] = field(default_factory=list)
    batches: dict[str, Batch] = field(default_factory=dict)
    next_number: int = 1
    lines: int = 1

    def home(self, number: int) -> int:
        """Where a number leads, one step after the other."""
        steps = [alias.to_no for alias in self.aliases if alias.from_no == number and not alias.is_undone]
        return self.home(steps[-1]) if steps else number

    def family(self, number: int) -> set[int]:
        """Every number that leads where this one leads."""
        numbers = {row[0] for row in self.people + self.waiting}
        numbers |= {number} | {n for alias in self.aliases for n in (alias.from_no, alias.to_no)}
        return {one for one in numbers if self.home(one) == self.home(number)}

    def newest(self, number: int) -> tuple[int, str] | None:
        """The person a number leads to and the name last recorded of them, if anything is."""
        family = self.family(number)
        rows = [row for row in self.people + self.waiting if row[0] in family]
        return (self.home(number), max(rows, key=lambda row: row[1])[2]) if rows else None

    def visits(self) -> list[tuple[int, int, int]]:
        """The visits of every batch in force."""
        return sorted(visit for batch in self.batches.values() if batch.status == "committed" for visit in batch.visits)

    def forget_visits(self, people: set[int]) -> int:
        """Without some people; how many rows went, of withdrawn batches too."""
        before = sum(len(batch.visits) for batch in self.batches.values())
        for batch in self.batches.values():
            batch.visits = [visit for visit in batch.visits if visit[2] not in people]
        return before - sum(len(batch.visits) for batch in self.batches.values())

    def forget_days(self, day: int) -> int:
        """Without the days before a day; how many rows went."""
        before = sum(len(batch.visits) for batch in self.batches.values())
        for batch in self.batches.values():
            batch.visits = [visit for visit in batch.visits if visit[0] >= day]
        return before - sum(len(batch.visits) for batch in self.batches.values())

    def forget_due(self, day: int) -> int:
        """Without batches whose time ended before a day; how many rows went."""
        due = [
            batch
            for batch in self.batches.values()
            if batch.status != "forgotten" and batch.retain_until_day is not None and batch.retain_until_day < day
        ]
        rows = sum(len(batch.visits) for batch in due)
        for batch in due:
            batch.visits, batch.status = [], "forgotten"
        return rows
