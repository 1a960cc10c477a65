"""Whatever was denied never leads there again, however lists are shuffled and split; everything else stays (2.6)."""

from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.link import (
    CERTAIN,
    REGISTER_SCHEMA,
    ROWS_SCHEMA,
    Denials,
    KnownPeople,
    link_to,
    normalise,
    read_model,
)

IDS = ["11010519491231002X", "110105194912310011", "110105198803040022", ""]
WRITTEN = {
    "name": ["王建国", "王建", "李国", "王", ""],
    "sex": ["男", ""],
    "birth_date": ["1949-12-31", "1988-03-04", ""],
    "id_number": IDS,
    "phone": ["13900001111", ""],
    "address": ["平城区御河小区1-2-3", ""],
}
people = st.lists(st.fixed_dictionaries({name: st.sampled_from(texts) for name, texts in WRITTEN.items()}), min_size=1)
OWN = 1_000
"""Numbers of denied rows begin here."""


def links_of(
    known: KnownPeople, rows: list[dict[str, Any]], denials: Denials
) -> tuple[list[dict[str, Any]], list[int]]:
    numbered = [{"row_id": place} | row for place, row in enumerate(rows)]
    normal = normalise(pa.Table.from_pylist(numbered, ROWS_SCHEMA))
    said = denials.number(normal)
    return denials.turn(link_to(known, normal), said).to_pylist(), said.to_pylist()


@settings(max_examples=12, deadline=None)
@given(register=people, rows=people, data=st.data())
def test_a_denied_line_never_leads_to_that_person_again_and_no_other_row_notices(
    register: list[dict[str, Any]], rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    settled = [{"person_id": place, "household_id": place // 2} | one for place, one in enumerate(register)]
    known = KnownPeople(read_model("han")).put(normalise(pa.Table.from_pylist(settled, REGISTER_SCHEMA)))
    before, said = links_of(known, rows, Denials())
    named = [place for place, link in enumerate(before) if link["person_id"] is not None]
    chosen = data.draw(st.sets(st.sampled_from(named))) if named else set()
    denied = {(said[place], before[place]["person_id"]): OWN + place for place in sorted(chosen)}

    order = data.draw(st.permutations(range(len(rows))))
    cut = data.draw(st.integers(0, len(rows)))
    for part in (order[:cut], order[cut:]):
        links, _ = links_of(known, [rows[place] for place in part], Denials(denied=denied))
        for place, link in zip(part, links, strict=True):
            key = said[place], before[place]["person_id"]
            if key in denied:
                assert (link["answer"], link["person_id"], link["how"]) == ("person", denied[key], "denied")
                assert link["how"] not in CERTAIN, "somebody asks who it is before an order"
            else:
                assert link | {"row_id": place} == before[place]


def test_what_is_denied_of_a_number_that_was_denied_before_leads_on() -> None:
    denials = Denials(denied={(7, 1): OWN, (7, OWN): OWN + 1})
    links = pa.Table.from_pylist(
        [{"row_id": 0, "answer": "person", "person_id": 1, "how": "id_and_name"}],
        link_to(KnownPeople(read_model("han")), normalise(ROWS_SCHEMA.empty_table())).schema,
    )
    assert denials.turn(links, pa.array([7]))["person_id"].to_pylist() == [OWN + 1]
