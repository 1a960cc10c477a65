"""Aliases: which person numbers are one person; every merge and split can be undone (policy 2.6).

Lake and desk keep the number a row came with. Numbers are widened before a question (`expand`) and led home after it
(`resolve`), never inside a join. Of the aliases that leave a number the newest that is not undone counts. An alias is
only ever drawn from a number that leads nowhere to another such number, or from a member to a number nobody had: so
no series of merges, splits and undoings leads in a circle.
"""

import numpy as np
import numpy.typing as npt

from ringfence.errors import InputRefused, NotFound, StoredDamaged
from ringfence.store.act import Act
from ringfence.store.desk import Desk
from ringfence.terms import AliasKind, PersonNo, Reason, to_us

INSERT_ALIAS = """
insert into person_alias (kind, from_no, to_no, reason, decided_by, recorded_at)
values (:kind, :from_no, :to_no, :reason, :decided_by, :recorded_at)
returning alias_no
"""

UNDO_ALIAS = """
update person_alias set undone_by = :undone_by, undone_at = :undone_at where alias_no = :alias_no and undone_at is null
"""

LEADS_TO = """
select to_no from person_alias where from_no = :from_no and undone_at is null order by alias_no desc limit 1
"""

IN_FORCE = """
select a.from_no, a.to_no from person_alias a
where a.alias_no = (select max(b.alias_no) from person_alias b where b.from_no = a.from_no and b.undone_at is null)
order by a.from_no
"""

MEMBERS_OF = """
select a.alias_no, a.from_no from person_alias a
where a.to_no = :to_no
    and a.alias_no = (select max(b.alias_no) from person_alias b where b.from_no = a.from_no and b.undone_at is null)
order by a.alias_no
"""

DECIDING = "lock table person_alias in share row exclusive mode"  # two merges at once could make a circle

MOST_STEPS = 64

Numbers = npt.NDArray[np.int64]


def merge_people(act: Act, *, from_no: PersonNo, to_no: PersonNo, reason: Reason, kind: AliasKind) -> int:
    """Say that one number is another's person; the alias number, with which it can be undone."""
    act.stand_in_line(DECIDING)
    from_home, to_home = _home_of(act, from_no), _home_of(act, to_no)
    if from_home == to_home:
        raise InputRefused("person {from_no} and person {to_no} are one already", from_no=from_no, to_no=to_no)
    return _insert(act, kind, from_home, to_home, reason)


def split_person(act: Act, *, member: PersonNo, reason: Reason) -> tuple[int, PersonNo]:
    """Say that a member number is somebody else after all; the alias number and the new person."""
    act.stand_in_line(DECIDING)
    if _home_of(act, member) == member:
        raise NotFound("person number {member} leads to nobody else; there is nothing to split", member=member)
    new_no = act.take_numbers("person", 1)
    return _insert(act, AliasKind.SPLIT, member, new_no, reason), new_no


def undo_alias(act: Act, alias_no: int) -> None:
    """Take a merge or split back; what led where before leads there again."""
    done = act.run(UNDO_ALIAS, alias_no=alias_no, undone_by=act.actor.actor_id, undone_at=to_us(act.now))
    if not done:
        raise NotFound("alias {alias_no} does not exist or was undone already", alias_no=alias_no)
    act.note("person.alias_undone", subject=f"alias:{alias_no}")


def find_members(act: Act, person_no: PersonNo) -> dict[int, PersonNo]:
    """The aliases in force that lead to a person, however far around, with the number each leads from."""
    found: dict[int, PersonNo] = {}
    homes = [person_no]
    while homes:
        rows = act.rows(MEMBERS_OF, to_no=homes.pop())
        found |= {row.alias_no: row.from_no for row in rows}
        homes += [row.from_no for row in rows]
    return found


class Aliases:
    """The aliases in force at one moment, as two sorted columns: a look-up of n numbers costs n log of the aliases."""

    def __init__(self, desk: Desk) -> None:
        rows = desk.rows(IN_FORCE)
        self._members: Numbers = np.array([row.from_no for row in rows], dtype=np.int64)
        self._homes: Numbers = np.array([row.to_no for row in rows], dtype=np.int64)
        for _ in range(MOST_STEPS):  # each round doubles how far every member has been led
            further = self.resolve(self._homes)
            if np.array_equal(further, self._homes):
                break
            self._homes = further
        if np.isin(self._homes, self._members).any():
            raise StoredDamaged("the aliases of persons lead in a circle; restore the desk from a backup and compare")

    @property
    def pairs(self) -> tuple[Numbers, Numbers]:
        """Every number that leads to another, and the person it leads to in the end."""
        return self._members, self._homes

    def resolve(self, numbers: Numbers) -> Numbers:
        """The person each number leads to (shape n)."""
        if not self._members.size:
            return numbers
        at = np.minimum(np.searchsorted(self._members, numbers), self._members.size - 1)
        return np.where(self._members[at] == numbers, self._homes[at], numbers)

    def expand(self, people: Numbers) -> tuple[Numbers, Numbers]:
        """Every number that leads to some people, with the person it leads to; each person stands for itself too."""
        people = np.unique(people)
        of_them = np.isin(self._homes, people)
        itself = people[self.resolve(people) == people]
        return np.concatenate([itself, self._members[of_them]]), np.concatenate([itself, self._homes[of_them]])


def _home_of(act: Act, number: PersonNo) -> PersonNo:
    """Where a number leads in the end."""
    while rows := act.rows(LEADS_TO, from_no=number):
        number = rows[0].to_no
    return number


def _insert(act: Act, kind: AliasKind, from_no: PersonNo, to_no: PersonNo, reason: Reason) -> int:
    alias_no = act.insert(
        INSERT_ALIAS,
        kind=kind,
        from_no=from_no,
        to_no=to_no,
        reason=reason.to_json(),
        decided_by=act.actor.actor_id,
        recorded_at=to_us(act.now),
    )
    act.note(f"person.{kind}", subject=f"alias:{alias_no}", ids=(from_no, to_no))
    return alias_no
