"""Wall times become instants by the zone's own rules, also on the days when the clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from feed_files import Receive

from ringfence.feeds.wall_times import DAY_S, to_instants
from ringfence.terms import Clock, from_us

HEADER = "place_id,entered_at,left_at,name,id_number,phone\n"


@pytest.mark.parametrize(
    ("zone", "written", "utc"),
    [
        ("Asia/Shanghai", "2022-02-28 08:00", "2022-02-28 00:00"),
        ("Europe/Berlin", "2021-03-28 01:59:59", "2021-03-28 00:59:59"),
        ("Europe/Berlin", "2021-03-28 03:00", "2021-03-28 01:00"),
        ("Europe/Berlin", "2021-10-31 02:30", "2021-10-31 00:30"),  # the first of two
        ("Europe/Berlin", "2021-10-31 03:00", "2021-10-31 02:00"),
        ("Asia/Kathmandu", "2021-10-31 00:00", "2021-10-30 18:15"),
        ("America/Havana", "2021-03-14 01:00", "2021-03-14 05:00"),  # midnight was skipped
        ("Asia/Shanghai", "1988-04-17 03:00", "1988-04-16 18:00"),  # China had summer time
    ],
)
def test_a_wall_time_is_the_instant_the_zone_makes_of_it(receive: Receive, zone: str, written: str, utc: str) -> None:
    clock = Clock(ZoneInfo(zone))
    [row] = receive("check_ins", f"{HEADER}p1,{written},,张伟,,\n", clock=clock).read().accepted.to_pylist()
    assert from_us(row["entered_at"]) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("Europe/Berlin", "2021-03-28 02:00"),
        ("Europe/Berlin", "2021-03-28 02:59:59"),
        ("America/Havana", "2021-03-14 00:30"),
        ("Asia/Shanghai", "1988-04-17 02:30"),
        ("Pacific/Apia", "2011-12-30 12:00"),  # a whole day that Samoa left out
    ],
)
def test_a_time_the_clocks_skipped_is_rejected_as_such(receive: Receive, zone: str, written: str) -> None:
    content = f"{HEADER}p1,{written},,张伟,,\np1,2021-06-01 10:00,,张伟,,\n"
    part = receive("check_ins", content, clock=Clock(ZoneInfo(zone))).read()
    assert part.rejects["code"].to_pylist() == ["skipped_time"]
    assert part.accepted["row"].to_pylist() == [3]


def test_a_stay_over_the_doubled_hour_may_seem_to_end_before_it_began(receive: Receive) -> None:
    line = "p1,2021-10-31 02:50,2021-10-31 02:10,张伟,,\n"
    part = receive("check_ins", HEADER + line, clock=Clock(ZoneInfo("Europe/Berlin"))).read()
    assert part.rejects["code"].to_pylist() == ["ends_before_start"]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "America/Havana", "Australia/Lord_Howe"])
def test_every_quarter_of_an_hour_of_a_year_is_the_instant_python_makes_of_it(zone: str) -> None:
    clock = Clock(ZoneInfo(zone))
    first = datetime(2021, 1, 1)  # noqa: DTZ001 - a wall time has no zone
    shown = [first + timedelta(minutes=15 * step) for step in range(365 * 96)]
    wall = np.array([(moment - datetime(1970, 1, 1)) // timedelta(seconds=1) for moment in shown])  # noqa: DTZ001
    instants, are_skipped = to_instants(wall, clock)
    for moment, instant, is_skipped in zip(shown, instants.tolist(), are_skipped.tolist(), strict=True):
        expected = moment.replace(tzinfo=clock.zone).astimezone(UTC)
        assert is_skipped == (expected.astimezone(clock.zone).replace(tzinfo=None) != moment)
        assert is_skipped or from_us(instant) == expected
    assert are_skipped.any() == (zone != "Asia/Shanghai")
    assert wall.max() // DAY_S - wall.min() // DAY_S == 364


def test_today_decides_what_lies_ahead(receive: Receive) -> None:
    content = HEADER + "p1,2022-02-28 08:00,,张伟,,\n"
    days = [receive("check_ins", content, today=19_051 + ahead).read().accepted.num_rows for ahead in (-2, -1, 0, 1)]
    assert days == [0, 1, 1, 1]  # 19,051 is 2022-02-28
