"""People: found for a purpose among those on lists, with one line of time; every look is on the ledger (policy 6.4)."""

from collections.abc import Mapping
from typing import Any

from ringfence.console.asked import Asked
from ringfence.console.line_of_time import read_line
from ringfence.console.names import answers_to, mask
from ringfence.console.room import Room, View
from ringfence.console.visitor import Visitor
from ringfence.errors import InputRefused, NotAllowed, NotFound
from ringfence.policy import Permission
from ringfence.store import Act

ON_TASKS = """
select distinct cast(subject_key as bigint) as person_no from visible_task
where subject_kind = 'person' and status in ('open', 'acknowledged') order by person_no limit :most
"""

WATCHED = """
select distinct person_no from visible_follow_up where status in ('follow_up', 'lost') order by person_no limit :most
"""

UNDER_ORDERS = """
select distinct person_no from visible_measure_order
where status in ('drafted', 'signed', 'suspended') order by person_no limit :most
"""

LISTS = {"outreach": ON_TASKS, "follow_up": WATCHED, "measures": UNDER_ORDERS}
"""By purpose: the lists whose people it may look for. Whoever is on none is found by nobody."""

OWN_TASKS = """
select t.task_id from visible_task t
join unit_member m on m.unit_id = t.owner and m.removed_at is null
where m.user_id = :user and t.subject_kind = 'person' and t.subject_key = :person
    and t.status in ('open', 'acknowledged')
order by t.task_id
"""

MOST = 5_000
"""People of the lists that one search reads."""

HITS, FEWEST_LETTERS = 50, 2


def declare() -> Room:
    """For whoever may read people, and only those on lists of their own areas."""
    return Room(
        key="people",
        title="People",
        clause="6.4",
        place=50,
        purposes=tuple(LISTS),
        table="task",
        pages={"": search, "/{number:int}": show},
        actions={"/{number:int}": open_details},
    )


def search(visitor: Visitor, asked: Asked) -> View:
    """Whom a few letters may mean, among the people on the lists of a purpose."""
    typed = asked.text("q")
    open_to = [key for key in LISTS if key in visitor.purposes]
    chosen = asked.text("purpose") if asked.text("purpose") in open_to else open_to[0]
    if typed and len(typed) < FEWEST_LETTERS:
        raise InputRefused("type at least {count} letters or digits", count=FEWEST_LETTERS)
    found, looked = _search(visitor, typed, chosen) if typed else ([], 0)
    values = {"typed": typed, "chosen": chosen, "purposes": open_to, "hits": found[:HITS], "count": len(found)}
    return View(values={**values, "looked": looked})


def show(visitor: Visitor, asked: Asked) -> View:
    """One person by number: what is asked of them and done about them, and no name."""
    return _show(visitor, asked.number("number"), details=None)


def open_details(visitor: Visitor, asked: Asked) -> View:
    """Name, telephone and address too, for whoever has an open task about the person."""
    number = asked.number("number")
    if not _own_tasks(visitor, number):
        raise NotAllowed(
            "no open task of your unit is about person {person}; ask the unit whose task it is", person=number
        )
    purpose = visitor.purpose(*LISTS)
    [found] = visitor.store.read_people([number], purpose=purpose, actor=visitor.actor, now=visitor.now).to_pylist()
    return _show(visitor, number, details={name: found[name] for name in ("name", "phone", "address")})


def _show(visitor: Visitor, number: int, *, details: Mapping[str, str] | None) -> View:
    moments = read_line(visitor, number)
    if not moments:
        raise NotFound("person {person} is on no list of your areas", person=number)
    visitor.act(lambda act: _note_look(act, visitor, number))
    values = {
        "person_no": number,
        "moments": moments,
        "may_open": bool(_own_tasks(visitor, number)),
        "details": details,
    }
    return View(template="person.html", values=values)


def _search(visitor: Visitor, typed: str, purpose: str) -> tuple[list[Mapping[str, Any]], int]:
    """The people found, and how many were looked through; the look stands on the ledger before anybody is read."""
    if Permission.PEOPLE_READ not in visitor.permissions:
        raise NotAllowed("your duties do not read people; ask the officer whose list it is")
    rows = visitor.store.desk.rows(LISTS[purpose], scope=visitor.scope(purpose), most=MOST)
    numbers = [row.person_no for row in rows]
    people = visitor.store.read_people(
        numbers, purpose=visitor.purpose(purpose), actor=visitor.actor, now=visitor.now
    ).to_pylist()
    hits: list[Mapping[str, Any]] = [
        {"person_no": one["person_no"], "name": mask(one["name"] or ""), "area_code": one["area_code"] or ""}
        for one in people
        if answers_to(one, typed)
    ]
    return hits, len(numbers)


def _own_tasks(visitor: Visitor, number: int) -> list[int]:
    """The open tasks about a person of the units the visitor belongs to."""
    if not visitor.purposes & {"outreach", "follow_up"}:
        return []
    scope = visitor.scope("outreach", "follow_up")
    rows = visitor.store.desk.rows(OWN_TASKS, scope=scope, user=visitor.actor.actor_id, person=str(number))
    return [row.task_id for row in rows]


def _note_look(act: Act, visitor: Visitor, number: int) -> None:
    act.note("person.looked_at", purpose=visitor.purpose(*LISTS), ids=(number,))
