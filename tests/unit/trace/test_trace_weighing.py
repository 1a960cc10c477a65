"""What a reason weighs once minutes, crowd, places and days count as they were fitted."""

import pyarrow as pa
import pytest
from trace_records import DAY, DAYS, homes, join, places, protocol, second, see, sources, visits

from ringfence.trace import ONSETS, Weighing, trace_exposures

BY_DAY = {-1: 0.5, 0: 1.0, 1: 2.0}


def weigh(
    records: dict[str, pa.Table], *, onset: int | None = 3, direction: str = "forward", **weighing: object
) -> dict[int, float]:
    """What each subject weighs, from a case who fell ill on a day from DAY."""
    settings = protocol(weighing=Weighing(**weighing), weights={"same_place": 1.0, "household": 100.0})
    known = [] if onset is None else [{"signal": 7, "case_no": 70, "onset_day": DAY + onset}]
    with see(records, places=places((5, None, None, "school"), (6, None, None, "market"))) as visible:
        visible.put_onsets(pa.Table.from_pylist(known, ONSETS))
        traced = trace_exposures(
            visible,
            sources=sources((7, 1), direction=direction),
            settings=settings,
            until_day=DAYS[-1],
            until_s=second("12:00"),
        )
    return {row["subject"]: round(row["weight"], 4) for row in traced.exposures.to_pylist()}


def at(place: int, day: int, *persons: int, until: str = "10:40") -> dict[str, pa.Table]:
    """The case and others at a place, together from ten."""
    return visits(*((person, place, day, "10:00", until) for person in (1, *persons)))


def test_minutes_and_crowd_count_by_their_powers() -> None:
    found = weigh(at(5, 3, 2, 3, until="11:40"), minutes_power=0.5, crowd_power=1.0)
    assert found == {2: 5.0, 3: 5.0}  # root of 100 minutes, two persons beside the case


def test_a_place_counts_by_its_kind_and_one_of_another_kind_as_it_is() -> None:
    records = join(at(5, 3, 2), at(6, 2, 3))
    assert weigh(records, kinds={"school": 3.0}) == {2: 120.0, 3: 40.0}


@pytest.mark.parametrize(("day", "factor"), [(0, 0.5), (2, 0.5), (3, 1.0), (4, 2.0), (6, 2.0)])
def test_a_day_counts_by_how_long_after_the_onset_it_lies(day: int, factor: float) -> None:
    assert weigh(at(5, day, 2), since_onset=BY_DAY) == {2: 40 * factor}


def test_a_group_counts_every_day_that_it_was_shared() -> None:
    assert weigh(homes((1, 8), (2, 8)), since_onset=BY_DAY) == {2: 100 * (3 * 0.5 + 1 + 3 * 2)}


def test_without_an_onset_all_days_count_alike() -> None:
    assert weigh(at(5, 0, 2), onset=None, since_onset=BY_DAY, onset_unknown=0.3) == {2: 12.0}


def test_whoever_may_have_infected_the_case_is_not_weighed_by_its_onset() -> None:
    assert weigh(at(5, 4, 2), direction="backward", since_onset=BY_DAY, onset_unknown=0.3) == {2: 12.0}


def test_days_do_not_count_where_nobody_says_how() -> None:
    assert weigh(join(at(5, 0, 2), homes((1, 8), (3, 8)))) == {2: 40.0, 3: 100.0}
