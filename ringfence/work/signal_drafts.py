"""Drafts for everybody a signal asks to be reached, where a path to it may carry an order (policy 2.6)."""

from collections.abc import Collection

from ringfence.policy import Policy, Tier
from ringfence.signals import read_signal
from ringfence.store import Act
from ringfence.terms import Clock, PersonNo
from ringfence.work.order_drafts import draft_on, find_bases

# An `identify` task is not among them: whose link is not certain is asked at the door first.
REACHED = """
select t.subject_key as person_no, t.kind
from task_basis b join task t on t.task_id = b.task_id
where b.signal_id = :signal_id and b.exposure_id is not null and t.subject_kind = 'person'
    and t.kind in ('visit', 'call', 'message') and t.status <> 'withdrawn'
order by t.weight desc, t.task_id
"""


def draft_for_signal(
    act: Act, signal_id: int, *, order_rules: Collection[str], policy: Policy, clock: Clock
) -> list[int]:
    """Propose the protocol's measures for everybody on the lists of a signal; the numbers of the orders.

    Who was found only by a rule that proves nothing against a person is left out, and stays on the list.
    """
    disease = read_signal(act, signal_id).disease
    tiers: dict[PersonNo, Tier] = {}
    for row in act.rows(REACHED, signal_id=signal_id):
        tiers.setdefault(int(row.person_no), Tier(row.kind))
    bases = find_bases(act, tiers, disease=disease, order_rules=order_rules, clock=clock)
    reached = {person_no: bases[person_no] for person_no in tiers if person_no in bases}
    drafted = draft_on(act, reached, tiers=tiers, disease=disease, policy=policy, clock=clock)
    act.note("orders.drafted_for_signal", subject=f"signal:{signal_id}", count=len(drafted))
    return drafted
