"""What the shared words promise: ranges of area paths, cells, plans, reasons, life cycles, record layouts."""

import json
from collections.abc import Mapping
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.terms import (
    FINDING_NEXT,
    FOLLOW_UP_NEXT,
    LAYOUTS,
    ORDER_NEXT,
    POOL_NEXT,
    SIGNAL_NEXT,
    TASK_NEXT,
    Plan,
    Reason,
    ReasonCode,
    RecordKind,
    cell,
    path_end,
)

PATHS = st.lists(st.integers(1, 99_999).map(str), min_size=1, max_size=5).map(lambda codes: "/".join(codes) + "/")


@given(area=PATHS, other=PATHS)
def test_a_path_lies_in_an_areas_range_exactly_when_it_begins_with_the_areas_path(area: str, other: str) -> None:
    assert (area <= other < path_end(area)) is other.startswith(area)


@pytest.mark.parametrize("other", ["1402/140211/", "1402/1402/", "1402/140210/", "1402/", "14020/", "1402/14022/"])
def test_an_area_whose_code_only_begins_alike_is_outside(other: str) -> None:
    assert not "1402/14021/" <= other < path_end("1402/14021/")


@given(day=st.integers(-36_525, 73_050), place_no=st.integers(0, 2**32 - 1))
def test_a_cell_gives_back_its_day_and_place_and_fits_a_bigint(day: int, place_no: int) -> None:
    key = cell(day, place_no)
    assert (key >> 32, key & (2**32 - 1)) == (day, place_no)
    assert -(2**63) <= key < 2**63


def test_a_plans_digest_changes_with_anything_in_it() -> None:
    plans = [
        Plan(kind="policy", basis="1"),
        Plan(kind="policy", basis="2"),
        Plan(kind="fence", basis="1"),
        Plan(kind="policy", basis="1", added=({"n": 1},)),
        Plan(kind="policy", basis="1", released=({"n": 1},)),
        Plan(kind="policy", basis="1", conflicting=({"n": 1},)),
        Plan(kind="policy", basis="1", added=({"n": "1"},)),
        Plan(kind="policy", basis="1", added=({"n": 1}, {"n": 1})),
    ]
    assert len({plan.digest for plan in plans}) == len(plans)
    assert Plan(kind="a", basis="1", added=({"x": 1, "y": 2},)).digest == (
        Plan(kind="a", basis="1", added=({"y": 2, "x": 1},)).digest
    )


@given(
    code=st.sampled_from(ReasonCode),
    values=st.dictionaries(
        st.sampled_from(["found", "column", "minutes"]),
        st.text(max_size=20) | st.integers() | st.floats(allow_nan=False),
        max_size=3,
    ),
)
def test_a_reason_survives_a_store(code: ReasonCode, values: dict[str, str | int | float]) -> None:
    kept = Reason(code, values).to_json()
    assert Reason.from_json(kept) == Reason(code, values)
    assert json.loads(kept)["code"] == code


def test_a_reason_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="no_such_reason"):
        Reason.from_json('{"code":"no_such_reason"}')


CYCLES: list[tuple[Mapping[StrEnum, set[StrEnum]], str]] = [
    (SIGNAL_NEXT, "raised"),
    (POOL_NEXT, "pending"),
    (TASK_NEXT, "open"),
    (ORDER_NEXT, "drafted"),
    (FOLLOW_UP_NEXT, "follow_up"),
    (FINDING_NEXT, "open"),
]


@pytest.mark.parametrize(("steps", "start"), CYCLES)
def test_every_status_of_a_life_cycle_has_its_steps_and_is_reached_from_the_start(
    steps: Mapping[StrEnum, set[StrEnum]], start: str
) -> None:
    statuses = set(type(next(iter(steps))))
    assert steps.keys() == statuses
    reached, ahead = set[str](), {start}
    while ahead:
        reached |= ahead
        ahead = {str(later) for status in ahead for later in steps[status]} - reached  # type: ignore[index]
    assert reached == {str(status) for status in statuses}


@pytest.mark.parametrize("kind", RecordKind)
def test_every_record_can_be_corrected_withdrawn_and_forgotten(kind: RecordKind) -> None:
    layout = LAYOUTS[kind]
    names = layout.schema.names
    assert names[-3:] == ["batch", "row", "recorded_at"]
    assert layout.day_column is None or layout.day_column in names
    assert {column for copy in layout.copies for column in copy.sorted_by} <= set(names)
    assert set(layout.person_columns) <= set(names)
    assert len({copy.name for copy in layout.copies}) == len(layout.copies) >= 1
