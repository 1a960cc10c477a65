"""Work: who is to be reached, by whom and until when; acknowledged, done, tried, handed over (policy 2.3, 7.1)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from ringfence import access, flow, seal, work
from ringfence.console.asked import Asked
from ringfence.console.lists import Shown, read_list
from ringfence.console.room import Done, Room, View
from ringfence.console.visitor import Visitor
from ringfence.errors import InputRefused
from ringfence.store import Act, Scope
from ringfence.terms import ATTEMPTS, ENDING, Duty, Level, Outcome, TaskKind, TaskStatus, to_us

PURPOSES = ("outreach", "accountability", "follow_up")

# Of a place only its kind: whoever knocks learns neither whose case it was nor where (policy 2.2).
PLACE_KINDS = """
select distinct b.task_id, p.kind
from visible_task t
join task_basis b on b.task_id = t.task_id
join exposure_reason r on r.exposure_id = b.exposure_id
join place p on p.place_no = r.place_no
where b.task_id in :among
order by b.task_id, p.kind
"""

UNITS = """
with load as (
    select owner, count(*) as waiting, count(*) filter (where due_at < :now) as late
    from visible_task where status in ('open', 'acknowledged')
    group by owner
),
today as (
    select unit_id, min(leader) as leader, min(deputy) as deputy,
        max(case when from_s <= :second and to_s > :second then 1 else 0 end) as is_present
    from duty where day = :day
    group by unit_id
)
select u.unit_id, u.area_path, u.level, u.daily_capacity, t.leader, t.deputy, coalesce(t.is_present, 0) as is_present,
    coalesce(l.waiting, 0) as waiting, coalesce(l.late, 0) as late
from visible_unit u
left join load l on l.owner = u.unit_id
left join today t on t.unit_id = u.unit_id
order by late desc, waiting desc, u.unit_id
"""

DUTIES_TODAY = """
select d.unit_id, d.day, d.from_s, d.to_s, d.leader, d.deputy
from visible_unit u join duty d on d.unit_id = u.unit_id
where d.unit_id = :key and d.day = :day
order by d.from_s
"""

OUTCOMES = list(dict.fromkeys([*ENDING.values(), *Outcome]))
"""What may be said of a task: first what ends it."""

LONGEST_EVIDENCE = 120


def declare() -> Room:
    """One owner and one deadline for everything."""
    return Room(
        key="work",
        title="Work",
        clause="7.1",
        place=40,
        purposes=PURPOSES,
        table="task",
        pages={"": show, "/units": show_units},
        actions={
            "/acknowledge": acknowledge,
            "/done": close,
            "/reassign": reassign,
            "/units/hand-over": hand_over,
            "/units/deputy": name_deputy,
            "/units/phone": make_phone_link,
        },
    )


def show(visitor: Visitor, asked: Asked) -> View:
    """What is asked of whom until when, in an area, of a unit, late or not."""
    scope = _within(visitor.scope(*PURPOSES), asked.text("area"))
    is_late = asked.has("late")
    found = read_list(
        visitor,
        asked,
        work.TASKS,
        scope=scope,
        always={"due_before": visitor.now, "waiting": "yes"} if is_late else {},
        usual={"waiting": "yes"},
    )
    values = {
        "list": found,
        "is_late": is_late,
        "now": visitor.now,
        "chosen_area": asked.text("area"),
        "areas": _areas(visitor, scope),
        "units": [(row.unit_id, row.unit_id) for row in _units(visitor, visitor.scope(*PURPOSES))],
        "statuses": list(TaskStatus),
        "levels": list(Level),
        "kinds": list(TaskKind),
        "outcomes": OUTCOMES,
        "places": _place_kinds(visitor, scope, found),
        "back": asked.onward(),
    }
    return View(values=values)


def show_units(visitor: Visitor, _asked: Asked) -> View:
    """The units with what they have, who answers today, and where everything of one can be given to another."""
    return View(template="units.html", values={"units": _units(visitor, visitor.scope(*PURPOSES))})


def acknowledge(visitor: Visitor, asked: Asked) -> Done:
    """Seen, and will be done."""
    tasks = asked.numbers("task")
    count = visitor.act(lambda act: work.acknowledge_tasks(act, tasks))
    return Done(to=asked.back("/work"), sentence="{count} task(s) acknowledged.", values={"count": count})


def close(visitor: Visitor, asked: Asked) -> Done:
    """What came of it: an outcome ends the task, or it was tried and is still to be done."""
    tasks, outcome, evidence = asked.numbers("task"), _outcome(asked), asked.text("evidence")
    if len(evidence) > LONGEST_EVIDENCE:
        raise InputRefused("evidence is a number or a code of up to {most} characters", most=LONGEST_EVIDENCE)
    if outcome in ATTEMPTS:
        flow.record_attempts(visitor.store, tasks, outcome=outcome, actor=visitor.actor, now=visitor.now)
        return Done(
            to=asked.back("/work"),
            sentence="{count} task(s) were tried and are still to be done.",
            values={"count": len(tasks)},
        )
    store = visitor.store
    count = visitor.act(lambda act: work.close_tasks(act, tasks, outcome=outcome, evidence=evidence, store=store))
    return Done(to=asked.back("/work"), sentence="{count} task(s) done.", values={"count": count})


def reassign(visitor: Visitor, asked: Asked) -> Done:
    """Another unit answers from now on; deadlines stay."""
    tasks, owner = asked.numbers("task"), asked.text("to")
    count = visitor.act(lambda act: work.hand_over_tasks(act, tasks, owner=owner))
    return Done(
        to=asked.back("/work"),
        sentence="{count} task(s) belong to {unit} now.",
        values={"count": count, "unit": owner},
    )


def hand_over(visitor: Visitor, asked: Asked) -> Done:
    """Everything a unit has to another one."""
    unit, owner = asked.text("unit"), asked.text("to")
    moved = visitor.act(lambda act: work.hand_over_unit(act, unit, owner=owner))
    return Done(
        to="/work/units",
        sentence="{tasks} task(s) and {watched} under follow-up went from {unit} to {owner}.",
        values={"tasks": moved.tasks, "watched": moved.follow_ups, "unit": unit, "owner": owner},
    )


def name_deputy(visitor: Visitor, asked: Asked) -> Done:
    """Who answers for a unit today beside its leader; an account's key, never a name."""
    unit, deputy = asked.text("unit"), asked.text("deputy")
    rows = visitor.store.desk.rows(DUTIES_TODAY, scope=visitor.scope(*PURPOSES), key=unit, day=visitor.today)
    if not rows or not deputy:
        raise InputRefused("unit {unit} is not on duty today, or no deputy was named", unit=unit)
    duties = {number: Duty(**{**row._asdict(), "deputy": deputy}) for number, row in enumerate(rows, start=1)}

    def put(act: Act) -> int:
        return work.put_duties(act, duties)

    visitor.act(put)
    return Done(
        to="/work/units", sentence="{deputy} is deputy of {unit} today.", values={"deputy": deputy, "unit": unit}
    )


