"""Ranking: the heaviest first, and a lot among equals that anybody with the seed can cast again."""

from hashlib import md5

import pyarrow as pa

from ringfence.trace import EXPOSURES, RANKED, rank


def exposures(*rows: tuple[int, int, float]) -> pa.Table:
    """Signal, subject, weight."""
    names = ("signal", "subject", "weight")
    return pa.Table.from_pylist(
        [{"subject_kind": "person", **dict(zip(names, row, strict=True))} for row in rows], EXPOSURES
    )


def lot(seed: int, subject: int) -> str:
    return md5(f"{seed}:person:{subject}".encode(), usedforsecurity=False).hexdigest()


def test_the_heaviest_come_first_whatever_order_they_came_in() -> None:
    ranking = rank(exposures((7, 1, 2.5), (7, 2, 40.0), (8, 3, 7.0)), seed=1)
    assert ranking.exposures.column("subject").to_pylist() == [2, 3, 1]
    assert ranking.exposures.column("position").to_pylist() == [1, 2, 3]
    assert ranking.exposures.schema.equals(RANKED)


def test_equals_stand_as_the_lot_of_the_seed_falls() -> None:
    rows = [(7, subject, 1.0) for subject in range(1, 40)]
    for seed in (1, 2):
        ranking = rank(exposures(*rows), seed=seed)
        assert ranking.seed == seed
        assert ranking.exposures.column("subject").to_pylist() == sorted(range(1, 40), key=lambda n: lot(seed, n))
    again = rank(exposures(*reversed(rows)), seed=2)
    assert again.exposures.equals(rank(exposures(*rows), seed=2).exposures)


def test_a_subject_of_two_signals_draws_one_lot() -> None:
    ranking = rank(exposures((8, 5, 1.0), (7, 5, 1.0), (7, 6, 1.0), (8, 6, 1.0)), seed=3)
    order = list(
        zip(
            ranking.exposures.column("subject").to_pylist(), ranking.exposures.column("signal").to_pylist(), strict=True
        )
    )
    first, then = sorted((5, 6), key=lambda n: lot(3, n))
    assert order == [(first, 7), (first, 8), (then, 7), (then, 8)]


def test_nobody_to_rank_is_an_empty_ranking() -> None:
    assert rank(EXPOSURES.empty_table(), seed=1).exposures.num_rows == 0
