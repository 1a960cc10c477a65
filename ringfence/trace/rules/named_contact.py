"""Whom a case named as a contact, or who named the case (policy 2.2).

Days nobody remembered are all days: the whole window counts.
"""

import pyarrow as pa

from ringfence.terms import ReasonCode
from ringfence.trace.contacts import Question
from ringfence.trace.groups import WHOLE_SPANS

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
)
"""


def trace_rule(question: Question) -> pa.Table:
    """Contacts by name (CONTACTS, sorted): one row a pair, from the first day of contact in the window to the last."""
    return question.answer(question.find(NAMED + WHOLE_SPANS), rule="named_contact", code=ReasonCode.NAMED_CONTACT)
