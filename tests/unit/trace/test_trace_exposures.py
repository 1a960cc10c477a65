"""The whole trace: two rings, one exposure a subject, every reason kept."""

from math import sqrt

import pyarrow as pa
import pytest
from trace_records import CLOCK, DAY, homes, protocol, routes, second, sources, trace, visits

from ringfence.errors import PolicyRefused
from ringfence.terms import Reason, ReasonCode, Subject, SubjectKind, to_us
from ringfence.trace import EXPOSURES, REASONS, Traced, read_reasons


def at(day: int, time: str) -> int:
    return to_us(CLOCK.instant(DAY + day, second(time)))


def exposures(traced: Traced, *columns: str) -> list[tuple[object, ...]]:
    return [tuple(row[name] for name in columns) for row in traced.exposures.to_pylist()]


def reasons(traced: Traced, *columns: str) -> list[tuple[object, ...]]:
    return [tuple(row[name] for name in columns) for row in traced.reasons.to_pylist()]


def test_one_subject_with_several_reasons_is_one_exposure() -> None:
    records = (
        visits(
            (1, 5, 1, "9:00", "10:00"), (2, 5, 1, "9:00", "9:30"), (3, 5, 1, "9:00", "10:00"), (2, 6, 2, "8:00", "9:00")
        )
        | homes((1, 8), (2, 8, 3, 4))
        | routes((1, 5, 113.3, 40.0), (2, 5, 113.3, 40.0))
    )
    traced = trace(records, sources((7, 1)))
    assert exposures(traced, "subject", "ring", "rules", "first_day", "last_day", "minutes", "reasons") == [
        (2, 1, "household,near_in_place_and_day,same_place", DAY + 1, DAY + 5, 30, 3),
        (3, 1, "same_place", DAY + 1, DAY + 1, 60, 1),
    ]
    weights = dict(exposures(traced, "subject", "weight"))
    assert weights[2] == pytest.approx(500 + 2 + 30 / sqrt(2), abs=1e-6)
    assert weights[3] == pytest.approx(60 / sqrt(2), abs=1e-6)


def test_a_reason_is_the_path_that_proves_it() -> None:
    records = visits((1, 5, 1, "9:00", "10:00"), (2, 5, 1, "9:00", "9:30:59"))
    traced = trace(records, sources((7, 1)))
    assert traced.reasons.schema.equals(REASONS)
    assert traced.exposures.schema.equals(EXPOSURES)
    assert reasons(
        traced, "subject", "source", "case_no", "rule", "place", "first_at", "last_at", "minutes", "crowd"
    ) == [(2, 1, 70, "same_place", 5, at(1, "9:00"), at(1, "9:30:59"), 30, 1)]


def test_the_same_person_is_exposed_to_each_signal_for_itself() -> None:
    records = homes((1, 8), (2, 8), (3, 8))
    traced = trace(records, sources((7, 1), (8, 2)), settings=protocol(second_ring_rules=()))
    assert exposures(traced, "signal", "subject", "is_case") == [
        (7, 2, True),
        (7, 3, False),
        (8, 1, True),
        (8, 3, False),
    ]


def test_the_second_ring_goes_by_household_from_the_first_exposure() -> None:
    records = visits(
        (1, 5, 1, "9:00", "10:00"), (2, 5, 1, "9:20", "10:00"), (4, 6, 1, "9:00", "10:00"), (3, 6, 1, "9:00", "10:00")
    )
    records |= homes((1, 7), (2, 8), (3, 8), (9, 8, 0, 0))
    traced = trace(records, sources((7, 1)))
    assert reasons(traced, "subject", "ring", "source", "rule", "first_at", "last_at", "weight") == [
        (2, 1, 1, "same_place", at(1, "9:20"), at(1, "10:00"), 40.0),
        (3, 2, 2, "household", at(1, "9:20"), at(6, "12:00"), 500 * 0.2),
    ]
    assert exposures(traced, "subject", "ring", "first_day", "last_day") == [
        (2, 1, DAY + 1, DAY + 1),
        (3, 2, DAY + 1, DAY + 6),
    ]


def test_the_first_ring_is_in_no_second_and_nobody_is_in_a_ring_of_their_own() -> None:
    traced = trace(homes((1, 8), (2, 8), (3, 8)), sources((7, 1)))
    assert exposures(traced, "subject", "ring", "reasons") == [(2, 1, 1), (3, 1, 1)]


