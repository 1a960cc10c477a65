"""Drafts of orders: a measure proposed for a person on a path that a machine can check (policy 2.6).

An order stands on one exposure to one verified signal, by a rule that may carry orders, and falls with it. One is
drafted for each step of the protocol's measures, counted from the last unprotected exposure by the edition of that
day. A later exposure makes a new draft, never a longer order.
"""

from collections.abc import Collection
from dataclasses import dataclass

from ringfence.access import check_can
from ringfence.errors import NotAllowed
from ringfence.policy import DatedMeasure, Permission, Policy, Tier, date_measures
from ringfence.store import Act
from ringfence.terms import Clock, PersonNo, Reason, ReasonCode, Ring, calendar_day, from_us, to_us

# Only what is proven ends in an order: a case by its sample, or a published fence. A pool means its members' tests
# first, and what was found on a package asks for tests, never for quarantine by itself.
PATHS = """
select e.exposure_id, e.signal_id, e.ring, e.last_day, e.area_path, r.rule, r.last_at
from exposure e
join signal s on s.signal_id = e.signal_id
join exposure_reason r on r.exposure_id = e.exposure_id
where e.subject_kind = 'person' and e.subject_key = :person and e.status = 'listed'
    and s.disease = :disease and s.status = 'verified' and s.kind in ('positive_test', 'risk_area')
order by e.exposure_id, r.reason_no
"""

# What stands covers whatever ends no later; and what was decided or released is not proposed again on the same grounds.
COVERED = """
select order_id from measure_order
where person_no = :person_no and measure = :measure
    and ((status in ('drafted', 'signed') and to_day >= :to_day) or (exposure_id = :exposure_id and to_day = :to_day))
"""

INSERT_ORDER = """
insert into measure_order (person_no, signal_id, exposure_id, measure, legal_basis, reason, day_zero, from_day,
    review_day, to_day, status, area_path, drafted_by, drafted_at, recorded_at)
values (:person_no, :signal_id, :exposure_id, :measure, :legal_basis, :reason, :day_zero, :from_day,
    :review_day, :to_day, 'drafted', :area_path, :actor, :now, :now)
returning order_id
"""


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What an order stands on: a person's exposure to a verified signal; `day_zero` is the last unprotected day."""

    exposure_id: int
    signal_id: int
    ring: Ring
    day_zero: int
    area_path: str


def draft_orders(
    act: Act,
    *,
    person_no: PersonNo,
    disease: str,
    tier: Tier,
    is_identified: bool,
    order_rules: Collection[str],
    policy: Policy,
    clock: Clock,
) -> list[int]:
    """Propose the protocol's measures for a person reached in a tier; the numbers of the orders, one for each step.

    `order_rules` are the rules of exposure that may carry an order. Steps that are over, or covered by an order that
    stands, are not drafted. NotAllowed where no path leads to a verified signal or the link to the person is uncertain.
    """
    if not is_identified:
        raise NotAllowed("the link to person {person} is not certain; ask at the door who it is", person=person_no)
    basis = find_basis(act, person_no=person_no, disease=disease, order_rules=order_rules, clock=clock)
    if basis is None:
        raise NotAllowed(
            "no path leads from person {person} to a verified signal of {disease}; without one there is no order",
            person=person_no,
            disease=disease,
        )
    check_can(act, Permission.ORDER_DRAFT, area_path=basis.area_path)
    plan = policy.protocol(disease, on=basis.day_zero).ring(basis.ring)
    steps = date_measures(basis.day_zero, plan=plan, tier=tier)
    drafts = [_draft(act, person_no, basis, step, policy=policy, today=clock.day_of(act.now)) for step in steps]
    orders = [order_id for order_id in drafts if order_id is not None]
    if orders:
        act.note("orders.drafted", subject=f"signal:{basis.signal_id}", count=len(orders), ids=orders)
    return orders


def find_basis(
    act: Act, *, person_no: PersonNo, disease: str, order_rules: Collection[str], clock: Clock
) -> Basis | None:
    """The path of the latest exposure, the first ring before the second; None where no path is good enough."""
    paths = [
        Basis(
            exposure_id=row.exposure_id,
            signal_id=row.signal_id,
            ring=Ring(row.ring),
            day_zero=min(row.last_day, clock.day_of(from_us(row.last_at))),  # a stay may end with its day, at midnight
            area_path=row.area_path,
        )
        for row in act.rows(PATHS, person=str(person_no), disease=disease)
        if row.rule in order_rules
    ]
    return max(paths, key=lambda path: (path.day_zero, -path.ring), default=None)


def _draft(
    act: Act, person_no: PersonNo, basis: Basis, step: DatedMeasure, *, policy: Policy, today: int
) -> int | None:
    """The draft of one step, from today at the earliest; None where it is over or covered."""
    to_day = step.window.last_day
    about = {"person_no": person_no, "exposure_id": basis.exposure_id, "measure": step.step.measure, "to_day": to_day}
    if to_day < today or act.rows(COVERED, **about):
        return None
    from_day = max(step.window.first_day, today)
    return act.insert(
        INSERT_ORDER,
        **about,
        signal_id=basis.signal_id,
        legal_basis=policy.text("order.legal_basis"),
        reason=Reason.of(ReasonCode.EXPOSED_UNTIL, day=calendar_day(basis.day_zero).isoformat()).to_json(),
        day_zero=basis.day_zero,
        from_day=from_day,
        review_day=min(from_day + policy.days("order.review_days"), to_day),
        area_path=basis.area_path,
        actor=act.actor.actor_id,
        now=to_us(act.now),
    )
