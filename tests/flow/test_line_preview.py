"""Looks at rings that change nothing: of signals, cases, persons and places, either way (policy 2.2, 6.4)."""

from pathlib import Path

import pytest
from small_town import EPIDEMIOLOGIST, EVENING, GRID, NOON, Town, case, check_in, sample

from ringfence import areas, flow
from ringfence.cli.calls import Asked
from ringfence.cli.responses import bench_query, trace_subject
from ringfence.errors import NotAllowed, NotFound
from ringfence.response import Traceable
from ringfence.store import Act, Store
from ringfence.terms import SignalKind
from ringfence.trace import Direction

LUNCH = ("2022-02-28 12:00", "2022-02-28 13:00")
LONG_AGO = ("2022-02-20 12:00", "2022-02-20 13:00")
TABLES = ("exposure", "exposure_below_cut", "task", "follow_up", "signal", "case_episode", "observation", "batch")


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    """One case, at a table with some and long ago at another with others; a positive tube."""
    (tmp_path / "files").mkdir()
    town = Town(staffed, tmp_path / "files", now=NOON)
    town.settle()
    town.now = EVENING
    town.receive(
        check_ins=[
            *(check_in(one, "noodles", *LUNCH) for one in ("wang1", "li1")),
            *(check_in(one, "market", *LONG_AGO) for one in ("wang1", "zhao1")),
            *(check_in(one, "library", *LUNCH) for one in ("gao1", "zhou1")),
        ],
        case_line_list=[case("wang1", "C1", "2022-03-01 18:00", sampled_at="2022-03-01 10:00")],
        laboratory_results=[
            sample(one, f"S{one}", "2022-03-01 08:00", "positive", pool_id="T1") for one in ("gao1", "gao2")
        ],
    )
    return town


def look(town: Town, what: Traceable, number: int, *directions: Direction) -> set[str]:
    """Who is found, by the register's keys."""
    chosen = directions or (Direction.FORWARD,)
    ring = flow.preview(town.store, number, what=what, directions=chosen, actor=EPIDEMIOLOGIST, now=town.now)
    keys = {person: key for key, person in town.numbers().items()}
    return {keys[row["subject"]] for row in ring.exposed.to_pylist() if row["subject_kind"] == "person"}


def counts(town: Town) -> list[int]:
    def count(act: Act) -> list[int]:
        act.note("test.read")
        return [act.rows(f"select count(*) as n from {table}")[0].n for table in TABLES]  # noqa: S608 - our names

    return town.act(count)


def test_every_kind_of_look_finds_its_ring_and_changes_nothing(town: Town) -> None:
    [signal] = [one for one in town.verify() if one.kind is SignalKind.POSITIVE_TEST]
    [pool] = [one for one in town.signals() if one.kind is SignalKind.POSITIVE_POOL]
    before, numbers = counts(town), town.numbers()
    household = {"wang2", "wang3"}
    assert look(town, Traceable.SIGNAL, signal.signal_id) == household | {"li1", "li2"}
    assert look(town, Traceable.CASE, 1) == household | {"li1", "li2"}
    assert look(town, Traceable.PERSON, numbers["wang1"]) == household | {"li1", "li2"}, "by the dates of the case"
    assert look(town, Traceable.PERSON, numbers["gao1"]) >= {"gao2", "zhou1"}, "as if reported now"
    assert look(town, Traceable.SIGNAL, pool.signal_id) >= {"zhou1"}, "each member as if reported now"
    assert counts(town) == before
    looks = town.rows("select count(*) from ledger where action = 'ring.previewed' and actor = 'epidemiologist'")
    assert looks == [(5,)]


def test_a_look_backward_finds_who_may_have_infected_the_case(town: Town) -> None:
    assert look(town, Traceable.CASE, 1, Direction.BACKWARD) == {"wang2", "wang3", "zhao1", "li1"}
    both = look(town, Traceable.CASE, 1, *Direction)
    assert both == {"wang2", "wang3", "zhao1", "li1", "li2"}


def test_a_look_at_a_place_finds_who_was_there(town: Town) -> None:
    places = {row["place_id"]: row["place_no"] for row in areas.read_places(town.store.desk).to_pylist()}
    assert look(town, Traceable.PLACE, places["noodles"]) == {"wang1", "li1"}
    assert look(town, Traceable.PLACE, places["market"], Direction.BACKWARD) == {"wang1", "zhao1"}
    with pytest.raises(NotFound, match="no place 99"):
        look(town, Traceable.PLACE, 99)


@pytest.mark.parametrize("what", [Traceable.CASE, Traceable.PERSON, Traceable.PLACE])
def test_who_may_not_trace_sees_nothing(town: Town, what: Traceable) -> None:
    with pytest.raises(NotAllowed):
        flow.preview(town.store, 1, what=what, directions=[Direction.FORWARD], actor=GRID, now=town.now)


def test_the_command_shows_the_heaviest_first_as_plain_rows(town: Town) -> None:
    asked = Asked(EPIDEMIOLOGIST, town.now, lambda _what, _share: None)
    answer = trace_subject(town.store, asked, what="case", number=1, directions=["forward"], disease="", most=2, seed=1)
    weights = [row["weight"] for row in answer["rows"]]
    assert (answer["found"], len(weights), weights == sorted(weights, reverse=True)) == (4, 2, True)


def test_made_up_cases_are_traced_over_the_records_there_are_and_nothing_changes(town: Town) -> None:
    before = counts(town)
    ticks = iter([10.0, 12.0, 15.0])
    tried = flow.try_trace(town.store, 3, actor=EPIDEMIOLOGIST, now=town.now, seed=1, ticks=lambda: next(ticks))
    assert (tried.cases, tried.scan_s, tried.trace_s) == (3, 2.0, 3.0)
    assert tried.exposures >= 1
    asked = Asked(EPIDEMIOLOGIST, town.now, lambda _what, _share: None)
    assert bench_query(town.store, asked, cases=50, seed=1)["cases"] == 5, (
        "no more than ever left a visit in the window"
    )
    assert counts(town) == before


def test_who_may_not_trace_tries_nothing(town: Town) -> None:
    with pytest.raises(NotAllowed):
        flow.try_trace(town.store, 3, actor=GRID, now=town.now, seed=1, ticks=lambda: 0.0)
