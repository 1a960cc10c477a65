"""A long file comes in part by part: the parts make no difference, and all of it is in or none."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from small_town import EVENING, PLACES, RESIDENTS, Town, check_in

from ringfence.errors import DiskFull
from ringfence.feeds import lines as feed_lines
from ringfence.feeds import list_formats, read_format
from ringfence.intake import Delivery, shelf
from ringfence.policy import read_defaults
from ringfence.store import Content, Lake, Store
from ringfence.terms import RecordKind

PEOPLE = ("wang1", "li1", "zhao1", {"name": "钱来", "phone": "13999990000"}, {"name": "孙去", "phone": "13888880000"})
KINDS = (RecordKind.VISIT, RecordKind.LINK)
NO_PROVENANCE = ("batch", "recorded_at", "source_batch")

Cut = Callable[[], None]


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    (tmp_path / "files").mkdir()
    opened = Town(staffed, tmp_path / "files", now=EVENING)
    opened.receive(places=PLACES, resident_register=RESIDENTS)
    return opened


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Cut:
    """Blocks of a few lines, and parts of a few blocks."""

    def shorten() -> None:
        monkeypatch.setattr(feed_lines, "BLOCK", 400)
        monkeypatch.setattr(shelf, "PART_ROWS", 10)

    return shorten


def book(town: Town) -> Delivery:
    """Sixty check-ins over a night, every seventh at a place nobody knows, strangers among them again and again."""
    return town.write("check_ins", [
        check_in(PEOPLE[n % 5], "nowhere" if n % 7 == 6 else "noodles", f"2022-02-28 {n % 24:02}:{n % 60:02}", "")
        for n in range(60)
    ])  # fmt: skip


def said(town: Town, kind: RecordKind) -> list[dict[str, object]]:
    rows = town.store.lake.read(kind)
    return rows.drop_columns([name for name in NO_PROVENANCE if name in rows.column_names]).to_pylist()


def test_a_file_in_parts_leaves_what_it_leaves_at_once(town: Town, cut: Cut) -> None:
    cut()
    [arrived] = town.send(book(town))
    files = town.store.lake.files(RecordKind.VISIT, copy="by_cell")
    assert len(files) > len({file.day for file in files}), "several parts hold the same day"
    assert (arrived.accepted, arrived.rejected, arrived.newcomers) == (52, 8, 2)
    assert [(one.column, one.rows, one.first_row) for one in arrived.refused] == [("place_id", 8, 8)]
    raw = [town.store.vault.read_part(one) for one in town.store.vault.parts_of_batch(Content.RAW, arrived.batch_no)]
    assert sorted(pa.concat_tables(raw)["row"].to_pylist()) == [n + 2 for n in range(60) if n % 7 != 6]
    visits = said(town, RecordKind.VISIT)
    assert len({row["person"] for row in visits}) == 5, "who is in several parts is one person"
    for kind in KINDS:
        assert len(said(town, kind)) == 52 + (kind is RecordKind.VISIT) * sum(
            n % 24 == 23 for n in range(60) if n % 7 != 6
        )


def test_sent_again_a_file_in_parts_is_known(town: Town, cut: Cut) -> None:
    cut()
    sent = book(town)
    town.send(sent)
    before = {kind: said(town, kind) for kind in KINDS}
    assert [one.is_known for one in town.send(sent)] == [True]
    assert {kind: said(town, kind) for kind in KINDS} == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_disk_that_fills_in_the_middle_leaves_nothing(
    town: Town, cut: Cut, monkeypatch: pytest.MonkeyPatch, kind: RecordKind
) -> None:
    cut()
    sent, before = book(town), leftovers(town)
    stage, times = Lake.stage, iter(range(100))

    def refuse(lake: Lake, of_kind: RecordKind, rows: pa.Table, *, batch_no: int) -> object:
        if of_kind is kind and next(times) == 2:
            raise DiskFull("a test has no room")
        return stage(lake, of_kind, rows, batch_no=batch_no)

    monkeypatch.setattr(Lake, "stage", refuse)
    with pytest.raises(DiskFull):
        town.send(sent)
    assert leftovers(town) == before
    monkeypatch.undo()
    [arrived] = town.send(sent)
    assert (arrived.accepted, arrived.is_known) == (52, False)


def leftovers(town: Town) -> set[Path]:
    """Every file of lake and vault."""
    return {path for folder in (town.store.lake.folder, town.store.vault.folder) for path in folder.rglob("*.parquet")}


def test_files_of_any_length_are_those_whose_rows_stand_alone() -> None:
    policy = read_defaults()
    held_whole = {name for name in list_formats() if not read_format(name, policy=policy).rows_stand_alone}
    assert held_whole == {
        "case_line_list", "duty_roster", "laboratory_results", "places", "resident_register", "risk_area_notices",
        "sentinel_sites", "timetables",
    }  # fmt: skip
