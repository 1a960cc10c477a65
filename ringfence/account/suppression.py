"""Counts that give nobody away: small ones are not shown, nor what would tell them (policy 6.4).

Counts stand in a frame: every area of the hierarchy by every column, with all totals. What is held back is decided once
for the whole frame; a reader is shown some rows of the answer and never a frame of their own, so that two publications
of the same counts, with and without an area, differ by nothing but rows.

A cell is held back together with a *move*: cells of the frame that could all be larger or smaller by the same number
while everything shown stays as it is. Each cell held back lies in a move as wide as the policy's number, so whoever
knows all that is shown, and no more, cannot say it more exactly. (Complementary cell suppression; the moves along two
rows and two columns are the hypercubes of Repsilber, see Hundepool et al., Statistical Disclosure Control, 2012, 4.4.)
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ringfence.account.rollup import lead_up
from ringfence.errors import InputRefused

COUNTS = pa.schema([("area_path", pa.string()), ("column", pa.string()), ("n", pa.int64())])
"""One row an area and column: everything that lies in the area, what lies below it included."""

TOTAL = ""
"""The column of all columns together; a frame of one column has none."""

Integers: TypeAlias = npt.NDArray[np.int64]


class Cell(NamedTuple):
    """A number of the frame: of a whole area, or (`is_own`) of what belongs to an area and to none below it.

    The latter is never shown, but the difference of what is shown may be it.
    """

    area: int
    column: int
    is_own: bool = False


@dataclass(frozen=True, eq=False)
class Frame:
    """All counts at once: `own` has what belongs to each area itself, by column (shape areas x columns)."""

    areas: tuple[str, ...]
    columns: tuple[str, ...]
    own: Integers

    @cached_property
    def chains(self) -> list[frozenset[int]]:
        """Each area and those it lies in."""
        places = {path: place for place, path in enumerate(self.areas)}
        return [frozenset(places[path] for path in lead_up(area) if path in places) for area in self.areas]

    @cached_property
    def inside(self) -> list[list[int]]:
        """Each area and those that lie in it."""
        inside: list[list[int]] = [[] for _ in self.areas]
        for area, chain in enumerate(self.chains):
            for above in chain:
                inside[above].append(area)
        return inside

    @property
    def has_total(self) -> bool:
        """Whether the columns have a total beside them."""
        return len(self.columns) > 1

    @cached_property
    def values(self) -> Integers:
        """What lies in each area by column, the total last (shape areas x all columns)."""
        sums = np.array([self.with_total[within].sum(axis=0) for within in self.inside], dtype=np.int64)
        return sums.reshape(len(self.areas), -1)

    @cached_property
    def with_total(self) -> Integers:
        """What belongs to each area itself, the total last."""
        return np.column_stack([self.own, self.own.sum(axis=1)]) if self.has_total else self.own

    def value(self, cell: Cell) -> int:
        """The number that stands there."""
        return int((self.with_total if cell.is_own else self.values)[cell.area, cell.column])

    def cells(self) -> Iterator[Cell]:
        """Every cell, deepest areas first; own ones of areas that nothing lies in are the areas' own cells anyway."""
        by_depth = sorted(range(len(self.areas)), key=lambda area: (-len(self.chains[area]), self.areas[area]))
        for area in by_depth:
            for column in range(self.values.shape[1]):
                yield Cell(area, column)
                if len(self.inside[area]) > 1:
                    yield Cell(area, column, is_own=True)


def suppress(counts: pa.Table, *, below: int) -> pa.Table:
    """The counts of a whole frame (schema COUNTS) with totals, `n` empty where it is not to be shown.

    Held back is whatever lies from 1 to `below` - 1, the zeros beside a row's total that does (they would say what the
    few all are, unless that holds for many around them), and what would tell either. InputRefused where an area counts
    less than what lies in it.
    """
    frame = read_frame(counts)
    hidden = hold_back(frame, below=below)
    names = (*frame.columns, TOTAL) if frame.has_total else frame.columns
    rows = [
        {
            "area_path": path,
            "column": name,
            "n": None if Cell(area, column) in hidden else frame.value(Cell(area, column)),
        }
        for area, path in enumerate(frame.areas)
        for column, name in enumerate(names)
    ]
    return pa.Table.from_pylist(rows, schema=COUNTS)


def hold_back(frame: Frame, *, below: int) -> set[Cell]:
    """The cells of a frame that are not to be shown."""
    hidden = {cell for cell in frame.cells() if _is_small(frame, cell, below=below)}
    moved: set[Cell] = set()
    for cell in frame.cells():
        if cell in hidden and cell not in moved:
            changed = _find_move(frame, cell, hidden, below=below)
            hidden |= changed
            moved |= changed
    return hidden


