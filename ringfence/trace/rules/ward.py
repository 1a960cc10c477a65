"""Who was on the same ward as a case while it could infect: patients, and staff on its roster (policy 4.3)."""

import pyarrow as pa

from ringfence.terms import GroupKind, ReasonCode
from ringfence.trace.contacts import Question
from ringfence.trace.groups import count_crowd, find_in_group


def trace_rule(question: Question) -> pa.Table:
    """Contacts by shared ward (CONTACTS, sorted): one row a pair; the crowd is everybody who was there."""
    found = count_crowd(find_in_group(question, GroupKind.WARD))
    return question.answer(found, rule="ward", code=ReasonCode.SAME_WARD)
