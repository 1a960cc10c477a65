"""Who shared a place with a case for long enough, or breathed the air it left behind (policy 2.2).

Two persons are together at a place in every second in which the one who may have been infected is there while the other
is there, or left at most `linger_minutes` ago. The seconds of a local day are summed, each counted once however many
records speak of it. They make a contact from `minimum_minutes` on; where the two were together through midnight, the
day before and after count towards that, so that nobody slips through because a stay is kept in two parts.

The lake's lay-out asks for two steps: the sources' stays from the copy sorted by person, then one join on the single
key `cell`, which the scan turns into row groups that it need not read. Place 0 is no place. A record that begins before
its day or does not last is no visit, and one that outlasts its day ends with it.
"""

from collections.abc import Iterator

import pyarrow as pa

from ringfence.terms import CELL_BITS, ReasonCode
from ringfence.trace.contacts import Question
from ringfence.trace.tables import CONTACTS

NO_SOURCE_VISITS = """
create or replace temp table source_visit (
    source_no bigint, day bigint, place bigint, enter_s integer, stay_s integer
)
"""

PERSONS = "select distinct recorded from source_number order by recorded"

SOURCE_VISITS = """
insert into source_visit
select n.source_no, v.cell >> $cell_bits as day, v.cell & ((1::bigint << $cell_bits) - 1) as place, v.enter_s, v.stay_s
from source_number n
join source_record v on v.person = n.recorded
where v.cell >= $first_cell and v.cell < $end_cell and v.enter_s >= 0 and v.stay_s > 0
"""

SOURCE_STAYS = """
create or replace temp table source_stay as
select *
from (
    select
        v.source_no, v.place, d.direction = 'forward' as is_forward, d.day, d.starts_s,
        d.starts_s + greatest(d.from_s, v.enter_s) as from_utc_s,
        d.starts_s + least(d.to_s, v.enter_s::bigint + v.stay_s) as to_utc_s
    from source_visit v
    join source_day d on d.source_no = v.source_no and d.day = v.day
    where v.place > 0
)
where from_utc_s < to_utc_s
"""

# Air that lingers reaches into other days' cells: a source's into later ones, a contact's from earlier ones. Seconds
# are counted within the cell's day; `shift_s` leads from there to the day of being exposed, which names the meeting.
MEETINGS = """
create or replace temp table meeting as
with shared as (
    select
        s.source_no, s.place, (c.day << $cell_bits) + s.place as cell, c.length_s,
        if(s.is_forward, c.day, s.day) as day,
        s.from_utc_s - c.starts_s as from_s,
        s.to_utc_s - c.starts_s + if(s.is_forward, $linger_s, 0) as to_s,
        if(s.is_forward, 0, $linger_s) as contact_linger_s,
        if(s.is_forward, 0, c.starts_s - s.starts_s) as shift_s
    from source_stay s
    join local_day c
        on c.starts_s < s.to_utc_s + if(s.is_forward, $linger_s, 0)
        and c.starts_s + c.length_s > s.from_utc_s - if(s.is_forward, 0, $linger_s)
)
select
    (dense_rank() over (order by source_no, place, day))::integer as meeting_no, source_no, place, day, cell,
    length_s::integer as length_s, from_s::integer as from_s, to_s::integer as to_s,
    least(to_s, length_s)::integer as enter_before_s, (from_s - contact_linger_s)::integer as leave_after_s,
    contact_linger_s::integer as contact_linger_s, shift_s::integer as shift_s
from shared
"""

NO_PIECES = """
create or replace temp table piece (meeting_no integer, person bigint, from_s integer, to_s integer)
"""

CELLS = "select distinct cell from meeting order by cell"

# Whole in 32 bits, which halves the time, and so written that no broken record's numbers overflow them.
PIECES = """
insert into piece
select
    m.meeting_no, v.person,
    greatest(v.enter_s, m.from_s) + m.shift_s as from_s,
    least(v.enter_s + least(v.stay_s, m.length_s - v.enter_s) + m.contact_linger_s, m.to_s) + m.shift_s as to_s
from meeting m
join record_there v on v.cell = m.cell
where v.enter_s >= 0 and v.stay_s > 0 and v.enter_s < m.enter_before_s and v.stay_s > m.leave_after_s - v.enter_s
"""

LEAD_HOME = "update piece set person = a.person from alias a where a.recorded = piece.person"

PLACE_DAYS = """
create or replace temp table place_day as
select distinct m.meeting_no, m.source_no, s.person as source, m.place, m.day, d.length_s
from meeting m
join source s on s.source_no = m.source_no
join local_day d on d.day = m.day
"""