def make_phone_link(visitor: Visitor, asked: Asked) -> View:
    """A link that registers one phone of a unit, as a code to be read by that phone; it is shown this once."""
    unit = asked.text("unit")
    token = visitor.act(lambda act: access.make_device_link(act, unit, clock=visitor.store.clock))
    address = f"{asked.origin}{access.LINK_PAGE}{token}"
    code = seal.write_qr_svg(address, correction="M")
    return View(template="phone_link.html", values={"unit": unit, "address": address, "code": code})


def _outcome(asked: Asked) -> Outcome:
    said = asked.text("outcome")
    if said not in set(Outcome):
        raise InputRefused("say what came of it; choose an outcome")
    return Outcome(said)


def _within(scope: Scope, area_path: str) -> Scope:
    return scope.within(area_path) if area_path else scope


def _areas(visitor: Visitor, scope: Scope) -> list[tuple[str, str]]:
    """The areas a visitor may narrow the list to, each below its parent."""
    seen = scope.paths.get("task", ())
    return [
        (area.path, "\u2003" * (area.path.count("/") - 1) + area.name)
        for area in sorted(visitor.hierarchy.values(), key=lambda each: each.path)
        if any(area.path.startswith(path) for path in seen)
    ]


def _units(visitor: Visitor, scope: Scope) -> Sequence[Any]:
    clock = visitor.store.clock
    moment = {"now": to_us(visitor.now), "day": visitor.today, "second": clock.second_of(visitor.now)}
    return visitor.store.desk.rows(UNITS, scope=scope, **moment)


def _place_kinds(visitor: Visitor, scope: Scope, found: Shown) -> Mapping[int, list[str]]:
    kinds: dict[int, list[str]] = defaultdict(list)
    among = [row["task_id"] for row in found.rows]
    for row in visitor.store.desk.rows_among(PLACE_KINDS, among, scope=scope):
        kinds[row.task_id].append(row.kind)
    return kinds
