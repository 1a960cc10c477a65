"""What a department may send by mistake, at size: clear counts, bounded memory, nothing lost (policy 2.1)."""

import json
import resource
import shutil
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from small_town import EPIDEMIOLOGIST, EVENING, KNOWN, NOON, PLACES, RESIDENTS, Town, case, check_in
from store_children import Say, run_to_end

from ringfence import flow
from ringfence.intake import Refused
from ringfence.store import Store, open_store
from ringfence.terms import ReasonCode, RecordKind

MANY = 100_000
# A date that ends in a hyphen goes on as the row's own.
BROKEN = [
    ({"place_id": "nowhere"}, ReasonCode.UNKNOWN_PLACE, "place_id"),
    ({"entered_at": "2099-"}, ReasonCode.DATE_OUT_OF_RANGE, "entered_at"),
    ({"name": "", "id_number": "", "phone": ""}, ReasonCode.NO_IDENTIFIER, ""),
    ({"entered_at": "2022-13-"}, ReasonCode.BAD_DATE, "entered_at"),
    ({"place_id": ""}, ReasonCode.EMPTY_FIELD, "place_id"),
]
HUGE = 2 * 2**30
SPARE_KB = 300 * 1024
"""How much more a file may take for its one line of 2 GB than without it."""


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    (tmp_path / "files").mkdir()
    return Town(staffed, tmp_path / "files", now=NOON)


@pytest.mark.verify
def test_ten_percent_broken_of_a_hundred_thousand_rows_are_counted_by_reason_and_the_others_come_in(town: Town) -> None:
    town.receive(places=PLACES, resident_register=RESIDENTS)
    rows = [_row(number) for number in range(MANY)]
    [arrived] = town.receive(check_ins=rows)
    each = MANY // 10 // len(BROKEN)
    assert (arrived.rows, arrived.accepted, arrived.rejected) == (MANY, MANY * 9 // 10, MANY // 10)
    assert {(one.code, one.column, one.rows) for one in arrived.refused} == {
        (code, column, each) for _, code, column in BROKEN
    }
    assert town.store.lake.read(RecordKind.VISIT).num_rows >= MANY * 9 // 10


def _row(number: int) -> dict[str, str]:
    """A row like no other; of every ten one is broken, each time in another way."""
    minute = number // len(KNOWN)
    entered_at = f"2022-02-{1 + minute // 1440:02} {minute // 60 % 24:02}:{minute % 60:02}"
    row = check_in(sorted(KNOWN)[number % len(KNOWN)], "noodles", entered_at, "")
    if number % 10 != 7:
        return row
    broken = dict(BROKEN[number // 10 % len(BROKEN)][0])
    if "entered_at" in broken:
        broken["entered_at"] += entered_at[len(broken["entered_at"]) :]
    return row | broken


def receive_huge(folder: Path, files: Path, say: Say) -> None:
    """Receive a file of two rows, then one with a line of 2 GB between them; the peak after each, in KB."""
    lunch = ("2022-02-28 12:00", "2022-02-28 13:00")
    with closing(open_store(folder)) as store:
        town = Town(store, files, now=NOON)
        town.receive(places=PLACES, resident_register=RESIDENTS)
        town.receive(check_ins=[check_in(one, "noodles", *lunch) for one in ("wang1", "li1")])
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        sent = town.write("check_ins", [check_in(one, "market", *lunch) for one in ("wang1", "li1")])
        header, first, second = sent.path.read_bytes().splitlines(keepends=True)
        with sent.path.open("wb") as file:
            file.write(header + first)
            file.seek(HUGE, 1)  # a hole of the file system: 2 GB of nothing without a line's end
            file.write(b"\n" + second)
        [arrived] = town.send(sent)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        refused = [(one.code, one.rows, one.first_row) for one in arrived.refused]
        say(json.dumps([arrived.accepted, refused, after - before]))


@pytest.mark.verify
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_line_of_two_gigabytes_harms_no_other_row_and_is_never_in_memory(staffed: Store, tmp_path: Path) -> None:
    folder, files = tmp_path / "copy", tmp_path / "files"
    files.mkdir()
    staffed.close()
    shutil.copytree(staffed.deployment.folder, folder)
    [said] = run_to_end(partial(receive_huge, folder, files))
    accepted, refused, more_kb = json.loads(said)
    assert (accepted, refused) == (2, [[ReasonCode.LINE_TOO_LONG.value, 1, 3]])
    assert more_kb < SPARE_KB


def test_a_case_without_onset_and_sample_is_traced_by_its_report_and_one_without_any_date_is_refused(
    town: Town,
) -> None:
    town.settle()
    town.now = EVENING
    bare = case("wang1", "C1", "2022-03-01 18:00")
    [arrived] = town.receive(case_line_list=[bare, case("li1", "C2", "")])
    assert arrived.refused == (Refused(code=ReasonCode.EMPTY_FIELD, column="reported_at", rows=1, first_row=3),)
    [signal] = town.verify()
    [response] = flow.respond(town.store, [signal], actor=EPIDEMIOLOGIST, now=town.now, seed=1)
    assert response.found == 2, "the household of who was reported"
