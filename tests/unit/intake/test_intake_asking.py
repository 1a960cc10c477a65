"""One row asked about while somebody waits: answered as a list is, and by nothing that was denied."""

import pyarrow as pa
from small_town import KNOWN, NOON, STEWARD, Town, said_of

from ringfence import intake, link
from ringfence.store import Store


def test_a_form_gets_the_answer_that_a_list_gets_and_newcomers_are_known_at_once(
    staffed: Store, tmp_path: object
) -> None:
    town = Town(staffed, tmp_path, now=NOON)  # type: ignore[arg-type]
    town.settle()
    for written in (said_of("li1"), said_of("li1", "name", "phone"), {"name": "钱来", "phone": "13999990000"}):
        row = {name: written.get(name, "") for name in link.IDENTITY_SCHEMA.names}
        asked = intake.ask_who(town.store, row, actor=STEWARD, now=town.now)
        rows = pa.Table.from_pylist([{"row_id": 0, **row}], link.ROWS_SCHEMA)
        people = [{**person, "person_id": town.numbers()[key], "household_id": 0} for key, person in KNOWN.items()]
        [listed] = link.link_rows(rows, pa.Table.from_pylist(people, link.REGISTER_SCHEMA)).to_pylist()
        assert (asked["answer"], asked["person_id"], asked["how"]) == (
            listed["answer"],
            listed["person_id"],
            listed["how"],
        )
