"""Places kept on a list for those who would else come too late."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ringfence.work.arrays import keep_places


@given(st.lists(st.booleans(), max_size=60), st.sampled_from([0.05, 0.1, 0.25, 0.5]))
def test_every_beginning_of_a_list_holds_their_share_while_there_are_any(meant: list[bool], share: float) -> None:
    is_meant = np.array(meant, dtype=np.bool_)
    order = keep_places(is_meant, share=share)
    held = np.cumsum(is_meant[order])
    for first, count in enumerate(held.tolist(), start=1):
        assert count >= min(int(first * share + 1e-9), int(is_meant.sum()))


@given(st.lists(st.booleans(), max_size=60), st.sampled_from([0.0, 0.1, 0.5]))
def test_nobody_is_lost_and_nobody_overtakes_their_like(meant: list[bool], share: float) -> None:
    is_meant = np.array(meant, dtype=np.bool_)
    order = keep_places(is_meant, share=share).tolist()
    assert sorted(order) == list(range(len(meant)))
    for kind in (True, False):
        alike = [row for row in order if meant[row] is kind]
        assert alike == sorted(alike)


def test_without_a_share_the_order_stays() -> None:
    assert keep_places(np.array([False, True, False]), share=0.0).tolist() == [0, 1, 2]


def test_one_of_ten_places_goes_to_who_would_be_last() -> None:
    is_meant = np.array([False] * 20 + [True] * 5)
    order = keep_places(is_meant, share=0.1)
    assert [place + 1 for place, row in enumerate(order.tolist()) if is_meant[row]] == [10, 20, 23, 24, 25]
