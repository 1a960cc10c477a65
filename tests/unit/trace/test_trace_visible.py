"""What a trace may see, and what it refuses to start from."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from trace_records import CLOCK, DAY, DAYS, contacts, homes, protocol, see, sources, visits

from ringfence.errors import InputRefused, StoredDamaged
from ringfence.terms import Clock, day_number
from ringfence.trace import Visible, visible_days


def test_files_and_tables_are_seen_alike(tmp_path: Path) -> None:
    tables = visits((1, 5, 1, "9:00", "10:00"), (2, 5, 1, "9:00", "10:00"))
    paths = {name: [str(tmp_path / f"{name}.parquet")] for name in tables}
    for name, table in tables.items():
        pq.write_table(table, paths[name][0])
    assert contacts("same_place", paths, sources((7, 1))) == contacts("same_place", tables, sources((7, 1))) != []


def test_days_that_were_not_asked_for_are_not_seen() -> None:
    records = visits(*((person, 5, day, "9:00", "10:00") for person in (1, 2) for day in range(7)))
    cases = sources((7, 1), window=(2, "0:00", 3, "24:00"))
    found = contacts("same_place", records, cases, days=range(DAY + 2, DAY + 4))
    assert [row["first_day"] - DAY for row in found] == [2, 3]


def test_a_file_that_lacks_a_column_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "membership.parquet"
    pq.write_table(homes((1, 8))["membership"].drop_columns(["group_no", "from_day"]), path)
    with pytest.raises(StoredDamaged, match="files of membership lack the column from_day, group_no"):
        Visible({"membership": [str(path)]}, days=DAYS, clock=CLOCK)


@pytest.mark.parametrize("column", ["person", "first_day", "last_s"])
def test_a_case_without_dates_is_refused(column: str) -> None:
    cases = sources((7, 1))
    empty = pa.nulls(1, cases.schema.field(column).type)
    cases = cases.set_column(cases.schema.get_field_index(column), column, empty)
    with pytest.raises(InputRefused, match=f"has no {column}"), see({}) as visible:
        visible.put_sources(cases)


def test_a_direction_nobody_knows_is_refused() -> None:
    with pytest.raises(InputRefused, match="sideways is no direction"), see({}) as visible:
        visible.put_sources(sources((7, 1), direction="sideways"))


@pytest.mark.parametrize("window", [(-1, "0:00", 3, "0:00"), (3, "0:00", 7, "0:00")])
def test_a_window_beyond_the_visible_days_is_refused_not_cut(window: tuple[int, str, int, str]) -> None:
    with pytest.raises(InputRefused, match="only days 19050 to 19056 are visible"), see({}) as visible:
        visible.put_sources(sources((7, 1), window=window))


def test_the_days_to_see_reach_as_far_as_air_lingers_and_routes_lie_apart() -> None:
    cases = sources((7, 1), window=(2, "0:00", 4, "12:00"))
    plain = protocol(rules={"same_place": {}})
    assert visible_days(cases, settings=plain, clock=CLOCK, until_day=DAY + 3) == range(DAY + 2, DAY + 5)
    assert visible_days(cases, settings=plain, clock=CLOCK, until_day=DAY + 9) == range(DAY + 2, DAY + 10)
    assert visible_days(cases, settings=protocol(), clock=CLOCK, until_day=DAY) == range(DAY - 1, DAY + 6)
    measles = protocol(rules={"same_place": {}}, linger_minutes=120)
    assert visible_days(cases, settings=measles, clock=CLOCK, until_day=DAY + 4) == range(DAY + 1, DAY + 6)
    assert visible_days(sources(), settings=plain, clock=CLOCK, until_day=DAY) == range(DAY, DAY + 1)


def test_a_day_of_23_hours_is_lingered_through_sooner() -> None:
    berlin = Clock(ZoneInfo("Europe/Berlin"))
    short = day_number(date(2022, 3, 27)) - DAY
    cases = sources((7, 1), window=(short - 1, "0:00", short - 1, "24:00"))
    almost_a_day = protocol(rules={"same_place": {}}, linger_minutes=23 * 60 + 30)
    days = visible_days(cases, settings=almost_a_day, clock=berlin, until_day=DAY + short - 1)
    assert days.stop == DAY + short + 2
