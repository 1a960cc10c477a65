"""Many orders from one list: the auditor hears of it in the act that signs one too many (policy 6.5).

The line stands in the ledger, which auditors read and nobody can change. A list is the signal whose ring put the people
on it, or what a manual order names.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row

from ringfence.policy import Policy
from ringfence.store import Act

ALERT = "orders.many_from_one_list"
LIMIT = "order.alert_auditor_above"

SIGNED_FROM_SIGNALS = """
select signal_id as list, count(*) as orders from measure_order
where signal_id in :among and signed_at is not null group by signal_id
"""

SIGNED_FROM_LISTS = """
select list_key as list, count(*) as orders from measure_order
where list_key in :among and signed_at is not null group by list_key
"""


def alert_auditor(act: Act, signed: Sequence[Row[Any]], *, policy: Policy) -> None:
    """Tell the ledger of every list that orders signed in this act brought past the policy's number; once a list."""
    limit = policy.integer(LIMIT)
    by_signal = Counter(row.signal_id for row in signed if row.signal_id is not None)
    by_list = Counter(row.list_key for row in signed if row.list_key)
    for statement, new in ((SIGNED_FROM_SIGNALS, by_signal), (SIGNED_FROM_LISTS, by_list)):
        for found in _past(act.rows_among(statement, new), new, limit=limit):
            act.note(ALERT, subject=f"list:{found.list}", count=found.orders, limit=limit)


def _past(counts: Iterable[Row[Any]], new: Counter[Any], *, limit: int) -> list[Row[Any]]:
    """The lists that were within the limit before the new ones came."""
    return [found for found in counts if found.orders - new[found.list] <= limit < found.orders]
