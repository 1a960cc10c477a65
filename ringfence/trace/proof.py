"""Who is exposed by a link that no rule made certain: somebody asks who it is before an order (policy 2.3, 2.6)."""

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.link import CERTAIN
from ringfence.terms import SubjectKind
from ringfence.trace.visible import Visible

# What each rule reads of a person. A household is the register's word, which no linking gave anybody.
RULES_READ = """
create or replace temp view rule_reads as
select *
from (
    values
        ('same_place', 'visit'),
        ('near_in_place_and_day', 'visit'),
        ('near_in_place_and_day', 'route_point'),
        ('came_from_risk_area', 'visit'),
        ('came_from_risk_area', 'stay'),
        ('came_from_risk_area', 'leg'),
        ('came_from_risk_area', 'membership'),
        ('came_from_risk_area', 'passage'),
        ('same_seat_rows', 'leg'),
        ('hotel', 'membership'),
        ('ward', 'membership'),
        ('work_group', 'membership'),
        ('named_contact', 'named_contact')
) as declared (rule, kind)
"""

# Every record that puts a person somewhere, on which local days, and at which place where it names one.
RECORDS_TOLD = """
create or replace temp view told as
select 'visit' as kind, person, batch, row, cell >> 32 as from_day, cell >> 32 as to_day,
    cell & 4294967295 as place
from visit_by_person
union all
select 'route_point', person, batch, row, day, day, null from route_point
union all
select 'stay', person, batch, row, from_day, to_day, null from stay
union all
select 'passage', person, batch, row, day, day, null from passage
union all
select 'leg', person, batch, row, day, day + 1, null from leg
union all
select 'membership', person, batch, row, from_day, to_day, null from membership
union all
select 'named_contact', person, batch, row, first_day, last_day, null from named_contact
union all
select 'named_contact', contact, batch, row, first_day, last_day, null from named_contact
"""

# Only links to somebody known are asked here: who is known by a household, or not for certain, has a number of their
# own, and a number that leads to another was decided on.
FIND_UNPROVEN = """
with number as (
    select person as recorded, person from way_of
    union
    select recorded, person from alias where person in (select person from way_of)
),
unproven as (
    select l.source_batch as batch, l.source_row as row, l.person as recorded, n.person
    from link l
    join number n on n.recorded = l.person
    where l.answer = 'person' and l.how not in (select unnest($certain))
)
select distinct u.person
from unproven u
join told t on t.batch = u.batch and t.row = u.row and t.person = u.recorded
join rule_reads r on r.kind = t.kind
join way_of w
    on w.person = u.person
    and w.rule = r.rule
    and coalesce(t.from_day, w.first_day) <= w.last_day
    and coalesce(t.to_day, w.last_day) >= w.first_day
    and coalesce(t.place = w.place, true)
order by u.person
"""

WAYS_OF = pa.schema(
    [
        ("person", pa.int64()),
        ("rule", pa.string()),
        ("place", pa.int64()),
        ("first_day", pa.int32()),
        ("last_day", pa.int32()),
    ]
)
"""How persons were exposed: by which rule, where (where the rule says so), and on which local days."""

UNPROVEN = pa.schema([("person", pa.int64())])


def show_records(visible: Visible) -> None:
    """Make visible what each rule reads (rule_reads) and what the lake says of persons in one form (told)."""
    visible.run(RULES_READ)
    visible.run(RECORDS_TOLD)


def find_unproven(visible: Visible, reasons: pa.Table) -> pa.Table:
    """The persons (table of UNPROVEN) of some reasons (REASONS) whom a row that put them there was linked to by weight.

    However likely such a link is, it is a guess until somebody asked: only the rules of `link.CERTAIN` prove one.
    """
    of_persons = reasons.filter(pc.equal(reasons["subject_kind"], SubjectKind.PERSON.value))
    ways = of_persons.rename_columns({"subject": "person"}).select(WAYS_OF.names)
    visible.put("way_of", ways, WAYS_OF)
    show_records(visible)
    return visible.read(FIND_UNPROVEN, certain=sorted(CERTAIN)).cast(UNPROVEN)
