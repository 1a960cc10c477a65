"""Small counts give nobody away, whoever adds, subtracts and compares what is shown."""

from itertools import product
from random import Random

import pyarrow as pa
import pytest
from interval_attack import INFINITE, find_width, maximum

from ringfence.account import suppress
from ringfence.account.suppression import COUNTS
from ringfence.errors import InputRefused

BELOW = 5
PATHS = ["1/", "1/11/", "1/11/111/", "1/11/1111/", "1/12/", "1/12/121/", "1/12/122/"]
TOWNSHIPS = ["1/11/111/", "1/11/1111/", "1/12/121/", "1/12/122/"]

Own = dict[tuple[str, str], int]
Shown = dict[tuple[str, str], int | None]


def roll_up(own: Own) -> pa.Table:
    columns = sorted({column for _, column in own})
    rows = [
        {
            "area_path": path,
            "column": name,
            "n": sum(n for (at, of), n in own.items() if of == name and at.startswith(path)),
        }
        for path, name in product(PATHS, columns)
    ]
    return pa.Table.from_pylist(rows, schema=COUNTS)


def show(own: Own) -> Shown:
    return {(row["area_path"], row["column"]): row["n"] for row in suppress(roll_up(own), below=BELOW).to_pylist()}


def naively(own: Own) -> Shown:
    """Only the small counts left out, as spreadsheets do it."""
    columns = sorted({column for _, column in own})
    whole = {(row["area_path"], row["column"]): row["n"] for row in roll_up(own).to_pylist()}
    if len(columns) > 1:
        whole |= {(path, ""): sum(whole[path, name] for name in columns) for path in PATHS}
    return {cell: None if 0 < n < BELOW else n for cell, n in whole.items()}


def narrowest(shown: Shown, own: Own) -> object:
    """The narrowest interval an attacker finds for any count held back, or any small one that is never shown."""
    columns = sorted({column for _, column in own})
    hidden = [cell for cell, n in shown.items() if n is None]
    targets = [
        [(path, name) for path, name in own if path.startswith(area) and column in ("", name)]
        for area, column in hidden
    ]
    targets += [[cell] for cell, n in own.items() if 0 < n < BELOW]
    widths = [find_width(shown, areas=PATHS, columns=columns, target=target) for target in targets]
    return min(widths, default=INFINITE)


def random_own(rng: Random, columns: int) -> Own:
    most = rng.choice([2, 6, 12, 40])
    names = [f"c{n}" for n in range(columns)]
    return {
        (path, name): rng.choice([0, rng.randrange(most + 1), rng.randrange(most + 1)]) if path in TOWNSHIPS
        else rng.choice([0, 0, rng.randrange(4)])
        for path, name in product(PATHS, names)
    }  # fmt: skip


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_no_count_held_back_can_be_said_more_exactly_than_the_number_of_the_policy(columns: int) -> None:
    attack(columns, seeds=range(3))


@pytest.mark.verify
@pytest.mark.parametrize("columns", [1, 2, 3, 4])
def test_no_count_held_back_can_be_said_more_exactly_in_many_towns(columns: int) -> None:
    attack(columns, seeds=range(100, 140))


def attack(columns: int, *, seeds: range) -> None:
    for seed in seeds:
        own = random_own(Random(seed), columns)
        assert narrowest(show(own), own) >= BELOW, f"seed {seed}"


def test_the_attack_finds_what_leaving_out_small_counts_alone_gives_away() -> None:
    found = 0
    for seed in range(8):
        own = random_own(Random(seed), 2)
        found += narrowest(naively(own), own) == 0
    assert found >= 5


def test_with_and_without_an_area_there_is_nothing_to_subtract() -> None:
    """The second publication leaves an area out: it is rows of the same answer, so together they say no more."""
    for seed in range(4):
        own = random_own(Random(seed), 2)
        first = show(own)
        without = {cell: n for cell, n in first.items() if cell[0] != "1/12/122/"}
        assert all(first[cell] == n for cell, n in without.items())
        assert narrowest(first | without, own) >= BELOW


def test_an_area_counted_out_of_a_frame_of_its_own_would_be_given_away() -> None:
    """Why nobody is given a frame of their own: what is left out of it stands in the difference of the totals."""
    own = {(path, "c0"): 20 for path in TOWNSHIPS} | {("1/12/122/", "c0"): 3}
    whole, part = show(own), show({cell: n for cell, n in own.items() if cell[0] != "1/12/122/"})
    assert whole["1/12/122/", "c0"] is None
    assert whole["1/", "c0"] == 63
    assert part["1/", "c0"] == 60


def test_large_counts_are_all_shown() -> None:
    own = dict.fromkeys(product(TOWNSHIPS, "ab"), 7)
    assert None not in show(own).values()


def test_nothing_is_shown_of_a_town_with_a_single_small_count_but_what_tells_nothing() -> None:
    own = {("1/11/111/", "a"): 3, ("1/11/1111/", "a"): 9, ("1/12/121/", "a"): 30, ("1/12/122/", "a"): 40}
    shown = show(own)
    assert {path for (path, _), n in shown.items() if n is None} == {"1/11/111/", "1/11/1111/"}
    assert shown["1/11/", "a"] == 12


def test_the_zeros_beside_a_small_total_are_held_back_too() -> None:
    own = {("1/11/111/", "a"): 3, ("1/11/111/", "b"): 0, ("1/11/1111/", "a"): 9, ("1/11/1111/", "b"): 9}
    own |= dict.fromkeys(product(["1/12/121/", "1/12/122/"], "ab"), 50)
    shown = show(own)
    assert shown["1/11/111/", "b"] is None
    assert narrowest(shown, own) >= BELOW


def test_the_same_counts_are_always_held_back_alike() -> None:
    own = random_own(Random(5), 3)
    shuffled = dict(sorted(own.items(), reverse=True))
    assert show(own) == show(shuffled)


def test_an_area_cannot_count_less_than_what_lies_in_it() -> None:
    rows = [{"area_path": "1/", "column": "a", "n": 3}, {"area_path": "1/11/", "column": "a", "n": 4}]
    with pytest.raises(InputRefused, match="counts less than what lies in it"):
        suppress(pa.Table.from_pylist(rows, schema=COUNTS), below=BELOW)


def test_the_attacker_can_reckon() -> None:
    from fractions import Fraction as F  # noqa: N817, PLC0415 - one look at the oracle itself

    rows = [[F(1), F(1), F(0)], [F(0), F(1), F(1)]]
    assert maximum(rows, [F(4), F(3)], [F(1), F(0), F(0)]) == 4
    assert maximum(rows, [F(4), F(3)], [F(-1), F(0), F(0)]) == -1
    assert maximum(rows, [F(4), F(3)], [F(0), F(1), F(0)]) == 3
    assert maximum([[F(1), F(0)]], [F(4)], [F(0), F(1)]) == INFINITE