def test_another_case_in_the_second_ring_is_kept_and_said_to_be_a_case() -> None:
    records = visits((1, 5, 1, "9:00", "10:00"), (2, 5, 1, "9:00", "10:00")) | homes((2, 8), (3, 8))
    traced = trace(records, sources((7, 1), (8, 3), window=(0, "0:00", 1, "24:00")))
    assert exposures(traced, "signal", "subject", "ring", "is_case") == [
        (7, 2, 1, False),
        (7, 3, 2, True),
        (8, 2, 1, False),
    ]


def test_without_rules_for_it_there_is_no_second_ring() -> None:
    records = visits((1, 5, 1, "9:00", "10:00"), (2, 5, 1, "9:00", "10:00")) | homes((2, 8), (3, 8))
    traced = trace(records, sources((7, 1)), settings=protocol(second_ring_rules=()))
    assert exposures(traced, "subject", "ring") == [(2, 1)]


def test_who_may_have_infected_the_case_has_no_second_ring() -> None:
    records = visits((1, 5, 1, "9:00", "10:00"), (2, 5, 1, "9:00", "10:00")) | homes((2, 8), (3, 8))
    traced = trace(records, sources((7, 1), direction="backward"))
    assert exposures(traced, "subject", "ring", "directions") == [(2, 1, "backward")]


def test_looking_back_never_moves_the_days_of_being_exposed() -> None:
    records = visits(
        *((1, 5, day, "9:00", "10:00") for day in range(5)), *((2, 5, day, "9:00", "10:00") for day in range(5))
    )
    ahead = sources((7, 1), window=(2, "0:00", 3, "24:00"))
    back = sources((7, 1), direction="backward")
    traced = trace(records, pa.concat_tables([ahead, back]))
    assert exposures(traced, "directions", "first_day", "last_day", "reasons") == [
        ("backward,forward", DAY + 2, DAY + 3, 7)
    ]
    assert exposures(trace(records, back), "first_day", "last_day") == [(DAY, DAY + 4)]


def test_only_the_protocols_rules_apply() -> None:
    records = visits((1, 5, 1, "9:00", "10:00"), (2, 5, 1, "9:00", "10:00")) | homes((1, 8), (3, 8))
    cholera = protocol(rules={"household": {}})
    assert exposures(trace(records, sources((7, 1)), settings=cholera), "subject") == [(3,)]


def test_a_case_of_whom_nothing_is_known_exposes_nobody() -> None:
    traced = trace({}, sources((7, 1)))
    assert (traced.exposures, traced.reasons) == (EXPOSURES.empty_table(), REASONS.empty_table())
    assert trace(homes((1, 8), (2, 8)), sources()).exposures == EXPOSURES.empty_table()


def test_a_protocol_that_is_not_whole_is_refused() -> None:
    records, cases = homes((1, 8), (2, 8)), sources((7, 1))
    with pytest.raises(PolicyRefused, match="no rule same_dream exists; the protocol may name came_from_risk_area, "):
        trace(records, cases, settings=protocol(rules={"same_dream": {}}))
    with pytest.raises(PolicyRefused, match="no weight for the rule household"):
        trace(records, cases, settings=protocol(weights={}))
    with pytest.raises(PolicyRefused, match="no metres for the rule near_in_place_and_day"):
        trace(records, cases, settings=protocol(rules={"near_in_place_and_day": {"days": 1}}))


def test_a_reason_reads_as_the_words_of_the_field() -> None:
    records = (
        visits((1, 5, 1, "9:00", "10:00"), (2, 5, 1, "9:00", "9:30"))
        | homes((1, 8), (2, 8, 3, 4))
        | routes((1, 5, 113.3, 40.0), (2, 6, 113.3, 40.001))
    )
    household, near, place = read_reasons(trace(records, sources((7, 1))).reasons)
    assert household.reason == Reason.of(ReasonCode.SAME_HOUSEHOLD)
    assert (near.reason.code, near.reason.values) == (ReasonCode.NEAR_IN_PLACE_AND_DAY, {"metres": 112, "days": 1})
    assert (place.reason.code, place.reason.values) == (ReasonCode.SAME_PLACE, {"minutes": 30})
    assert (place.rule, place.source, place.place_no) == ("same_place", Subject(SubjectKind.PERSON, "1"), 5)
    assert (place.first_at_us, place.last_at_us, place.minutes) == (at(1, "9:00"), at(1, "9:30"), 30)
    assert (place.weight, near.distance) == (30.0, pytest.approx(111.2, abs=0.01))
