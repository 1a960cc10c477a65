"""Days of 23 and 25 hours, and midnights that never were; every expectation is written by hand from the zones' laws.

The local times of the changes, as governments announced them: Berlin 01:00 UTC on the last Sundays of March and
October; Sao Paulo 00:00 -> 01:00 on 2018-11-04 and 00:00 -> 23:00 on 2019-02-17; Beirut 00:00 -> 01:00 on 2022-03-27
and 00:00 -> 23:00 on 2022-10-30; Havana 00:00 -> 01:00 on 2022-03-13 and 01:00 -> 00:00 on 2022-11-06; Apia went from
the end of 2011-12-29 straight to 2011-12-31.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.terms import Clock, Stay, calendar_day, day_number, from_us, to_us

BEGINNINGS = [  # zone, local day, its first instant in UTC, its length in hours
    ("Asia/Shanghai", "2022-03-01", "2022-02-28T16:00", 24),
    ("Europe/Berlin", "2022-03-26", "2022-03-25T23:00", 24),
    ("Europe/Berlin", "2022-03-27", "2022-03-26T23:00", 23),
    ("Europe/Berlin", "2022-03-28", "2022-03-27T22:00", 24),
    ("Europe/Berlin", "2022-10-30", "2022-10-29T22:00", 25),
    ("Europe/Berlin", "2022-10-31", "2022-10-30T23:00", 24),
    ("America/Sao_Paulo", "2018-11-03", "2018-11-03T03:00", 24),
    ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00", 23),
    ("America/Sao_Paulo", "2018-11-05", "2018-11-05T02:00", 24),
    ("America/Sao_Paulo", "2019-02-16", "2019-02-16T02:00", 25),
    ("America/Sao_Paulo", "2019-02-17", "2019-02-17T03:00", 24),
    ("Asia/Beirut", "2022-03-27", "2022-03-26T22:00", 23),
    ("Asia/Beirut", "2022-03-28", "2022-03-27T21:00", 24),
    ("Asia/Beirut", "2022-10-29", "2022-10-28T21:00", 25),
    ("Asia/Beirut", "2022-10-30", "2022-10-29T22:00", 24),
    ("America/Havana", "2022-03-13", "2022-03-13T05:00", 23),
    ("America/Havana", "2022-11-06", "2022-11-06T04:00", 25),
    ("America/Havana", "2022-11-07", "2022-11-07T05:00", 24),
    ("Pacific/Apia", "2011-12-29", "2011-12-29T10:00", 24),
    ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00", 24),
]
ZONES = sorted({zone for zone, *_ in BEGINNINGS})


def clock(zone: str) -> Clock:
    return Clock(ZoneInfo(zone))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def number(text: str) -> int:
    return day_number(date.fromisoformat(text))


@pytest.mark.parametrize(("zone", "day", "begins", "hours"), BEGINNINGS)
def test_a_day_begins_and_lasts_as_the_law_of_its_zone_says(zone: str, day: str, begins: str, hours: int) -> None:
    assert clock(zone).midnight(number(day)) == utc(begins)
    assert clock(zone).seconds_in(number(day)) == hours * 3600


@pytest.mark.parametrize(("zone", "day", "begins", "hours"), BEGINNINGS)
def test_the_first_and_last_seconds_of_a_day_belong_to_it_and_the_ones_beside_them_do_not(
    zone: str, day: str, begins: str, hours: int
) -> None:
    its, first = clock(zone), utc(begins)
    after = first + timedelta(hours=hours)
    assert its.day_of(first) == its.day_of(after - timedelta(microseconds=1)) == number(day)
    assert its.day_of(first - timedelta(microseconds=1)) < number(day) < its.day_of(after)
    assert (its.second_of(first), its.second_of(after - timedelta(seconds=1))) == (0, hours * 3600 - 1)


def test_a_skipped_day_has_no_seconds_and_no_instant_falls_on_it() -> None:
    apia = clock("Pacific/Apia")
    assert apia.seconds_in(number("2011-12-30")) == 0
    days = {apia.day_of(utc("2011-12-30T09:00") + timedelta(minutes=n)) for n in range(120)}
    assert days == {number("2011-12-29"), number("2011-12-31")}


def test_the_hour_that_the_clocks_repeat_is_two_hours_of_seconds() -> None:
    berlin = clock("Europe/Berlin")
    assert berlin.second_of(utc("2022-10-30T00:30")) == 2 * 3600 + 1800  # 02:30 in summer time
    assert berlin.second_of(utc("2022-10-30T01:30")) == 3 * 3600 + 1800  # 02:30 again
    assert berlin.instant(number("2022-10-30"), 3 * 3600 + 1800) == utc("2022-10-30T01:30")


def test_a_stay_over_midnight_is_cut_into_its_days() -> None:
    sao_paulo = clock("America/Sao_Paulo")
    stays = sao_paulo.split_at_midnight(utc("2018-11-04T02:00"), utc("2018-11-05T02:10"))  # 23:00 to 00:10, two days on
    assert stays == [
        Stay(number("2018-11-03"), 23 * 3600, 3600),
        Stay(number("2018-11-04"), 0, 23 * 3600),
        Stay(number("2018-11-05"), 0, 600),
    ]


def test_a_stay_that_ends_when_it_began_is_none() -> None:
    at = utc("2022-03-01T00:00")
    assert clock("Asia/Shanghai").split_at_midnight(at, at) == []
    assert clock("Asia/Shanghai").split_at_midnight(at, at - timedelta(seconds=1)) == []


INSTANTS = st.integers(to_us(utc("2011-12-20")) // 10**6, to_us(utc("2029-01-01")) // 10**6)


@settings(deadline=None)  # the first use of a zone computes its 109,000 midnights
@given(zone=st.sampled_from(ZONES), seconds=st.lists(INSTANTS, min_size=1, max_size=30))
def test_many_instants_at_once_fall_where_each_falls_alone(zone: str, seconds: list[int]) -> None:
    its = clock(zone)
    days, of_day = SHARED[zone].days_and_seconds(np.array(seconds, dtype=np.int64))
    instants = [from_us(second * 10**6) for second in seconds]
    assert days.tolist() == [its.day_of(instant) for instant in instants]
    assert of_day.tolist() == [its.second_of(instant) for instant in instants]
    assert [its.instant(day, second) for day, second in zip(days.tolist(), of_day.tolist(), strict=True)] == instants


@given(zone=st.sampled_from(ZONES), start=INSTANTS, length=st.integers(1, 5 * 86_400))
def test_the_pieces_of_a_stay_last_as_long_as_the_stay_and_follow_each_other(
    zone: str, start: int, length: int
) -> None:
    its = clock(zone)
    enter, leave = from_us(start * 10**6), from_us((start + length) * 10**6)
    stays = its.split_at_midnight(enter, leave)
    assert sum(stay.stay_s for stay in stays) == length
    assert its.instant(stays[0].day, stays[0].enter_s) == enter
    assert all(stay.enter_s == 0 for stay in stays[1:])
    assert all(stay.enter_s + stay.stay_s <= its.seconds_in(stay.day) for stay in stays)


SHARED = {zone: clock(zone) for zone in ZONES}  # each keeps its table of midnights


def test_an_instant_before_1870_or_after_2169_is_refused() -> None:
    for year in (1869, 2171):
        seconds = np.array([to_us(datetime(year, 6, 1, tzinfo=UTC)) // 10**6])
        with pytest.raises(ValueError, match="1870"):
            SHARED["Asia/Shanghai"].days_and_seconds(seconds)


def test_no_instants_at_all_are_no_days() -> None:
    days, seconds = SHARED["Asia/Shanghai"].days_and_seconds(np.array([], dtype=np.int64))
    assert days.size == seconds.size == 0


@pytest.mark.parametrize(("day", "expected"), [("1970-01-01", 0), ("1969-12-31", -1), ("2022-03-01", 19_052)])
def test_day_numbers_count_from_1970(day: str, expected: int) -> None:
    assert number(day) == expected
    assert calendar_day(expected) == date.fromisoformat(day)


def test_an_instant_keeps_every_microsecond_and_needs_a_zone() -> None:
    instant = datetime(2022, 3, 1, 4, 5, 6, 789_012, tzinfo=UTC)
    assert from_us(to_us(instant)) == instant
    assert to_us(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == -1
    with pytest.raises(ValueError, match="time zone"):
        to_us(datetime(2022, 3, 1))  # noqa: DTZ001 - that is the mistake
