"""Breaking the glass: people who are on no list of one's own, opened by two for a reason and a short time (policy 6.4).

Who needs to look asks, with the people, the purpose and the reason; somebody else who may approve looks in that area
says yes; then the first may look, at these people, for this purpose, until the time is over. Asking, deciding and
every look are on the ledger; the reason stands with the proposal, for it is free text.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from ringfence.access.approvals import approve, propose
from ringfence.errors import InputRefused
from ringfence.policy import Policy, read_in_force
from ringfence.store import Act, Desk
from ringfence.terms import Actor, Approval, Clock, PersonNo, Plan, Purpose, to_us

PLAN_KIND = "break_glass"

APPROVED_SINCE = """
select plan from approval
where plan_kind = 'break_glass' and proposed_by = :user_id and is_approved
    and decided_at > :since and decided_at <= :now
order by approval_id
"""

FEWEST_CHARACTERS = 10  # of a reason: less says nothing to whoever decides and to whoever reviews


def ask_break_glass(
    act: Act, people: Sequence[PersonNo], *, purpose: Purpose, reason: str, area_path: str, clock: Clock
) -> int:
    """Ask to open people who are on no list of one's own; the number under which a second person decides.

    InputRefused without a reason, without people or for more than the policy allows at once; NotAllowed unless a role
    of the actor's opens people over the area.
    """
    most = Policy(read_in_force(act, now=act.now), clock.day_of(act.now)).integer("break_glass.most_people")
    wanted = sorted(set(people))
    if not 1 <= len(wanted) <= most:
        raise InputRefused("at most {most} people are opened at once, and at least one; name fewer", most=most)
    if len(reason.strip()) < FEWEST_CHARACTERS:
        raise InputRefused("say in a sentence why these people must be opened now; a second person reads it")
    said: dict[str, str | int | float | None] = {
        "purpose": purpose.key,
        "reason": reason.strip(),
        "area_path": area_path,
    }
    return propose(
        act, Plan(kind=PLAN_KIND, basis="", added=tuple({"person": n, **said} for n in wanted)), area_path=area_path
    )


def approve_break_glass(act: Act, approval_id: int) -> Approval:
    """The second person's yes, over the area that was named when it was asked; it holds from now on, for a short time.

    Errors as of `approve`.
    """
    return approve(act, approval_id)


def read_opened(desk: Desk, actor: Actor, purpose: Purpose, *, policy: Policy, now: datetime) -> set[PersonNo]:
    """The people that an actor may open now because a second person said so."""
    since = to_us(now - policy.hours("break_glass.holds_hours"))
    plans = desk.rows(APPROVED_SINCE, user_id=actor.actor_id, since=since, now=to_us(now))
    lines = [line for row in plans for line in json.loads(row.plan)["added"]]
    return {int(line["person"]) for line in lines if line["purpose"] == purpose.key}
