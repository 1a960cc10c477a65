"""Windows by hand: onset, sampling, report; isolation ends them; backward to the source; a contact's days."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from ringfence.policy import (
    CaseDays,
    Protocol,
    Tier,
    date_measures,
    follow_up_window,
    infectious_window,
    read_defaults,
    source_window,
)
from ringfence.terms import Case, Classification, Clock, Measure, Ring, Window, WindowBasis, day_number

SPRING_2020 = read_defaults().protocol_on("covid19", day_number(date(2020, 3, 1)))
SPRING_2022 = read_defaults().protocol_on("covid19", day_number(date(2022, 3, 1)))
MERS = read_defaults().protocol_on("mers", day_number(date(2015, 5, 20)))

INFECTIOUS = {
    "onset, not isolated": (SPRING_2020, {"onset_day": 100}, WindowBasis.ONSET, Window(98, 113)),
    "onset before sampling counts": (
        SPRING_2020,
        {"onset_day": 100, "sampled_day": 104},
        WindowBasis.ONSET,
        Window(98, 113),
    ),
    "isolation ends it, that day included": (
        SPRING_2020,
        {"onset_day": 100, "isolated_day": 103},
        WindowBasis.ONSET,
        Window(98, 103),
    ),
    "late isolation does not lengthen it": (
        SPRING_2020,
        {"onset_day": 100, "isolated_day": 130},
        WindowBasis.ONSET,
        Window(98, 113),
    ),
    "isolated on the first infectious day": (
        SPRING_2020,
        {"onset_day": 100, "isolated_day": 98},
        WindowBasis.ONSET,
        Window(98, 98),
    ),
    "isolated before it became infectious": (
        SPRING_2020,
        {"onset_day": 100, "isolated_day": 97},
        WindowBasis.ONSET,
        None,
    ),
    "without symptoms, from sampling": (SPRING_2020, {"sampled_day": 100}, WindowBasis.SAMPLING, Window(98, 110)),
    "reported only": (SPRING_2020, {}, WindowBasis.REPORT, Window(93, 110)),
    "four days under the 8th edition": (SPRING_2022, {"onset_day": 100}, WindowBasis.ONSET, Window(96, 113)),
    "MERS not before onset": (MERS, {"onset_day": 100, "isolated_day": 109}, WindowBasis.ONSET, Window(100, 109)),
}


@pytest.mark.parametrize(("protocol", "days", "basis", "window"), INFECTIOUS.values(), ids=INFECTIOUS.keys())
def test_the_infectious_window_stands_on_the_best_date_and_ends_at_isolation(
    protocol: Protocol, days: dict[str, int], basis: WindowBasis, window: Window | None
) -> None:
    found = infectious_window(CaseDays(reported_day=100, **days), protocol=protocol)
    assert (found.window, found.basis) == (window, basis)


SOURCE = {
    "onset minus 14 to onset minus 1": (SPRING_2020, {"onset_day": 100}, WindowBasis.ONSET, Window(86, 99)),
    "sampled: onset unknown, but no earlier": (SPRING_2020, {"sampled_day": 100}, WindowBasis.SAMPLING, Window(86, 99)),
    "reported: onset up to five days earlier": (SPRING_2020, {}, WindowBasis.REPORT, Window(81, 99)),
    "MERS": (MERS, {"onset_day": 100}, WindowBasis.ONSET, Window(86, 98)),
    "MERS sampled: onset up to two days earlier": (MERS, {"sampled_day": 100}, WindowBasis.SAMPLING, Window(84, 98)),
}


@pytest.mark.parametrize(("protocol", "days", "basis", "window"), SOURCE.values(), ids=SOURCE.keys())
def test_the_source_window_is_the_incubation_before_onset(
    protocol: Protocol, days: dict[str, int], basis: WindowBasis, window: Window | None
) -> None:
    found = source_window(CaseDays(reported_day=100, **days), protocol=protocol)
    assert (found.window, found.basis) == (window, basis)


def test_the_days_of_a_case_are_local_days() -> None:
    case = Case(
        case_id=1,
        person_no=7,
        disease="covid19",
        episode=1,
        classification=Classification.CONFIRMED,
        reported_at=datetime(2022, 3, 1, 15, 59, tzinfo=UTC),  # 23:59 on March 1 in Shanghai
        sampled_at=datetime(2022, 2, 28, 16, 0, tzinfo=UTC),  # 00:00 on March 1
        isolated_at=datetime(2022, 3, 1, 16, 0, tzinfo=UTC),  # 00:00 on March 2
    )
    march_1 = day_number(date(2022, 3, 1))
    assert CaseDays.of(case, clock=Clock(ZoneInfo("Asia/Shanghai"))) == CaseDays(
        reported_day=march_1, sampled_day=march_1, isolated_day=march_1 + 1
    )


def test_a_contact_is_followed_from_the_last_exposure_and_a_later_one_moves_the_end() -> None:
    plan = SPRING_2020.ring(Ring.FIRST)
    assert follow_up_window(100, plan=plan) == Window(100, 114)
    assert follow_up_window(103, plan=plan) == Window(103, 117)


def test_measures_follow_each_other_and_tests_count_from_each_ones_first_day() -> None:
    central, home = date_measures(100, plan=SPRING_2022.first_ring, tier=Tier.VISIT)
    assert (central.step.measure, central.window, central.test_days) == (
        Measure.CENTRAL_QUARANTINE,
        Window(101, 114),
        (101, 104, 107, 114),
    )
    assert (home.step.measure, home.window, home.test_days) == (Measure.HOME_QUARANTINE, Window(115, 121), (116, 121))
