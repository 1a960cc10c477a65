"""Drafts of orders: a measure proposed for a person on a path that a machine can check (policy 2.6).

An order stands on one exposure to one verified signal, by a rule that may carry orders, and falls with it. One is
drafted for each step of the protocol's measures, counted from the last unprotected exposure by the edition of that
day. A later exposure makes a new draft, never a longer order.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ringfence.access import check_can
from ringfence.errors import NotAllowed
from ringfence.policy import DatedMeasure, Permission, Policy, Tier, date_measures
from ringfence.store import Act
from ringfence.terms import Clock, OrderStatus, PersonNo, Reason, ReasonCode, Ring, calendar_day, from_us, to_us
from ringfence.work.follow_up import read_plan

# Only what is proven ends in an order: a case by its sample, or a published fence. A pool means its members' tests
# first, and what was found on a package asks for tests, never for quarantine by itself. Whoever may have infected the
# case was not exposed to it: a path backward carries no order, nor does one from a case known by its household only.
# Who is not surely the one a row means is asked first: somebody was at the door because of this very exposure.
PATHS = """
select e.subject_key, e.exposure_id, e.signal_id, e.ring, e.last_day, e.area_path, r.rule, r.last_at
from exposure e
join signal s on s.signal_id = e.signal_id
join exposure_reason r on r.exposure_id = e.exposure_id
where e.subject_kind = 'person' and e.subject_key in :among and e.status = 'listed'
    and s.disease = :disease and s.status = 'verified' and s.kind in ('positive_test', 'risk_area')
    and r.direction = 'forward' and r.reason not like '{"code":"household_of_unknown"%'
    and (
        e.is_identified
        or exists (
            select 1 from task_basis b join task t on t.task_id = b.task_id
            where b.exposure_id = e.exposure_id and t.kind in ('visit', 'identify') and t.outcome = 'reached'
                and t.ended_at >= b.recorded_at
        )
    )
order by e.exposure_id, r.reason_no
"""

ORDERS_OF = "select person_no, measure, status, exposure_id, to_day from measure_order where person_no in :among"

INSERT_ORDER = """
insert into measure_order (order_id, person_no, signal_id, exposure_id, measure, legal_basis, reason, day_zero,
    from_day, review_day, to_day, status, area_path, drafted_by, drafted_at, recorded_at)
values (:order_id, :person_no, :signal_id, :exposure_id, :measure, :legal_basis, :reason, :day_zero,
    :from_day, :review_day, :to_day, 'drafted', :area_path, :actor, :now, :now)
"""

_STANDS = {OrderStatus.DRAFTED, OrderStatus.SIGNED, OrderStatus.SUSPENDED}


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
    order_rules: Collection[str],
    policy: Policy,
    clock: Clock,
) -> list[int]:
    """Propose the protocol's measures for a person reached in a tier; the numbers of the orders, one for each step.

    `order_rules` are the rules of exposure that may carry an order. Steps that are over, or covered by an order that
    stands, are not drafted. NotAllowed where no path leads to a verified signal, or none that is surely the person's.
    """
    bases = find_bases(act, [person_no], disease=disease, order_rules=order_rules, clock=clock)
    if not bases:
        raise NotAllowed(
            "no proven path leads from person {person} to a verified signal of {disease}; without one there is no"
            " order, and a link that is not certain is asked at the door first",
            person=person_no,
            disease=disease,
        )
    return draft_on(act, bases, tiers={person_no: tier}, disease=disease, policy=policy, clock=clock)


def find_bases(
    act: Act, people: Iterable[PersonNo], *, disease: str, order_rules: Collection[str], clock: Clock
) -> dict[PersonNo, Basis]:
    """Each person's path of the latest exposure, the first ring before the second; without those who have none."""
    bases: dict[PersonNo, Basis] = {}
    for row in act.rows_among(PATHS, (str(person_no) for person_no in people), disease=disease):
        if row.rule not in order_rules:
            continue
        path = Basis(
            exposure_id=row.exposure_id,
            signal_id=row.signal_id,
            ring=Ring(row.ring),
            day_zero=min(row.last_day, clock.day_of(from_us(row.last_at))),  # a stay may end with its day, at midnight
            area_path=row.area_path,
        )
        best = bases.setdefault(int(row.subject_key), path)
        if (path.day_zero, -path.ring) > (best.day_zero, -best.ring):
            bases[int(row.subject_key)] = path
    return bases


