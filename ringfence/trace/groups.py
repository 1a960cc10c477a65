"""Who belonged to the same group as a source while it mattered (policy 2.2)."""

import numpy as np
import pyarrow as pa

from ringfence.terms import GroupKind
from ringfence.trace.contacts import Question

OWN_GROUPS = """
with own as (
    select
        n.source_no, w.person as source, m.group_no, m.from_day, m.to_day, w.first_day, w.first_s, w.last_day, w.last_s
    from source_number n
    join membership m on m.person = n.recorded
    join source_window w on w.source_no = n.source_no
    where m.group_kind = $group_kind
)
"""

# A case who is surely of a household, though nobody knows which of its members, exposed whoever lives there. Not so a
# contact: to ask who that is means knocking at that door anyway.
OWN_HOUSEHOLD_BY_LINK = """
with own as (
    select distinct
        w.source_no, w.person as source, l.household as group_no, null::int as from_day, null::int as to_day,
        w.first_day, w.first_s, w.last_day, w.last_s
    from source_window w
    join link l on l.person = w.person
    anti join first_contact f on f.signal = w.signal and f.subject_kind = 'person' and f.subject = w.person
    where l.answer = 'household'
)
"""

# Goes on from `own`.
SHARED = """,
shared as (
    select
        o.source_no, o.source, coalesce(a.person, m.person) as subject,
        greatest(o.first_day, o.from_day, m.from_day) as first_day, least(o.last_day, o.to_day, m.to_day) as last_day,
        o.first_day as window_first_day, o.first_s, o.last_day as window_last_day, o.last_s
    from own o
    join membership m on m.group_no = o.group_no
    left join alias a on a.recorded = m.person
    where m.group_kind = $group_kind
)
"""

# Goes on from `shared`: days within a window, bounded by its seconds. Who left and came back, or is on record twice,
# is one contact from the first shared day to the last.
WHOLE_SPANS = """,
bounded as (
    select
        s.source_no, s.subject,
        {'day': s.first_day, 's': if(s.first_day = s.window_first_day, s.first_s, 0)} as first,
        {'day': s.last_day, 's': if(s.last_day = s.window_last_day, least(s.last_s, d.length_s), d.length_s)} as last
    from shared s
    join local_day d on d.day = s.last_day
    where s.subject <> s.source
),
whole as (
    select source_no, subject, min(first) as first, max(last) as last
    from bounded
    where first < last
    group by source_no, subject
)
select
    source_no, subject, first.day as first_day, first.s as first_s, last.day as last_day, last.s as last_s
from whole
order by source_no, subject
"""


def find_in_group(question: Question, kind: GroupKind) -> pa.Table:
    """Who shared a group of a kind with a source within its window (FOUND, sorted), one row a pair."""
    return question.find(OWN_GROUPS + SHARED + WHOLE_SPANS, group_kind=kind)


def find_behind_door(question: Question) -> pa.Table:
    """Who lives in the household that a case is of, where nobody knows who of them the case is (FOUND, sorted)."""
    return question.find(OWN_HOUSEHOLD_BY_LINK + SHARED + WHOLE_SPANS, group_kind=GroupKind.HOUSEHOLD)


def count_crowd(found: pa.Table) -> pa.Table:
    """The same (FOUND) with how many persons were found beside each source as the crowd, the source among them."""
    _, of_row, persons = np.unique(found["source_no"].to_numpy(), return_inverse=True, return_counts=True)
    crowd = pa.array(persons[of_row] + 1, pa.int32())
    return found.set_column(found.column_names.index("crowd"), "crowd", crowd)
