"""Publishing a policy set: it is in force from then on, whatever becomes of the files it came from (policy 7.4)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Row

from ringfence.errors import ApprovalMissing, NotFound, PolicyRefused
from ringfence.policy.policy_set import PolicySet
from ringfence.policy.sources import read_text
from ringfence.store import Act
from ringfence.terms import Approval, Plan, to_us

INSERT_VERSION = """
insert into policy_version (digest, body, effective_from_at, approval_id, published_by, recorded_at)
values (:digest, :body, :effective_from_at, :approval_id, :published_by, :recorded_at)
returning version
"""

VERSION_IN_FORCE = """
select version, digest from policy_version
where effective_from_at <= :now
order by effective_from_at desc, version desc limit 1
"""

READ_BODY = "select body from policy_version where version = :version"


_PARSED: dict[str, PolicySet] = {}
"""Every version this process has met, by digest: a policy set cannot change, and a deployment has few of them."""


class Reader(Protocol):
    """Whatever answers a query: the desk, or an act."""

    def rows(self, sql: str, **values: Any) -> Sequence[Row[Any]]:  # noqa: ANN401 - a query's values are of any type
        """The rows of a query."""


def read_in_force(reader: Reader, *, now: datetime) -> PolicySet:
    """The policy set in force at an instant; NotFound before the first publication. Parsed once a version."""
    found = reader.rows(VERSION_IN_FORCE, now=to_us(now))
    if not found:
        raise NotFound(
            "no policy was in force at {now}; publish one with: ringfence policy publish", now=now.isoformat()
        )
    [version] = found
    if version.digest not in _PARSED:
        [(body,)] = reader.rows(READ_BODY, version=version.version)
        _PARSED[version.digest] = read_text(body)
    return _PARSED[version.digest]


def publish_policy(
    act: Act, policy_set: PolicySet, *, plan: Plan, effective_from: datetime, approval: Approval | None
) -> int:
    """Put a policy set in force from an instant on; the number of the version.

    Only a deployment's first policy needs no approval. ApprovalMissing when the approval is not of exactly this plan,
    PolicyRefused when the plan would rewrite the past or was made against another version than the one in force.
    """
    first = not act.rows(VERSION_IN_FORCE, now=to_us(act.now))
    basis = "" if first else read_in_force(act, now=act.now).digest
    if plan.basis != basis:
        raise PolicyRefused("another policy was published since this plan was made; make the plan again")
    if plan.conflicting:
        raise PolicyRefused(
            "the draft changes the past of {count} values, first {key}; an old case keeps the number of its day",
            count=len(plan.conflicting),
            key=plan.conflicting[0]["key"],
        )
    if not first and (approval is None or approval.plan_digest != plan.digest):
        raise ApprovalMissing("publishing a policy needs a second officer's approval of exactly this plan")
    version = act.insert(
        INSERT_VERSION,
        digest=policy_set.digest,
        body=policy_set.text,
        effective_from_at=to_us(effective_from),
        approval_id=approval.approval_id if approval else None,
        published_by=act.actor.actor_id,
        recorded_at=to_us(act.now),
    )
    act.note("policy.published", subject=f"policy:{version}", digest=policy_set.digest)
    return version
