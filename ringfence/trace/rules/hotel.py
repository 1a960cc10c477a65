"""Who slept in the same room, or on the same floor, as a case while it could infect (policy 2.5, 2.2)."""

import pyarrow as pa

from ringfence.terms import GroupKind, ReasonCode
from ringfence.trace.contacts import Question, put_in_order
from ringfence.trace.groups import count_crowd, find_in_group

SHARED = {GroupKind.HOTEL_ROOM: ReasonCode.SAME_ROOM, GroupKind.HOTEL_FLOOR: ReasonCode.SAME_FLOOR}


def trace_rule(question: Question) -> pa.Table:
    """Contacts by shared room or floor (CONTACTS, sorted): one row a pair and kind.

    The crowd is everybody who slept there, so that a full floor weighs less a head than a room shared by two.
    """
    return put_in_order(
        question.answer(count_crowd(find_in_group(question, kind)), rule="hotel", code=code)
        for kind, code in SHARED.items()
    )
