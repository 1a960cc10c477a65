"""What a trace may see of a deployment: some days of the lake, aliases and places; the look is on record (6.4)."""

from datetime import datetime

import pyarrow as pa

from ringfence.areas import read_places
from ringfence.store import Aliases, Store
from ringfence.terms import LAYOUTS, Actor, Purpose
from ringfence.trace.proof import UNPROVEN, find_unproven
from ringfence.trace.tables import ALIASES, PLACES
from ringfence.trace.urgency import HARM_KINDS
from ringfence.trace.visible import Records, Visible

NUMBERED = """
create or replace temp table numbered as
with asked as (
    select distinct person from given_person
)
select person as recorded, person from asked
union
select recorded, person from alias where person in (select person from asked)
"""

NUMBERS = "select distinct recorded from numbered order by recorded"

NONE_SEEN = "create or replace temp table seen_part (person bigint, visits bigint)"

SEEN = """
insert into seen_part
select n.person, count(*) as visits from numbered n join record_of v on v.person = n.recorded group by n.person
"""

# Who lives where and with whom, and whether a number is surely that person: a number that leads to another was decided
# on, and what put them where they were exposed has to be proven. Who is known by a household only lives where it does.
FACTS = """
with asked as (
    select distinct person from given_person
),
home as (
    select n.person, max_by(r.area, coalesce(r.from_day, -2147483648)) as area
    from numbered n join residence r on r.person = n.recorded
    group by n.person
),
door as (
    select n.person, max_by(m.group_no, coalesce(m.from_day, -2147483648)) as household
    from numbered n join membership m on m.person = n.recorded
    where m.group_kind = 'household'
    group by n.person
),
doubt as (
    select a.person, max(l.household) as household
    from asked a join link l on l.person = a.person
    where l.answer in ('household', 'review')
    group by a.person
),
at_risk as (
    select n.person, string_agg(distinct m.group_kind, ',' order by m.group_kind) as kinds
    from numbered n join membership m on m.person = n.recorded
    where m.group_kind in (select unnest($harm_kinds))
    group by n.person
),
seen as (
    select person, sum(visits) as visits from seen_part group by person
),
housed as (
    select a.person, h.area, coalesce(d.household, u.household) as household,
        u.person is null and g.person is null as is_identified,
        r.kinds as harm_kinds, coalesce(s.visits, 0) as visits
    from asked a
    left join at_risk r on r.person = a.person
    left join seen s on s.person = a.person
    left join home h on h.person = a.person
    left join door d on d.person = a.person
    left join doubt u on u.person = a.person
    left join unproven_person g on g.person = a.person
),
behind_door as (
    select w.household, max_by(r.area, coalesce(r.from_day, -2147483648)) as area
    from (select distinct household from housed where area is null) w
    join membership m on m.group_no = w.household
    join residence r on r.person = m.person
    where m.group_kind = 'household'
    group by w.household
)
select
    h.person, coalesce(h.area, b.area) as area, h.household, h.is_identified, h.harm_kinds, h.visits::bigint as visits
from housed h left join behind_door b on b.household = h.household
order by h.person
"""

PERSONS = pa.schema([("person", pa.int64())])


def look(store: Store, *, days: range, purpose: Purpose, actor: Actor, now: datetime) -> Visible:
    """The lake's files of some local days, visible to one trace; the look goes on record before any file is opened."""
    store.act(
        lambda act: act.note("lake.read", purpose=purpose, count=len(days), first_day=days.start), actor=actor, now=now
    )
    return Visible(
        _records(store, days),
        days=days,
        clock=store.clock,
        aliases=_aliases(store),
        places=read_places(store.desk).select(PLACES.names),
    )


def read_facts(visible: Visible, persons: pa.Array, *, reasons: pa.Table) -> pa.Table:
    """Of each person: area code and household, where known, whether the link is certain, harm_kinds and visits.

    `reasons` (REASONS) are why they are asked for: a link by weight alone, in what put them there, is not certain.

    `harm_kinds` are the kinds of group, joined by commas, that say harm if missed; `visits` how many are on record.
    """
    visible.put("unproven_person", find_unproven(visible, reasons), UNPROVEN)
    visible.put("given_person", pa.table([persons], schema=PERSONS), PERSONS)
    visible.run(NUMBERED)
    visible.run(NONE_SEEN)
    for _ in visible.look_up("visit_by_person", NUMBERS, found="record_of"):
        visible.run(SEEN)
    return visible.read(FACTS, harm_kinds=[kind.value for kind in HARM_KINDS])


def _records(store: Store, days: range) -> Records:
    return {
        kind.value if copy.name == "all" else f"{kind}_{copy.name}": store.lake.laid(
            kind, copy=copy.name, days=(days.start, days.stop - 1)
        )
        for kind, layout in LAYOUTS.items()
        for copy in layout.copies
    }


def _aliases(store: Store) -> pa.Table:
    return pa.table(list(Aliases(store.desk).pairs), schema=ALIASES)
