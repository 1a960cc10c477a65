"""What every rule keeps to, whichever files lie in the folder."""

from collections.abc import Callable

import pyarrow as pa
import pytest
from trace_records import fence, homes, join, legs, named, places, protocol, routes, see, sources, visits

from ringfence.plugins import find_plugins
from ringfence.terms import LAYOUTS, Direction, GroupKind, ReasonCode
from ringfence.trace import CONTACTS, VIEWS, Question, trace_ring

RULES: dict[str, Callable[[Question], pa.Table]] = find_plugins("ringfence.trace.rules", "trace_rule")
KEYS = ("signal", "case_no", "direction", "source", "subject", "place", "first_day")

TOGETHER = join(
    visits(*((person, 5, day, "9:00", "10:00") for person in (3, 1, 2) for day in (1, 2))),
    *(homes((3, 8), (1, 8), (2, 8), kind=kind) for kind in GroupKind),
    routes(*((person, day, 113.3, 40.0) for person in (3, 1, 2) for day in (1, 2))),
    named((1, 3), (2, 1), (3, 2)),
    legs((3, 1, 12, 2, 5), (1, 1, 12, 2, 5), (2, 1, 13, 2, 5)),
    legs((3, None, 12), (1, None, None), (2, None, 13), trip=5, kind="air", day=2),
)


def ask(rule: str, records: dict[str, pa.Table]) -> pa.Table:
    cases = pa.concat_tables([sources((8, 2), (7, 1)), sources((7, 1), direction="backward")])
    with see(records, places=places((5, 113.3, 40.0))) as visible:
        visible.put_sources(cases)
        fence(visible, (7, 70), (8, 80), places=[5])
        return RULES[rule](Question(visible, protocol()))


def test_the_folder_is_the_register() -> None:
    assert set(RULES) >= {"household", "near_in_place_and_day", "same_place"}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_answers_with_sorted_contacts_under_its_own_name(rule: str) -> None:
    found = ask(rule, TOGETHER)
    assert found.schema.equals(CONTACTS)
    rows = [tuple(row[key] or 0 for key in KEYS if key != "direction") for row in found.to_pylist()]
    by_source = [(row["signal"], row["case_no"], row["source"], row["direction"]) for row in found.to_pylist()]
    assert by_source == sorted(by_source)
    assert len(rows) > 4
    assert set(found.column("rule").to_pylist()) == {rule}
    assert set(found.column("code").to_pylist()) <= set(ReasonCode)


@pytest.mark.parametrize("rule", RULES)
def test_no_rule_finds_the_source_itself(rule: str) -> None:
    found = ask(rule, TOGETHER).to_pylist()
    assert all(row["source"] != row["subject"] for row in found)
    assert {row["subject"] for row in found} == {1, 2, 3}


@pytest.mark.parametrize("rule", RULES)
def test_on_an_empty_lake_no_rule_finds_anybody(rule: str) -> None:
    assert ask(rule, {}).equals(CONTACTS.empty_table())


def test_every_copy_of_every_kind_is_visible() -> None:
    assert len(VIEWS) == sum(len(layout.copies) for layout in LAYOUTS.values())
    assert {"visit_by_cell", "visit_by_person", "membership", "route_point"} <= set(VIEWS)


def test_a_rule_that_counts_one_way_finds_nobody_the_other_way() -> None:
    cases = pa.concat_tables([sources((7, 1)), sources((7, 1), direction="backward")])
    cholera = protocol(one_way={"same_place": Direction.BACKWARD})
    with see(visits((1, 5, 1, "9:00", "10:00"), (2, 5, 1, "9:00", "10:00"))) as visible:
        visible.put_sources(cases)
        found = trace_ring(Question(visible, cholera), rules=("same_place",))
    assert found["direction"].to_pylist() == ["backward"]
