"""Who worked in the same group, or sat in the same class, as a case while it could infect (policy 2.2)."""

import pyarrow as pa

from ringfence.terms import GroupKind, ReasonCode
from ringfence.trace.contacts import Question, put_in_order
from ringfence.trace.groups import count_crowd, find_in_group

SHARED = {GroupKind.WORK_GROUP: ReasonCode.SAME_WORK_GROUP, GroupKind.CLASS: ReasonCode.SAME_CLASS}


def trace_rule(question: Question) -> pa.Table:
    """Contacts by shared work group or class (CONTACTS, sorted): one row a pair and kind."""
    return put_in_order(
        question.answer(count_crowd(find_in_group(question, kind)), rule="work_group", code=code)
        for kind, code in SHARED.items()
    )