def draft_on(
    act: Act,
    bases: Mapping[PersonNo, Basis],
    *,
    tiers: Mapping[PersonNo, Tier],
    disease: str,
    policy: Policy,
    clock: Clock,
) -> list[int]:
    """Propose the protocol's measures on the paths that were found; the numbers of the orders.

    Cost grows with the persons: two reads and one write, however many they are.
    """
    for area_path in sorted({basis.area_path for basis in bases.values()}):
        check_can(act, Permission.ORDER_DRAFT, area_path=area_path)
    standing = _read_orders(act, bases)
    today = clock.day_of(act.now)
    drafts = []
    for person_no, basis in bases.items():
        plan = read_plan(basis.day_zero, basis.ring, disease=disease, policy=policy)
        steps = () if plan is None else date_measures(basis.day_zero, plan=plan, tier=tiers[person_no])
        for step in steps:
            proposed = _Proposed(step.step.measure, OrderStatus.DRAFTED, basis.exposure_id, step.window.last_day)
            if step.window.last_day >= today and not any(map(proposed.is_covered_by, standing[person_no])):
                standing[person_no].append(proposed)
                drafts.append(_draft(person_no, basis, step, policy=policy, today=today))
    if not drafts:
        return []
    first = act.take_numbers("order", len(drafts))
    by = {"actor": act.actor.actor_id, "now": to_us(act.now)}
    act.run_many(INSERT_ORDER, [{**draft, "order_id": first + n, **by} for n, draft in enumerate(drafts)])
    orders = list(range(first, first + len(drafts)))
    act.note("orders.drafted", count=len(orders), ids=orders)
    return orders


class _Proposed(NamedTuple):
    """An order, as far as it may cover another."""

    measure: str
    status: str
    exposure_id: int | None
    to_day: int

    def is_covered_by(self, other: "_Proposed") -> bool:
        """What stands covers whatever ends no later; and what was decided is not proposed again on the same grounds."""
        is_long_enough = other.status in _STANDS and other.to_day >= self.to_day
        is_the_same = (other.exposure_id, other.to_day) == (self.exposure_id, self.to_day)
        return other.measure == self.measure and (is_long_enough or is_the_same)


def _read_orders(act: Act, people: Iterable[PersonNo]) -> dict[PersonNo, list[_Proposed]]:
    orders: dict[PersonNo, list[_Proposed]] = {person_no: [] for person_no in people}
    for row in act.rows_among(ORDERS_OF, orders):
        orders[row.person_no].append(_Proposed(row.measure, row.status, row.exposure_id, row.to_day))
    return orders


def _draft(person_no: PersonNo, basis: Basis, step: DatedMeasure, *, policy: Policy, today: int) -> dict[str, object]:
    """The draft of one step, from today at the earliest."""
    from_day, to_day = max(step.window.first_day, today), step.window.last_day
    return {
        "person_no": person_no,
        "exposure_id": basis.exposure_id,
        "signal_id": basis.signal_id,
        "measure": step.step.measure,
        "legal_basis": policy.text("order.legal_basis"),
        "reason": Reason.of(ReasonCode.EXPOSED_UNTIL, day=calendar_day(basis.day_zero).isoformat()).to_json(),
        "day_zero": basis.day_zero,
        "from_day": from_day,
        "review_day": min(from_day + policy.days("order.review_days"), to_day),
        "to_day": to_day,
        "area_path": basis.area_path,
    }
