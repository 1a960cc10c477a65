"""Who lived, stayed, was or changed trains in a risk area, or came through a gate from it (policy 2.2, 6.2).

Passing through on a train is not "came from": only living there, sleeping there, being at a place inside, boarding or
alighting there, or naming it as one's origin counts. Where a ride ended that no timetable knows, nobody can say. How
many days back it counts is the fence's own window, which the protocol of its disease gives.
"""

import pyarrow as pa

from ringfence.terms import CELL_BITS, Direction, ReasonCode, SubjectKind
from ringfence.trace.contacts import Question, put_in_order
from ringfence.trace.tables import CONTACTS

RULE = "came_from_risk_area"

LIVED = """
select
    f.signal, f.risk_area, coalesce(a.person, r.person) as subject,
    greatest(f.first_day, coalesce(r.from_day, f.first_day)) as first_day,
    least(f.last_day, coalesce(r.to_day, f.last_day)) as last_day
from fence f
join fenced_area i on i.risk_area = f.risk_area
join residence r on r.area = i.area
left join alias a on a.recorded = r.person
"""

# Hotel guests and who lay on a ward inside, and whom another department's list says to have been there.
STAYED = """
with stayed as (
    select g.risk_area, m.person, m.from_day, m.to_day
    from fenced_group g
    join membership m on m.group_kind = g.group_kind and m.group_no = g.group_no
    union all
    select i.risk_area, s.person, s.from_day, s.to_day
    from fenced_area i
    join stay s on s.area = i.area
)
select
    f.signal, f.risk_area, coalesce(a.person, s.person) as subject,
    greatest(f.first_day, coalesce(s.from_day, f.first_day)) as first_day,
    least(f.last_day, coalesce(s.to_day, f.last_day)) as last_day
from fence f
join stayed s on s.risk_area = f.risk_area
left join alias a on a.recorded = s.person
"""

CHANGED = """
select f.signal, f.risk_area, coalesce(a.person, l.person) as subject, s.day as first_day, s.day as last_day
from fence f
join fenced_stop s on s.risk_area = f.risk_area and s.day between f.first_day and f.last_day
join leg l on l.trip = s.trip and s.stop_no in (l.board_stop, l.alight_stop)
left join alias a on a.recorded = l.person
"""

FENCED_CELLS = """
create or replace temp table fenced_cell as
select f.signal, f.risk_area, d.day, (d.day << $cell_bits) + p.place as cell
from fence f
join fenced_place p on p.risk_area = f.risk_area
join local_day d on d.day between f.first_day and f.last_day
"""

CELLS = "select distinct cell from fenced_cell order by cell"

NOBODY_THERE = """
create or replace temp table was_there (signal bigint, risk_area bigint, person bigint, day bigint)
"""

THERE = """
insert into was_there
select distinct f.signal, f.risk_area, v.person, f.day
from fenced_cell f
join record_there v on v.cell = f.cell
where v.enter_s >= 0 and v.stay_s > 0
"""

WERE_THERE = """
select w.signal, w.risk_area, coalesce(a.person, w.person) as subject, w.day as first_day, w.day as last_day
from was_there w
left join alias a on a.recorded = w.person
"""

CAME_THROUGH = """
select f.signal, f.risk_area, coalesce(a.person, g.person) as subject, g.day as first_day, g.day as last_day
from fence f
join fenced_area i on i.risk_area = f.risk_area
join passage g on g.origin_area = i.area and g.day between f.first_day and f.last_day
left join alias a on a.recorded = g.person
where g.person is not null
"""

WHOLE = """
with found as ({found})
select
    f.signal, f.risk_area, f.subject, min(f.first_day) as first_day, 0 as first_s, max(f.last_day) as last_day,
    max_by(d.length_s, f.last_day) as last_s
from found f
join local_day d on d.day = f.last_day
where f.first_day <= f.last_day
group by f.signal, f.risk_area, f.subject
order by f.signal, f.risk_area, f.subject
"""

WAYS = {
    ReasonCode.LIVED_IN_RISK_AREA: WHOLE.format(found=LIVED),
    ReasonCode.STAYED_IN_RISK_AREA: WHOLE.format(found=STAYED),
    ReasonCode.BOARDED_OR_ALIGHTED_IN_RISK_AREA: WHOLE.format(found=CHANGED),
    ReasonCode.WAS_IN_RISK_AREA: WHOLE.format(found=WERE_THERE),
    ReasonCode.CAME_THROUGH_GATE: WHOLE.format(found=CAME_THROUGH),
}
"""Every way of having come from there, with the question that finds it."""


def trace_rule(question: Question) -> pa.Table:
    """Contacts by fence (CONTACTS, sorted): one row a risk area, person and way of having come from there."""
    visible = question.visible
    visible.run(FENCED_CELLS, cell_bits=CELL_BITS)
    visible.run(NOBODY_THERE)
    for _ in visible.look_up("visit_by_cell", CELLS, found="record_there"):
        visible.run(THERE)
    return put_in_order(_answer(visible.read(query), code) for code, query in WAYS.items())


def _answer(found: pa.Table, code: ReasonCode) -> pa.Table:
    """What was found, with the risk area in the place of a case and its person."""
    rows = found.num_rows
    words = {
        "direction": Direction.FORWARD.value,
        "subject_kind": SubjectKind.PERSON.value,
        "rule": RULE,
        "code": code.value,
    }
    columns = {name: found[name] for name in found.column_names if name in CONTACTS.names}
    columns |= {"case_no": found["risk_area"], "source": found["risk_area"]}
    columns |= {name: pa.repeat(pa.scalar(word), rows) for name, word in words.items()}
    empty = pa.nulls(rows)
    return pa.table([columns.get(name, empty) for name in CONTACTS.names], names=CONTACTS.names).cast(CONTACTS)
