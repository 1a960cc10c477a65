"""The signed link on every paper: whoever holds it can contest the one thing it names, without signing in (policy 2.6).

It names an order or a task and nobody; who that is about stands on the desk only. It opens nothing and shows nothing.
"""

from datetime import datetime, timedelta

from ringfence.errors import TokenRefused
from ringfence.policy import Policy
from ringfence.seal import Keys, Signer, Stage, read_text, sign_text
from ringfence.store import Act
from ringfence.terms import Contested, ContestedKind, Dispute, DisputeGround, DisputeWay
from ringfence.work.dispute_raising import begin_dispute

DISPUTE_LINK = "dispute_link"
LINKS_NAME = "links"
"""The kind of text a link is, and the name of the deployment's key that signs it."""


def write_link(contested: Contested, *, signer: Signer, policy: Policy, now: datetime) -> str:
    """The link's text, good for as long as the policy says."""
    return sign_text(
        DISPUTE_LINK,
        claims={contested.kind.value: contested.number},
        signer=signer,
        now=now,
        expires_at=now + timedelta(days=policy.days("dispute.link_days")),
    )


def read_link(text: str, *, trust: Keys, now: datetime) -> Contested:
    """What a link's text is about; TokenRefused for one that we did not sign, or that is over."""
    claims = read_text(text, kind=DISPUTE_LINK, trust=trust, now=now).claims
    match dict(claims):
        case {"order": int(number)} if len(claims) == 1:
            return Contested(ContestedKind.ORDER, number)
        case {"task": int(number)} if len(claims) == 1:
            return Contested(ContestedKind.TASK, number)
    raise TokenRefused("this link names nothing that can be contested; copy all of it", stage=Stage.CLAIMS)


def contest_by_link(act: Act, text: str, *, ground: DisputeGround, trust: Keys, policy: Policy) -> Dispute:
    """The dispute of whoever holds the link: the link is the right to begin it, and no other is needed."""
    contested = read_link(text, trust=trust, now=act.now)
    return begin_dispute(act, contested, ground=ground, way=DisputeWay.LINK, policy=policy)
