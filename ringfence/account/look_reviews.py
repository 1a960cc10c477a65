"""The weekly review: a share of all looks at people, drawn at random, judged by somebody else (policy 6.4).

`area_path` is everywhere the area that answers for accounts: the top of the hierarchy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

import numpy as np
from sqlalchemy import Row

from ringfence.access import check_can
from ringfence.errors import ApprovalMissing, InputRefused, NotFound, TransitionRefused
from ringfence.policy import Permission, Policy
from ringfence.signals import put_observations
from ringfence.store import Act, Look
from ringfence.terms import Observation, Reason, ReasonCode, Subject, SubjectKind, calendar_day, from_us, to_us

SHARE = "look.review_share"

INSERT_REVIEW = """
insert into look_review (chain, seq, week_day, looked_by, looked_at, action, purpose, recorded_at)
values (:chain, :seq, :week_day, :looked_by, :looked_at, :action, :purpose, :now)
"""

INSERT_DRAW = """
insert into look_draw (week_day, seed, looks, drawn, drawn_by, recorded_at)
values (:week_day, :seed, :looks, :drawn, :actor, :now)
on conflict (week_day) do nothing
"""

COLUMNS = "select review_id, chain, seq, looked_by, looked_at, action, purpose, is_justified from look_review"

REVIEW_BY_ID = COLUMNS + " where review_id = :review_id"

WAITING = COLUMNS + " where is_justified is null order by review_id"

ANSWER = """
update look_review set is_justified = :is_justified, reviewer = :actor, reviewed_at = :now
where review_id = :review_id and is_justified is null
"""


@dataclass(frozen=True, kw_only=True)
class LookReview:
    """A look drawn for review; whom it was at stays sealed in the ledger, under chain and number."""

    review_id: int
    chain: int
    seq: int
    looked_by: str
    looked_at: datetime
    action: str
    purpose: str
    is_justified: bool | None


def draw_reviews(act: Act, looks: Sequence[Look], *, week_day: int, seed: int, area_path: str, policy: Policy) -> int:
    """Draw the policy's share of a week's looks (rounded up) for review; how many. A week is drawn once.

    `week_day` is the first local day of the week. The seed and how many looks there were go on the ledger, so that
    anybody who has the looks can draw the same again.
    """
    check_can(act, Permission.LOOK_REVIEW, area_path=area_path)
    count = ceil(policy.number(SHARE, on=week_day) * len(looks))
    by = {"actor": act.actor.actor_id, "now": to_us(act.now)}
    if not act.run(INSERT_DRAW, week_day=week_day, seed=str(seed), looks=len(looks), drawn=count, **by):
        raise InputRefused("the week from {day} on was drawn already; it is drawn once", day=calendar_day(week_day))
    drawn = sorted(np.random.default_rng(seed).choice(len(looks), size=count, replace=False).tolist())
    act.run_many(INSERT_REVIEW, [_row(looks[place], week_day, now=by["now"]) for place in drawn])
    act.note("looks.drawn", subject=f"day:{week_day}", count=count, looks=len(looks), seed=str(seed))
    return count


def list_reviews(act: Act, *, area_path: str) -> list[LookReview]:
    """The looks that wait for a review, the oldest draw first."""
    check_can(act, Permission.LOOK_REVIEW, area_path=area_path)
    return [_review(row) for row in act.rows(WAITING)]


def answer_review(act: Act, review_id: int, *, is_justified: bool, area_path: str) -> LookReview:
    """Say whether a look was justified; one that was not is observed, and becomes a finding.

    ApprovalMissing for whoever looked.
    """
    check_can(act, Permission.LOOK_REVIEW, area_path=area_path)
    rows = act.rows(REVIEW_BY_ID, review_id=review_id)
    if not rows:
        raise NotFound("there is no look {review_id} to review", review_id=review_id)
    review = _review(rows[0])
    if review.looked_by == act.actor.actor_id:
        raise ApprovalMissing("nobody reviews a look of their own; ask somebody else")
    by = {"actor": act.actor.actor_id, "now": to_us(act.now)}
    if not act.run(ANSWER, review_id=review_id, is_justified=is_justified, **by):
        raise TransitionRefused("look {review_id} was reviewed already", review_id=review_id)
    act.note("look.reviewed", subject=f"look_review:{review_id}", is_justified="yes" if is_justified else "no")
    if not is_justified:
        observed = _observe(review, now=act.now, area_path=area_path)
        put_observations(act, [observed], origin=f"look_review:{review_id}")
    return _review(act.rows(REVIEW_BY_ID, review_id=review_id)[0])


def _row(look: Look, week_day: int, *, now: object) -> dict[str, object]:
    return {
        "chain": look.chain,
        "seq": look.seq,
        "week_day": week_day,
        "looked_by": look.actor,
        "looked_at": to_us(look.looked_at),
        "action": look.action,
        "purpose": look.purpose,
        "now": now,
    }


def _observe(review: LookReview, *, now: datetime, area_path: str) -> Observation:
    return Observation(
        subject=Subject(SubjectKind.ACCOUNT, review.looked_by),
        reason=Reason.of(ReasonCode.LOOK_NOT_JUSTIFIED, look=review.review_id, actor=review.looked_by),
        observed_at=now,
        area_path=area_path,
    )


def _review(row: Row[Any]) -> LookReview:
    return LookReview(
        review_id=row.review_id,
        chain=row.chain,
        seq=row.seq,
        looked_by=row.looked_by,
        looked_at=from_us(row.looked_at),
        action=row.action,
        purpose=row.purpose,
        is_justified=None if row.is_justified is None else bool(row.is_justified),
    )
