"""Rejected rows go back with their reasons, come again corrected, and nothing goes in twice."""

import csv
from pathlib import Path

import openpyxl
import pytest
from small_town import EVENING, PLACES, RESIDENTS, STEWARD, Town, check_in

from ringfence import feeds, intake
from ringfence.errors import InputRefused, NotAllowed, NotFound
from ringfence.intake import Delivery
from ringfence.store import Store
from ringfence.terms import Actor, RecordKind

LUNCH = ("2022-02-28 12:00", "2022-02-28 13:00")


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    (tmp_path / "files").mkdir()
    opened = Town(staffed, tmp_path / "files", now=EVENING)
    opened.receive(places=PLACES, resident_register=RESIDENTS)
    return opened


def send_broken(town: Town) -> int:
    file = town.write(
        "check_ins",
        [
            check_in("wang1", "noodles", *LUNCH),
            check_in("li1", "noodels", *LUNCH),
            check_in("gao1", "market", "2022-02-31 12:00", ""),
        ],
    )
    with file.path.open("a", encoding="utf-8") as lines:
        lines.write("market,2022-02-28 12:00,too,few\n")
    [arrived] = town.send(file)
    assert (arrived.accepted, arrived.rejected) == (1, 3)
    return arrived.batch_no


def give_back(town: Town, batch: int, path: Path) -> None:
    rejected = intake.read_rejects(town.store, batch, actor=STEWARD, now=town.now)
    feeds.write_rejects(path, rejected.rows, header=rejected.header, header_line=rejected.header_line)


def visits(town: Town) -> int:
    return town.store.lake.read(RecordKind.VISIT).num_rows


def test_rejects_say_why_in_both_languages_and_come_in_once_when_corrected(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "rejected.csv"
    give_back(town, send_broken(town), path)
    text = path.read_text("utf-8-sig")
    header, *rows = list(csv.reader(text.splitlines()))
    assert header[:3] == ["reject_reason_zh", "reject_reason_en", "place_id"]
    assert [row[2] for row in rows] == ["noodels", "market", "market"]
    assert "noodels" in rows[0][0]
    assert "noodels" in rows[0][1]
    assert rows[2][2:] == ["market", "2022-02-28 12:00", "too", "few"]
    corrected = text.replace("noodels,", "noodles,").replace("2022-02-31", "2022-02-28")
    path.write_text("\n".join(line for line in corrected.splitlines() if "too,few" not in line) + "\n", "utf-8-sig")
    first, again = (town.send(Delivery("check_ins", path))[0] for _ in range(2))
    assert (first.accepted, first.rejected, first.is_known) == (2, 0, False)
    assert again.is_known
    assert visits(town) == 3


def test_a_workbook_of_rejects_is_texts_and_comes_back_as_it_is(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "rejected.xlsx"
    give_back(town, send_broken(town), path)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][2:4] == ["noodels", LUNCH[0]]
    sheet["C2"] = "noodles"
    sheet.delete_rows(3, 2)
    book.save(path)
    [arrived] = town.send(Delivery("check_ins", path))
    assert (arrived.accepted, arrived.rejected) == (1, 0)
    assert visits(town) == 2


def test_a_whole_file_sent_again_with_one_row_corrected_brings_that_row_only(town: Town) -> None:
    good = [check_in("wang1", "noodles", *LUNCH), check_in("li1", "market", "2022-02-28 23:00", "2022-03-01 01:00")]
    first = town.write("check_ins", [*good, check_in("gao1", "nodles", *LUNCH)])
    town.send(first)
    assert visits(town) == 3, "one stay goes on past midnight"
    second = town.write("check_ins", [*good, check_in("gao1", "noodles", *LUNCH)])
    [arrived] = town.send(second)
    assert (arrived.accepted, arrived.rejected) == (3, 0)
    assert visits(town) == 4
    assert len({*town.rows("select record_count from batch_overlap")}) == 1


def test_rejects_are_for_who_answers_for_feeds_and_only_of_batches_that_have_any(town: Town, tmp_path: Path) -> None:
    batch = send_broken(town)
    with pytest.raises(NotAllowed):
        intake.read_rejects(town.store, batch, actor=Actor("grid_worker"), now=town.now)
    with pytest.raises(NotFound):
        intake.read_rejects(town.store, 10_000, actor=STEWARD, now=town.now)
    with pytest.raises(NotFound, match="rejected nothing"):
        intake.read_rejects(town.store, 1, actor=STEWARD, now=town.now)
    with pytest.raises(InputRefused, match=r"\.csv or \.xlsx"):
        give_back(town, batch, tmp_path / "rejected.jsonl")
