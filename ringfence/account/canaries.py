"""Canary persons: made up, and no duty ever touches them; whoever looks at one was looking for no duty (policy 6.4)."""

from collections.abc import Iterable, Sequence

from ringfence.access import check_can
from ringfence.errors import InputRefused
from ringfence.policy import Permission
from ringfence.signals import put_observations
from ringfence.store import Act, Look, Store, add_people
from ringfence.terms import Clock, Observation, Reason, ReasonCode, Subject, SubjectKind, calendar_day, to_us

INSERT_CANARY = """
insert into canary (person_no, planted_by, recorded_at) values (:person_no, :actor, :now)
"""

CANARIES = "select person_no from canary"


def plant_canaries(act: Act, names: Sequence[str], *, area_path: str, store: Store) -> None:
    """Put made-up persons among the people, known by a name only, so that no row of a file is ever linked to one.

    Who they are is told to nobody, not even to who planted them. InputRefused without names.
    """
    check_can(act, Permission.LOOK_REVIEW, area_path=area_path)
    if not names or not all(name.strip() for name in names):
        raise InputRefused("a canary needs a name somebody might look for; give one to each")
    first = add_people(act, store.keys, [{"name": name.strip()} for name in names])
    by = {"actor": act.actor.actor_id, "now": to_us(act.now)}
    act.run_many(INSERT_CANARY, [{"person_no": first + n, **by} for n in range(len(names))])
    act.note("canaries.planted", count=len(names))


def watch_canaries(act: Act, looks: Iterable[Look], *, area_path: str, clock: Clock) -> int:
    """Keep an observation of every look at a canary; how many looks there were. Each stands once, however often asked.

    `area_path` is the area that answers for accounts.
    """
    canaries = {row.person_no for row in act.rows(CANARIES)}
    caught = [look for look in looks if look.people & canaries]
    for look in caught:
        put_observations(
            act, [_observe(look, area_path=area_path, clock=clock)], origin=f"look:{look.chain}:{look.seq}"
        )
    act.note("canaries.watched", count=len(caught))
    return len(caught)


def _observe(look: Look, *, area_path: str, clock: Clock) -> Observation:
    day = calendar_day(clock.day_of(look.looked_at)).isoformat()
    return Observation(
        subject=Subject(SubjectKind.ACCOUNT, look.actor),
        reason=Reason.of(ReasonCode.CANARY_LOOKED_AT, actor=look.actor, day=day),
        observed_at=look.looked_at,
        area_path=area_path,
    )
