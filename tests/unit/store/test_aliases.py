"""Aliases: provisional, merged and split numbers lead home, and every decision can be undone (policy 2.6)."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pytest
from store_rows import NOW, OFFICER, add

from ringfence.errors import InputRefused, NotFound, StoredDamaged
from ringfence.store import Act, Aliases, Store, merge_people, split_person, undo_alias
from ringfence.terms import AliasKind, Purpose, Reason, ReasonCode

WHY = Reason.of(ReasonCode.LINK_TIER, tier="id_number")
T = TypeVar("T")

INSERT_RAW = """
insert into person_alias (kind, from_no, to_no, reason, decided_by, recorded_at)
values ('merged', :from_no, :to_no, '', '', 0)
"""


def do(store: Store, work: Callable[[Act], T]) -> T:
    return store.act(work, actor=OFFICER, now=NOW)


def merge(store: Store, from_no: int, to_no: int, kind: AliasKind = AliasKind.MERGED) -> int:
    return do(store, lambda act: merge_people(act, from_no=from_no, to_no=to_no, reason=WHY, kind=kind))


def resolve(store: Store, *numbers: int) -> list[int]:
    found: list[int] = Aliases(store.desk).resolve(np.array(numbers, dtype=np.int64)).tolist()
    return found


def expand(store: Store, *people: int) -> list[tuple[int, int]]:
    numbers, homes = Aliases(store.desk).expand(np.array(people, dtype=np.int64))
    return sorted(zip(numbers.tolist(), homes.tolist(), strict=True))


def names(store: Store, *numbers: int) -> list[tuple[int, str]]:
    rows = store.read_people(numbers, purpose=Purpose("follow_up", "2.3"), actor=OFFICER, now=NOW).to_pylist()
    return [(row["person_no"], row["name"]) for row in rows]


def test_without_aliases_everybody_is_themselves(store: Store) -> None:
    assert resolve(store, 3, 1) == [3, 1]
    assert resolve(store) == []
    assert expand(store, 3, 1, 3) == [(1, 1), (3, 3)]


def test_a_provisional_number_leads_to_its_person_and_is_read_under_them(store: Store) -> None:
    add(store, {"name": "registered"})
    add(store, {"name": "at the gate"})
    merge(store, 2, 1, AliasKind.PROVISIONAL)
    assert resolve(store, 1, 2) == [1, 1]
    assert expand(store, 1) == [(1, 1), (2, 1)]
    assert names(store, 2) == names(store, 1) == names(store, 1, 2) == [(1, "registered")]


def test_a_merge_of_what_was_merged_leads_all_the_way(store: Store) -> None:
    merge(store, 1, 2)
    merge(store, 1, 3)  # 1 is 2 already: so 2 is 3
    merge(store, 4, 1)
    assert resolve(store, 1, 2, 3, 4) == [3, 3, 3, 3]
    assert expand(store, 3) == [(1, 3), (2, 3), (3, 3), (4, 3)]


def test_two_who_are_one_already_are_not_merged_again(store: Store) -> None:
    merge(store, 1, 2)
    for from_no, to_no in [(1, 2), (2, 1), (1, 1)]:
        with pytest.raises(InputRefused, match="are one already"):
            merge(store, from_no, to_no)


def test_a_split_gives_a_member_a_person_of_its_own_and_undoing_gives_it_back(store: Store) -> None:
    add(store, {}, {}, {})
    merge(store, 1, 2)
    merge(store, 3, 2)
    split, new_no = do(store, lambda act: split_person(act, member=1, reason=WHY))
    assert resolve(store, 1, 2, 3) == [new_no, 2, 2]
    do(store, lambda act: undo_alias(act, split))
    assert resolve(store, 1, 2, 3) == [2, 2, 2]


def test_the_new_number_of_a_split_is_nobody_elses(store: Store) -> None:
    first = add(store, {"name": "a"}, {"name": "b"})
    merge(store, first, first + 1)
    _, new_no = do(store, lambda act: split_person(act, member=first, reason=WHY))
    assert new_no == first + 2
    assert add(store, {"name": "c"}) == new_no + 1
    assert names(store, new_no) == [(new_no, "a")]


def test_who_leads_nowhere_cannot_be_split(store: Store) -> None:
    merge(store, 1, 2)
    with pytest.raises(NotFound, match="person number 2 leads to nobody else"):
        do(store, lambda act: split_person(act, member=2, reason=WHY))


def test_undoing_a_merge_in_the_middle_parts_the_chain_there(store: Store) -> None:
    merge(store, 1, 2)
    middle = merge(store, 2, 3)
    merge(store, 3, 4)
    do(store, lambda act: undo_alias(act, middle))
    assert resolve(store, 1, 2, 3, 4) == [2, 2, 4, 4]


def test_an_alias_is_undone_once(store: Store) -> None:
    alias = merge(store, 1, 2)
    do(store, lambda act: undo_alias(act, alias))
    for number in (alias, 999):
        with pytest.raises(NotFound, match=f"alias {number} does not exist or was undone"):
            do(store, lambda act, number=number: undo_alias(act, number))  # type: ignore[misc]


def test_every_decision_is_on_the_ledger_with_its_numbers_sealed(store: Store) -> None:
    alias = merge(store, 1, 2)
    do(store, lambda act: undo_alias(act, alias))
    lines = store.desk.rows("select action, subject, sealed_ids from ledger where action like 'person.%' order by seq")
    assert [(line.action, line.subject) for line in lines] == [
        ("person.merged", f"alias:{alias}"),
        ("person.alias_undone", f"alias:{alias}"),
    ]
    assert lines[0].sealed_ids is not None


def test_aliases_that_lead_in_a_circle_are_named_and_hang_nobody(embedded: Store) -> None:
    def tamper(act: Act) -> None:
        act.run_many(INSERT_RAW, [{"from_no": a, "to_no": b} for a, b in [(1, 2), (2, 3), (3, 1), (7, 8)]])
        act.note("test.tampered")

    do(embedded, tamper)
    with pytest.raises(StoredDamaged, match="lead in a circle"):
        Aliases(embedded.desk)


def test_a_long_chain_of_merges_is_led_home(embedded: Store) -> None:
    def chain(act: Act) -> None:
        act.run_many(INSERT_RAW, [{"from_no": n, "to_no": n + 1} for n in range(1, 5000)])
        act.note("test.chained")

    do(embedded, chain)
    assert resolve(embedded, 1, 2500, 4999, 5000, 6000) == [5000, 5000, 5000, 5000, 6000]
    assert len(expand(embedded, 5000)) == 5000
