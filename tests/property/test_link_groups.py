"""Connected groups against a walk along the ties, one member after the other."""

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ringfence.link.groups import gather_connected

MEMBERS = st.lists(st.integers(-50, 50), unique=True, min_size=1, max_size=40)


def walk(members: list[int], ties: list[tuple[int, int]]) -> list[int]:
    """The smallest member that can be reached from each."""
    beside = defaultdict(set)
    for one, other in ties:
        beside[one].add(other)
        beside[other].add(one)
    smallest = []
    for member in members:
        reached, waiting = {member}, [member]
        while waiting:
            further = beside[waiting.pop()] - reached
            reached |= further
            waiting += further
        smallest.append(min(reached))
    return smallest


@given(members=MEMBERS, draws=st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=60))
def test_groups_are_what_a_walk_reaches(members: list[int], draws: list[tuple[int, int]]) -> None:
    ties = [(members[one % len(members)], members[other % len(members)]) for one, other in draws]
    lefts, rights = (np.array([tie[side] for tie in ties], dtype=np.int64) for side in (0, 1))
    assert gather_connected(np.array(members), lefts, rights).tolist() == walk(members, ties)


def test_a_long_chain_is_one_group() -> None:
    members = np.random.default_rng(1).permutation(20_000)
    assert set(gather_connected(members, members[:-1], members[1:]).tolist()) == {0}
