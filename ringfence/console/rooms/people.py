"""People: found for a purpose among those on lists, with one line of time; every look is on the ledger (policy 6.4)."""

import json
from collections.abc import Mapping
from typing import Any

from ringfence import access, redress
from ringfence.console.asked import Asked
from ringfence.console.contest import CONTEST_PAGE
from ringfence.console.line_of_time import read_line
from ringfence.console.names import answers_to, mask
from ringfence.console.room import Done, Paper, Room, View
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

WHERE = {
    "outreach": "select area_path from visible_task where subject_kind = 'person' and subject_key = :person limit 1",
    "follow_up": "select area_path from visible_follow_up where cast(person_no as text) = :person limit 1",
    "measures": "select area_path from visible_measure_order where cast(person_no as text) = :person limit 1",
}
"""By purpose: where somebody on one of its lists is worked on, and so who decides on opening them."""

ASKED = """
select approval_id, plan, proposed_by, proposed_at from approval
where plan_kind = 'break_glass' and decided_by is null
order by approval_id
"""

MOST = 5_000
"""People of the lists that one search reads."""

SHOWN = ("name", "phone", "address")
"""What a person's page shows of the fields that its purpose opens."""

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
        actions={
            "/{number:int}": open_details,
            "/{number:int}/ask": ask_second,
            "/{number:int}/sheet": write_sheet,
            "/asked/{number:int}/approve": approve,
            "/asked/{number:int}/decline": decline,
        },
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
    return View(values={**values, "looked": looked, "asked_for": _read_asked(visitor)})


def show(visitor: Visitor, asked: Asked) -> View:
    """One person by number: what is asked of them and done about them, and no name."""
    return _show(visitor, asked.number("number"), details=None)


def open_details(visitor: Visitor, asked: Asked) -> View:
    """Name, telephone and address too, for one's own open task or by two people's decision; shown once."""
    number = asked.number("number")
    purpose = visitor.purpose(asked.text("purpose"), *LISTS)
    found = access.open_people(
        visitor.store, [number], purpose=purpose, actor=visitor.actor, now=visitor.now
    ).to_pylist()
    return _show(visitor, number, details={name: one[name] for one in found for name in SHOWN if name in one})


def write_sheet(visitor: Visitor, asked: Asked) -> Paper:
    """All that is held about somebody, for them to take along: it is theirs to know (2.6); the look stands on it."""
    number = asked.number("number")
    content = redress.write_held_sheet(
        visitor.store,
        number,
        address=f"{asked.origin}{CONTEST_PAGE}?link=",
        actor=visitor.actor,
        now=visitor.now,
    )
    return Paper(content=content, name=f"person-{number}.html")


def ask_second(visitor: Visitor, asked: Asked) -> Done:
    """Ask a second person to open somebody who is on no list of one's own."""
    number, reason = asked.number("number"), asked.text("reason")
    purpose = visitor.purpose(asked.text("purpose"), *LISTS)
    rows = visitor.store.desk.rows(WHERE[purpose.key], scope=visitor.scope(purpose.key), person=str(number))
    if not rows:
        raise NotFound("person {person} is on no list of your areas", person=number)

    def ask(act: Act) -> int:
        clock = visitor.store.clock
        return access.ask_break_glass(
            act, [number], purpose=purpose, reason=reason, area_path=rows[0].area_path, clock=clock
        )

    proposal = visitor.act(ask)
    return Done(
        to=f"/people/{number}", sentence="Proposal {number} waits for a second officer.", values={"number": proposal}
    )


def approve(visitor: Visitor, asked: Asked) -> Done:
    """A second person's yes: whoever asked may look for a short time."""
    number = asked.number("number")
    visitor.act(lambda act: access.approve_break_glass(act, number))
    return Done(to="/people", sentence="Proposal {number} is approved.", values={"number": number})


def decline(visitor: Visitor, asked: Asked) -> Done:
    """A second person's no."""
    number = asked.number("number")
    visitor.act(lambda act: access.decline(act, number))
    return Done(to="/people", sentence="Proposal {number} is declined.", values={"number": number})


def _show(visitor: Visitor, number: int, *, details: Mapping[str, str] | None) -> View:
    moments = read_line(visitor, number)
    if not moments:
        raise NotFound("person {person} is on no list of your areas", person=number)
    visitor.act(lambda act: _note_look(act, visitor, number))
    open_for = [key for key in LISTS if key in visitor.purposes and _may_open(visitor, number, key)]
    values = {
        "person_no": number,
        "moments": moments,
        "open_for": open_for,
        "purposes": [key for key in LISTS if key in visitor.purposes],
        "details": details,
    }
    return View(template="person.html", values=values)


def _may_open(visitor: Visitor, number: int, key: str) -> bool:
    purpose = visitor.purpose(key)
    try:
        access.check_may_open(visitor.store, [number], purpose=purpose, actor=visitor.actor, now=visitor.now)
    except NotAllowed:
        return False
    return True


def _read_asked(visitor: Visitor) -> list[Mapping[str, Any]]:
    """What a second person is asked for, to whoever may be one: whom, what for and why, said by whom."""
    if not visitor.may(Permission.LOOK_APPROVE):
        return []
    return [
        {**row._asdict(), "lines": json.loads(row.plan)["added"]}
        for row in visitor.store.desk.rows(ASKED)
        if row.proposed_by != visitor.actor.actor_id
    ]


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


def _note_look(act: Act, visitor: Visitor, number: int) -> None:
    act.note("person.looked_at", purpose=visitor.purpose(*LISTS), ids=(number,))
