"""An attacker who knows all that is shown, and that counts are not negative: how exactly can each count be said?

Exact linear programming by the two-phase simplex method with Bland's rule (Bland 1977), in fractions, written for the
tests alone: nothing of it is known to the code that it attacks.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

Row = list[Fraction]
INFINITE = Fraction(10**9)

Shown = Mapping[tuple[str, str], int | None]
"""What is published: a count, or nothing, by area path and column ('' for all columns)."""


def find_width(
    shown: Shown, *, areas: Sequence[str], columns: Sequence[str], target: Sequence[tuple[str, str]]
) -> Fraction:
    """The width of the interval in which the sum of some own counts must lie, from everything shown."""
    unknown = [(area, column) for area in areas for column in columns]
    rows, right = [], []
    for (area, column), n in shown.items():
        if n is not None:
            inside = [path.startswith(area) and column in ("", name) for path, name in unknown]
            rows.append([Fraction(one) for one in inside])
            right.append(Fraction(n))
    aim = [Fraction(cell in set(target)) for cell in unknown]
    return maximum(rows, right, aim) + maximum(rows, right, [-one for one in aim])


def maximum(rows: Sequence[Row], right: Sequence[Fraction], aim: Row) -> Fraction:
    """The greatest aim * x with rows * x = right and x >= 0; INFINITE where there is none."""
    count, width = len(rows), len(aim)
    table = [
        [*row, *(Fraction(number == one) for one in range(count)), value]
        for number, (row, value) in enumerate(zip(rows, right, strict=True))
    ]
    basis = list(range(width, width + count))
    artificial = [Fraction(0)] * width + [Fraction(-1)] * count
    assert _climb(table, basis, artificial, width + count), "what is shown comes from counts, so it fits together"
    assert _value(table, basis, artificial) == 0
    for number, column in enumerate(basis):
        if column >= width:
            swap = next((one for one in range(width) if table[number][one] != 0), None)
            if swap is not None:
                _pivot(table, basis, number, swap)
    kept = [number for number, column in enumerate(basis) if column < width]
    table = [table[number][:width] + table[number][-1:] for number in kept]
    basis = [basis[number] for number in kept]
    if not _climb(table, basis, aim, width):
        return INFINITE
    return _value(table, basis, aim)


def _value(table: list[Row], basis: list[int], aim: Row) -> Fraction:
    return sum((aim[column] * row[-1] for row, column in zip(table, basis, strict=True)), Fraction(0))


def _climb(table: list[Row], basis: list[int], aim: Row, width: int) -> bool:
    """Pivot until nothing improves; False where the aim grows without end."""
    while True:
        gain = [
            aim[one] - sum((aim[column] * row[one] for row, column in zip(table, basis, strict=True)), Fraction(0))
            for one in range(width)
        ]
        enter = next((one for one in range(width) if gain[one] > 0), None)
        if enter is None:
            return True
        steps = [(row[-1] / row[enter], basis[number], number) for number, row in enumerate(table) if row[enter] > 0]
        if not steps:
            return False
        _pivot(table, basis, min(steps)[2], enter)


def _pivot(table: list[Row], basis: list[int], number: int, enter: int) -> None:
    head = table[number][enter]
    table[number] = [one / head for one in table[number]]
    for other, row in enumerate(table):
        if other != number and row[enter] != 0:
            factor = row[enter]
            table[other] = [a - factor * b for a, b in zip(row, table[number], strict=True)]
    basis[number] = enter
