"""Drafts for everybody a signal asks to be reached, where a path to it may carry an order (policy 2.6)."""

from collections import Counter
from collections.abc import Collection

from ringfence.access import check_can, covers, read_allowed_paths
from ringfence.policy import Permission, Policy, Tier
from ringfence.signals import read_signal
from ringfence.store import Act
from ringfence.terms import Clock, PersonNo
from ringfence.work.order_drafts import draft_on, find_bases

# Whose link was not certain was asked at the door, as on a visit.
REACHED = """
select t.subject_key as person_no, case t.kind when 'identify' then 'visit' else t.kind end as kind
from task_basis b join task t on t.task_id = b.task_id
where b.signal_id = :signal_id and b.exposure_id is not null and t.subject_kind = 'person'
    and t.kind in ('visit', 'identify', 'call', 'message') and t.status <> 'withdrawn'
order by t.weight desc, t.task_id
"""


def draft_for_signal(
    act: Act, signal_id: int, *, order_rules: Collection[str], policy: Policy, clock: Clock
) -> list[int]:
    """Propose the protocol's measures for everybody of one's areas on the lists of a signal; the orders' numbers.

    Who was found only by a rule that proves nothing against a person is left out, and stays on the list. NotAllowed
    where everybody who may be put under an order lies with others.
    """
    disease = read_signal(act, signal_id).disease
    tiers = _read_tiers(act, signal_id)
    bases = find_bases(act, tiers, disease=disease, order_rules=order_rules, clock=clock)
    own = read_allowed_paths(act, Permission.ORDER_DRAFT)
    reached = {
        person_no: bases[person_no]
        for person_no in tiers
        if person_no in bases and any(covers(path, bases[person_no].area_path) for path in own)
    }
    if bases and not reached:
        check_can(act, Permission.ORDER_DRAFT, area_path=next(iter(bases.values())).area_path)
    drafted = draft_on(act, reached, tiers=tiers, disease=disease, policy=policy, clock=clock)
    act.note("orders.drafted_for_signal", subject=f"signal:{signal_id}", count=len(drafted))
    return drafted


def count_left_to_others(act: Act, signal_id: int, *, order_rules: Collection[str], clock: Clock) -> dict[str, int]:
    """How many people on a signal's lists may be put under an order, by area path, where the actor drafts for nobody.

    The counts are whole: whoever shows them holds the small ones back.
    """
    disease = read_signal(act, signal_id).disease
    bases = find_bases(act, _read_tiers(act, signal_id), disease=disease, order_rules=order_rules, clock=clock)
    own = read_allowed_paths(act, Permission.ORDER_DRAFT)
    paths = [basis.area_path for basis in bases.values()]
    return dict(Counter(path for path in paths if not any(covers(mine, path) for mine in own)))


def _read_tiers(act: Act, signal_id: int) -> dict[PersonNo, Tier]:
    tiers: dict[PersonNo, Tier] = {}
    for row in act.rows(REACHED, signal_id=signal_id):
        tiers.setdefault(int(row.person_no), Tier(row.kind))
    return tiers
