"""Who lived behind the same door as a case while it could infect (policy 2.2, 2.3)."""

import pyarrow as pa

from ringfence.terms import GroupKind, ReasonCode
from ringfence.trace.contacts import Question, put_in_order
from ringfence.trace.groups import find_behind_door, find_in_group


def trace_rule(question: Question) -> pa.Table:
    """Contacts by shared household (CONTACTS, sorted): one row a pair, from the first shared day to the last."""
    found = find_in_group(question, GroupKind.HOUSEHOLD)
    behind_door = find_behind_door(question)
    return put_in_order(
        [
            question.answer(found, rule="household", code=ReasonCode.SAME_HOUSEHOLD),
            question.answer(behind_door, rule="household", code=ReasonCode.HOUSEHOLD_OF_UNKNOWN),
        ]
    )