def read_frame(counts: pa.Table) -> Frame:
    """The frame of some counts; what no row speaks of is 0."""
    areas = {path: place for place, path in enumerate(sorted(set(counts["area_path"].to_pylist())))}
    columns = {name: place for place, name in enumerate(sorted(set(counts["column"].to_pylist())))}
    sums = np.zeros((len(areas), len(columns)), dtype=np.int64)
    for row in counts.to_pylist():
        sums[areas[row["area_path"]], columns[row["column"]]] += row["n"]
    own = sums.copy()
    for path, area in areas.items():
        _, *around = lead_up(path)
        above = next((one for one in around if one in areas), None)
        if above is not None:
            own[areas[above]] -= sums[area]
    short = [path for path, area in areas.items() if (own[area] < 0).any()]
    if short:
        raise InputRefused("area {area} counts less than what lies in it; count all of it", area=short[0])
    return Frame(tuple(areas), tuple(columns), own)


def _is_small(frame: Frame, cell: Cell, *, below: int) -> bool:
    value = frame.value(cell)
    if value or not frame.has_total:
        return 0 < value < below
    total = len(frame.columns)
    if not 0 < frame.value(cell._replace(column=total)) < below:
        return False
    # A zero that holds for the first area around with many says nothing of the few in it.
    around = sorted(frame.chains[cell.area], key=lambda area: len(frame.inside[area]))
    many = next((area for area in around if frame.values[area, total] >= below), None)
    return many is None or bool(frame.values[many, cell.column])


def _find_move(frame: Frame, cell: Cell, hidden: set[Cell], *, below: int) -> set[Cell]:
    """The cells that change with a cell in the move that costs least, nearest areas first.

    There always is one: as a last resort the cell grows, and with it everything above and beside it, to the top.
    """
    starts = [cell.area] if cell.is_own else frame.inside[cell.area]
    for partners in _nearest_first(frame, cell):
        moves = [
            move
            for start in starts
            for partner in partners
            for move in _moves_between(frame, cell.column, start, partner, below=below)
        ]
        if moves:
            return min(moves, key=lambda move: _cost(frame, move - hidden))
    growing = [_grow(frame, cell.column, start) for start in starts]
    return min(growing, key=lambda move: _cost(frame, move - hidden))


def _nearest_first(frame: Frame, cell: Cell) -> Iterator[list[int]]:
    """Areas whose own counts can move against a cell's: those beside it, then those around them, and so on."""
    seen = {cell.area} if cell.is_own else set(frame.inside[cell.area])
    around = sorted(frame.chains[cell.area], key=lambda area: len(frame.inside[area]))
    for area in around:
        partners = [one for one in frame.inside[area] if one not in seen]
        seen.update(partners)
        yield partners


def _moves_between(frame: Frame, column: int, start: int, partner: int, *, below: int) -> Iterator[set[Cell]]:
    """Moves that take from one area's own count what they give to the other's: in one column, or across two."""
    total = len(frame.columns)
    for taken in range(total) if column == total else [column]:
        if frame.own[start, taken] + frame.own[partner, taken] >= below:
            columns = [taken, total] if frame.has_total else [taken]
            yield _changed(frame, frame.chains[start] ^ frame.chains[partner], columns, [start, partner])
    for other in range(total):
        if column in {other, total}:
            continue
        up = min(frame.own[start, column], frame.own[partner, other])
        down = min(frame.own[start, other], frame.own[partner, column])
        if up + down >= below:
            yield _changed(frame, frame.chains[start] ^ frame.chains[partner], [column, other], [start, partner])


def _grow(frame: Frame, column: int, start: int) -> set[Cell]:
    total = len(frame.columns)
    columns = sorted({min(column, total - 1), total}) if frame.has_total else [column]
    return _changed(frame, frame.chains[start], columns, [start])


def _changed(frame: Frame, areas: Iterable[int], columns: Sequence[int], own: Sequence[int]) -> set[Cell]:
    whole = {Cell(area, column) for area in areas for column in columns}
    return whole | {
        Cell(area, column, is_own=True) for area in own for column in columns if len(frame.inside[area]) > 1
    }


def _cost(frame: Frame, cells: set[Cell]) -> tuple[int, int]:
    """How many cells more are held back, and how much they count; own cells are never shown and cost nothing."""
    shown = [cell for cell in cells if not cell.is_own]
    return len(shown), sum(frame.value(cell) for cell in shown)
