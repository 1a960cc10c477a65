"""Identities are asked for once, however often they come, and every row knows which is its own."""

import pyarrow as pa
import pytest
from feed_files import FILES, Receive

from ringfence.feeds import IDENTITIES, find_households, find_identities

HEADER = "place_id,entered_at,left_at,name,id_number,phone\n"


def test_rows_that_say_the_same_of_a_person_share_an_identity(receive: Receive) -> None:
    who = ["张伟,1402,", "李芳,,138", "张伟,1402,", "张伟,,", "李芳,,138", "李芳,138,"]
    content = HEADER + "".join(f"p1,2022-02-28 11:0{n},,{one}\n" for n, one in enumerate(who))
    found = find_identities(receive("check_ins", content).read().accepted)
    assert found.of_rows.to_pylist() == [0, 1, 0, 2, 1, 3]
    assert found.rows.schema == IDENTITIES
    assert [(row["row_id"], row["name"], row["id_number"], row["phone"]) for row in found.rows.to_pylist()] == [
        (0, "张伟", "1402", ""),
        (1, "李芳", "", "138"),
        (2, "张伟", "", ""),
        (3, "李芳", "138", ""),
    ]


@pytest.mark.parametrize("name", ["resident_register", "laboratory_results", "case_line_list"])
def test_dates_are_handed_over_as_they_are_written_and_what_is_empty_as_empty_text(receive: Receive, name: str) -> None:
    found = find_identities(receive(name, FILES[name]).read().accepted)
    rows = found.rows.to_pylist()
    assert rows[0]["birth_date"] == "1980-01-01"
    assert "" in [row["birth_date"] for row in rows] + [row["sex"] for row in rows]
    assert not any(column.null_count for column in found.rows.columns)


def test_nobody_has_no_identity(receive: Receive) -> None:
    found = find_identities(receive("check_ins", HEADER).read().accepted)
    assert (found.rows.num_rows, len(found.of_rows)) == (0, 0)
    assert found.rows.schema == IDENTITIES


def test_identities_of_parts_put_together_are_identities_of_the_whole(receive: Receive) -> None:
    rows = receive("check_ins", HEADER + "".join(
        f"p1,2022-02-28 {n:02d}:00,,人{n * n % 7},,{n % 2}\n" for n in range(24)
    )).read().accepted  # fmt: skip
    whole = find_identities(rows)
    parts = [find_identities(rows.slice(start, 6)) for start in range(0, 24, 6)]
    joined = find_identities(pa.concat_tables([part.rows for part in parts]))
    first, of_rows = 0, []
    for part in parts:
        of_rows += [joined.of_rows[first + number].as_py() for number in part.of_rows.to_pylist()]
        first += part.rows.num_rows
    assert joined.rows == whole.rows
    assert of_rows == whole.of_rows.to_pylist()


def test_households_are_numbered_as_they_come(receive: Receive) -> None:
    found = find_households(receive("resident_register", FILES["resident_register"]).read().accepted)
    assert found.rows.to_pylist() == [{"household_id": "h1"}, {"household_id": "h2"}]
    assert found.of_rows.to_pylist() == [0, 0, 1]
