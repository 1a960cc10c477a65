"""Orders proposed for everybody a signal listed whose link is certain (policy 2.6)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from ringfence import access, account, areas, work
from ringfence.policy import Policy
from ringfence.store import Act, Store
from ringfence.terms import Actor, Area, Level

SUPPRESS_BELOW = "count.suppress_below"


@dataclass(frozen=True, kw_only=True)
class LeftTo:
    """People of a signal for whom others propose orders; `people` is None where so few must not be told apart."""

    area: Area
    people: int | None


def draft_orders(store: Store, signal_id: int, *, actor: Actor, now: datetime) -> list[int]:
    """Propose the protocol's measures for everybody listed for a signal in the actor's areas whose link is certain.

    The orders' numbers. Whose link is not certain is left out: somebody asks at the door first.
    """
    rules = access.read_policy(store, now=now)
    order_rules = _read_order_rules(rules)
    return store.act(
        lambda act: work.draft_for_signal(act, signal_id, order_rules=order_rules, policy=rules, clock=store.clock),
        actor=actor,
        now=now,
    )


def read_left_to(store: Store, signal_id: int, *, actor: Actor, now: datetime) -> list[LeftTo]:
    """With which counties the rest of such people lie, and how many, small counts held back (policy 6.4)."""
    rules = access.read_policy(store, now=now)
    hierarchy = areas.read_hierarchy(store.desk)

    def count(act: Act) -> dict[str, int]:
        order_rules = _read_order_rules(rules)
        found = work.count_left_to_others(act, signal_id, order_rules=order_rules, clock=store.clock)
        act.note("orders.left_to_others", subject=f"signal:{signal_id}", count=sum(found.values()))
        return found

    counts = _by_county(store.act(count, actor=actor, now=now), hierarchy.values())
    rows = [{"area_path": path, "column": "people", "n": n} for path, n in sorted(counts.items())]
    shown = account.suppress(pa.Table.from_pylist(rows, schema=account.COUNTS), below=rules.integer(SUPPRESS_BELOW))
    by_path = {area.path: area for area in hierarchy.values()}
    return [LeftTo(area=by_path[row["area_path"]], people=row["n"]) for row in shown.to_pylist()]


def _read_order_rules(rules: Policy) -> set[str]:
    return {name.strip() for name in rules.text("order.rules").split(",")}


def _by_county(counts: Mapping[str, int], hierarchy: Iterable[Area]) -> dict[str, int]:
    """Summed by county; what lies in none stays where it is."""
    counties = [area.path for area in hierarchy if area.level == Level.COUNTY]
    summed: Counter[str] = Counter()
    for path, n in counts.items():
        summed[next((county for county in counties if access.covers(county, path)), path)] += n
    return dict(summed)
