"""A file exists whole or not at all, and what it brought before is known."""

from pathlib import Path

import pytest
from small_town import EVENING, PLACES, RESIDENTS, Town, case, check_in

from ringfence.errors import InputRefused
from ringfence.intake.formats import case_line_list
from ringfence.intake.reading import read_rounds
from ringfence.store import Store
from ringfence.terms import RecordKind

LUNCH = ("2022-02-28 12:00", "2022-02-28 13:00")


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    (tmp_path / "files").mkdir()
    return Town(staffed, tmp_path / "files", now=EVENING)


def test_a_batch_whose_last_step_fails_leaves_nothing_behind(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.receive(places=PLACES, resident_register=RESIDENTS)
    before = town.rows("select count(*) from batch"), town.store.lake.read(RecordKind.LINK).num_rows

    def refuse(*_: object, **__: object) -> None:
        raise InputRefused("a test refuses")

    monkeypatch.setattr(case_line_list, "put_case", refuse)
    sent = town.write("case_line_list", [case("wang1", "C1", "2022-03-01 18:00")])
    with pytest.raises(InputRefused):
        town.send(sent)
    assert (town.rows("select count(*) from batch"), town.store.lake.read(RecordKind.LINK).num_rows) == before
    monkeypatch.undo()
    [arrived] = town.send(sent)
    assert (arrived.accepted, arrived.is_known) == (1, False), "nothing of the first try stands in its way"


def test_each_time_a_file_brings_something_is_a_round_of_its_batch(town: Town) -> None:
    town.receive(resident_register=RESIDENTS)
    sent = town.write("check_ins", [check_in("wang1", "noodles", *LUNCH), check_in("li1", "market", *LUNCH)])
    town.send(sent)
    town.receive(places=PLACES[:1])
    town.send(sent)
    town.receive(places=PLACES[1:])
    town.send(sent)
    [(key,)] = town.rows("select batch_id from batch where feed = 'check_ins' order by batch_no limit 1")
    assert [(one.rows_accepted, one.rows_rejected) for one in read_rounds(town.store, key)] == [(0, 2), (1, 1), (1, 0)]
    assert town.store.lake.read(RecordKind.VISIT).num_rows == 2