# Telling seconds apart that several records speak of is dear, and rarely asked: only pairs with several pieces pay it.
TOGETHER = """
create or replace temp table together as
with asked as (
    select meeting_no, source_no, source from place_day where source_no >= $first_source and source_no < $end_source
),
portion as (
    select p.meeting_no, p.person, p.from_s, p.to_s
    from piece p
    where p.meeting_no between (select min(meeting_no) from asked) and (select max(meeting_no) from asked)
),
pair as (
    select
        p.meeting_no, p.person, count(*) as pieces, sum(p.to_s - p.from_s)::integer as seconds,
        min(p.from_s) as from_s, max(p.to_s) as to_s
    from portion p
    anti join asked d on d.meeting_no = p.meeting_no and d.source = p.person
    group by p.meeting_no, p.person
),
fresh as (
    select
        p.meeting_no, p.person, p.to_s,
        greatest(p.from_s, max(p.to_s) over (
            partition by p.meeting_no, p.person order by p.from_s, p.to_s
            rows between unbounded preceding and 1 preceding
        )) as from_s
    from portion p
    semi join (select meeting_no, person from pair where pieces > 1) s
        on s.meeting_no = p.meeting_no and s.person = p.person
),
once as (
    select meeting_no, person, sum(greatest(to_s - from_s, 0))::integer as seconds
    from fresh
    group by meeting_no, person
)
select p.meeting_no, p.person, coalesce(o.seconds, p.seconds) as seconds, p.from_s, p.to_s
from pair p
left join once o on o.meeting_no = p.meeting_no and o.person = p.person
"""

SIZE = """
select (select coalesce(max(source_no), 0) from place_day) as sources, (select count(*) from piece) as pieces
"""

MOST_PIECES = 1_000_000
"""So many are worked on at a time that a few thousand cases stay within a gigabyte (bench/trace.py)."""

LONG_ENOUGH = """
with crowd as (
    select meeting_no, count(*) as persons from together group by meeting_no
),
overnight as (
    select
        d.source_no, d.place, d.day, t.meeting_no, t.person, t.seconds,
        t.from_s = 0 as since_midnight, t.to_s = d.length_s as until_midnight
    from together t
    join place_day d on d.meeting_no = t.meeting_no
    where t.from_s = 0 or t.to_s = d.length_s
),
next_door as (
    select t.meeting_no, t.person, sum(n.seconds) as seconds
    from overnight t
    join overnight n on n.source_no = t.source_no and n.place = t.place and n.person = t.person
    where (n.day = t.day - 1 and n.until_midnight and t.since_midnight)
        or (n.day = t.day + 1 and n.since_midnight and t.until_midnight)
    group by t.meeting_no, t.person
)
select
    d.source_no, t.person as subject, d.place, d.day as first_day, t.from_s as first_s, d.day as last_day,
    t.to_s as last_s, t.seconds, c.persons as crowd
from together t
join place_day d on d.meeting_no = t.meeting_no
join crowd c on c.meeting_no = t.meeting_no
left join next_door n on n.meeting_no = t.meeting_no and n.person = t.person
where t.seconds + coalesce(n.seconds, 0) >= $minimum_s
order by d.source_no, t.person, d.place, d.day
"""


def trace_rule(question: Question) -> pa.Table:
    """Contacts by shared place and day (CONTACTS, sorted): seconds together, and the crowd they were together in."""
    visible, settings = question.visible, question.settings
    visible.run(NO_SOURCE_VISITS)
    for _ in visible.look_up("visit_by_person", PERSONS, found="source_record"):
        visible.run(SOURCE_VISITS, cell_bits=CELL_BITS, first_cell=visible.first_cell, end_cell=visible.end_cell)
    visible.run(SOURCE_STAYS)
    visible.run(MEETINGS, cell_bits=CELL_BITS, linger_s=settings.linger_minutes * 60)
    visible.run(NO_PIECES)
    for _ in visible.look_up("visit_by_cell", CELLS, found="record_there"):
        visible.run(PIECES)
    visible.run(LEAD_HOME)
    visible.run(PLACE_DAYS)
    return pa.concat_tables(_long_enough(question))


def _long_enough(question: Question) -> Iterator[pa.Table]:
    """Who was together with a source for long enough (CONTACTS), some sources after the others."""
    visible, minimum_s = question.visible, question.settings.minimum_minutes * 60
    [size] = visible.read(SIZE).to_pylist()
    at_once = max(1, MOST_PIECES * size["sources"] // max(1, size["pieces"]))
    yield CONTACTS.empty_table()
    for first in range(1, size["sources"] + 1, at_once):
        visible.run(TOGETHER, first_source=first, end_source=first + at_once)
        found = question.find(LONG_ENOUGH, minimum_s=minimum_s)
        yield question.answer(found, rule="same_place", code=ReasonCode.SAME_PLACE)
