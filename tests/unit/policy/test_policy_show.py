"""The table of the policy: what applies today, by which clause, and what changes next."""

from datetime import date

from ringfence.policy import PolicyRow, read_defaults, show_policy
from ringfence.terms import day_number


def rows_on(day: date) -> dict[str, PolicyRow]:
    return {row.key: row for row in show_policy(read_defaults(), on=day_number(day))}


def test_a_number_shows_its_clause_its_value_and_its_next_change() -> None:
    assert rows_on(date(2022, 3, 1))["gate.test_max_age_hours"] == PolicyRow(
        key="gate.test_max_age_hours", clause="1.2", unit="hours", value=48, next_value=24, next_day="2022-04-01"
    )


def test_a_number_that_changes_no_more_says_so() -> None:
    row = rows_on(date(2022, 4, 1))["gate.test_max_age_hours"]
    assert (row.value, row.next_value, row.next_day) == (24, None, None)


def test_before_its_first_day_a_number_has_no_value() -> None:
    row = rows_on(date(2021, 12, 31))["gate.test_max_age_hours"]
    assert (row.value, row.next_value, row.next_day) == (None, 48, "2022-01-01")


def test_a_protocol_is_shown_field_by_field_and_skips_editions_that_change_nothing() -> None:
    rows = rows_on(date(2021, 1, 1))
    before_onset = rows["protocol.covid19.infectious.onset.days_before"]
    assert (before_onset.value, before_onset.next_value, before_onset.next_day) == (2, 4, "2021-05-14")
    interval = rows["protocol.covid19.serial_interval.mean_days"]
    assert (interval.value, interval.next_value, interval.next_day) == (4.8, 3.5, "2022-06-28")


def test_a_ring_that_comes_with_a_later_edition_is_announced() -> None:
    row = rows_on(date(2021, 1, 1))["protocol.covid19.second_ring.release.days"]
    assert (row.value, row.next_value, row.next_day) == (None, 7, "2021-05-14")


def test_a_step_that_ends_with_an_edition_is_shown_as_ending() -> None:
    row = rows_on(date(2021, 6, 1))["protocol.covid19.second_ring.measures.visit.1.measure"]
    assert (row.value, row.next_value, row.next_day) == ("central_quarantine", "home_quarantine", "2022-06-28")


def test_retention_stands_in_the_table() -> None:
    row = rows_on(date(2022, 3, 1))["retention.record.passage.refused"]
    assert (row.clause, row.unit, row.value) == ("1.5", "hours", 48)


def test_every_number_and_every_retention_is_shown_once() -> None:
    shipped = read_defaults()
    keys = [row.key for row in show_policy(shipped, on=0)]
    assert len(keys) == len(set(keys))
    assert set(shipped.numbers) | {f"retention.{key}" for key in shipped.retention} <= set(keys)
