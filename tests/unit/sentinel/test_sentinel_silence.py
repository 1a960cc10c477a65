"""Missing is not zero: silence and lateness by each site's own habit, and never on a holiday."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest

from ringfence.sentinel import REPORTS, Expectation, Reporting, Site, State, watch_sites
from ringfence.terms import Clock, to_us

CLOCK = Clock(ZoneInfo("Asia/Shanghai"))
MONDAY = 19_051  # 2022-02-28
SITE = Site(site_id="S", name="发热门诊", kind="fever_clinic", area_code="111", area_path="1/", since_day=MONDAY - 400)


def expectation(*holidays: int) -> Expectation:
    return Expectation(
        silent_after=1, complete_from=0.8, timely_within_days=1, timely_from=0.8, holidays=frozenset(holidays)
    )


def reports(days: list[int], *, delay: int = 0) -> pa.Table:
    told = [to_us(CLOCK.midnight(day + delay) + timedelta(hours=20)) for day in days]
    columns = {"site": ["S"] * len(days), "syndrome": ["fever"] * len(days), "day": days, "n": [0] * len(days)}
    return pa.table({**columns, "first_reported_at": told, "reports": [1] * len(days)}, schema=REPORTS)


def watch(days: list[int], today: int, *holidays: int, delay: int = 0, site: Site = SITE) -> Reporting:
    asked = expectation(*holidays)
    [found] = watch_sites(reports(days, delay=delay), [site], today=today, clock=CLOCK, expectation=asked)
    return found


DAILY = list(range(MONDAY - 70, MONDAY))


def test_a_site_that_reports_zeros_every_day_is_in_order() -> None:
    found = watch(DAILY, MONDAY - 1)
    assert (found.state, found.missed, found.completeness, found.timeliness) == (State.IN_ORDER, 0, 1.0, 1.0)
    assert found.observe(now=datetime(2022, 3, 1, tzinfo=CLOCK.zone)) is None


def test_the_first_report_that_is_missing_is_noticed_and_the_second_is_silence() -> None:
    assert (watch(DAILY, MONDAY).state, watch(DAILY, MONDAY + 1).state) == (State.LATE, State.SILENT)
    assert watch(DAILY, MONDAY + 90).missed == 91, "a habit does not fade while a site is silent"


def test_a_holiday_expects_nobody_and_what_comes_after_it_does() -> None:
    holidays = tuple(range(MONDAY, MONDAY + 7))
    assert watch(DAILY, MONDAY + 6, *holidays).state is State.IN_ORDER
    assert watch(DAILY, MONDAY + 7, *holidays).state is State.LATE
    during = [day for day in DAILY if day < MONDAY - 7]
    gone = watch([*during, *range(MONDAY, MONDAY + 10)], MONDAY + 9, *range(MONDAY - 7, MONDAY))
    assert (gone.state, gone.completeness) == (State.IN_ORDER, 1.0)


@pytest.mark.parametrize("weekdays", [{0}, {0, 1, 2, 3, 4}, {1, 4}])
def test_a_site_is_late_only_on_days_it_used_to_report_on(weekdays: set[int]) -> None:
    days = [day for day in DAILY if (day + 3) % 7 in weekdays]
    for today in range(MONDAY, MONDAY + 7):
        missed = sum((day + 3) % 7 in weekdays for day in range(MONDAY, today + 1))
        found = watch(days, today)
        assert found.missed == missed
        assert found.state is (State.IN_ORDER if not missed else State.LATE if missed == 1 else State.SILENT)


def test_a_site_whose_reports_thin_out_is_falling_and_one_whose_reports_come_late_is_slow() -> None:
    thinner = [day for day in DAILY if day < MONDAY - 28 or day % 3 or day == MONDAY - 1]
    assert watch(thinner, MONDAY - 1).state is State.FALLING
    assert watch(DAILY, MONDAY - 1, delay=2).state is State.SLOW


def test_a_site_that_never_reported_is_silent_from_its_second_day_on_the_list() -> None:
    new = Site(**{**vars(SITE), "since_day": MONDAY})
    assert [watch([], MONDAY + more, site=new).state for more in range(2)] == [State.LATE, State.SILENT]
    found = watch([], MONDAY + 1, site=new)
    assert (found.last_day, found.missed, found.timeliness) == (None, 2, None)


def test_a_site_with_one_day_of_history_is_expected_the_next_day() -> None:
    assert watch([MONDAY], MONDAY).state is State.IN_ORDER
    assert watch([MONDAY], MONDAY + 1).state is State.LATE


def test_a_random_tenth_of_missing_days_is_no_silence() -> None:
    kept = np.random.default_rng(3).random(len(DAILY)) > 0.1
    kept[[-1, -5]] = True, False
    found = watch([day for day, one in zip(DAILY, kept.tolist(), strict=True) if one], MONDAY - 1)
    assert found.state is State.IN_ORDER
    assert 0.8 <= (found.completeness or 0) < 1
