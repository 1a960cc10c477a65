"""Chains of an outbreak for whoever may trace it: they show persons, by number, and the look is kept (2.2, 6.4)."""

from datetime import datetime

from ringfence import policy, trace
from ringfence.access import check_can, read_purpose, read_scope
from ringfence.policy import Permission, Policy
from ringfence.store import Act, Store
from ringfence.terms import Actor


def read_chains(store: Store, *, disease: str, purpose_key: str, actor: Actor, now: datetime) -> trace.Chains:
    """The chains of a disease's cases in the asker's areas, by the protocol in force today.

    NotAllowed for who may not trace there, or not for this purpose. Nothing is answered before the ledger has the look.
    """
    rules = Policy(policy.read_in_force(store.desk, now=now), store.clock.day_of(now))
    purpose = read_purpose(store.desk, purpose_key, now=now)
    scope = read_scope(store.desk, actor, purpose, now=now)
    trace.check_shows_chains(scope, purpose, policy=rules)

    def ask(act: Act) -> None:
        for path in scope.paths["exposure_reason"]:
            check_can(act, Permission.TRACE_RUN, area_path=path)
        act.note("chains.asked", subject=disease, purpose=purpose)

    store.act(ask, actor=actor, now=now)
    chains = trace.draw_chains(store.desk, store.lake, scope=scope, disease=disease, policy=rules, clock=store.clock)
    people = chains.cases["person"].to_pylist()
    store.act(
        lambda act: act.note("chains.read", subject=disease, purpose=purpose, count=len(people), ids=people),
        actor=actor,
        now=now,
    )
    return chains
