"""Whom a case named as a contact, or who named the case (policy 2.2).

Days nobody remembered are all days: the whole window counts.
"""

import pyarrow as pa

from ringfence.terms import ReasonCode
from ringfence.trace.contacts import Question

NAMED = """
with told as (
    select person, contact, first_day, last_day from named_contact
    union all
    select contact, person, first_day, last_day from named_contact
),
shared as (
    select
        n.source_no, w.person as source, coalesce(a.person, t.contact) as subject,
        greatest(w.first_day, t.first_day) as first_day, least(w.last_day, t.last_day) as last_day,
        w.first_day as window_first_day, w.first_s, w.last_day as window_last_day, w.last_s
    from source_number n
    join told t on t.person = n.recorded
    join source_window w on w.source_no = n.source_no
    left join alias a on a.recorded = t.contact
),
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


def trace_rule(question: Question) -> pa.Table:
    """Contacts by name (CONTACTS, sorted): one row a pair, from the first day of contact in the window to the last."""
    return question.answer(question.find(NAMED), rule="named_contact", code=ReasonCode.NAMED_CONTACT)
