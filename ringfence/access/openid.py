"""Signing in by the city's own service: who it vouches for and has an account here comes in (policy 6.4).

Nobody gets an account by signing in. What a sign-in began with (state, nonce, verifier) is kept at the server, used
once and soon forgotten; the browser that began it brings the state again, so that nobody can be signed in as another.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime

from ringfence.access.openid_provider import OpenIDProvider, Request
from ringfence.access.rights import read_policy
from ringfence.access.sessions import OpenedSession, SignInWay, digest_token, new_token, open_session
from ringfence.access.throttle import digest_address, key_of, note_failure
from ringfence.errors import NotSignedIn, TooManyAttempts
from ringfence.policy import Policy
from ringfence.store import Act, Desk, Store
from ringfence.terms import SYSTEM, Actor, to_us

FORGET = "delete from openid_request where ends_at <= :now"

COUNT_OF_ADDRESS = "select count(*) as n from openid_request where address_digest = :address_digest"

INSERT_REQUEST = """
insert into openid_request (state_digest, nonce, code_verifier, address_digest, ends_at)
values (:state_digest, :nonce, :code_verifier, :address_digest, :ends_at)
"""

TAKE_REQUEST = """
delete from openid_request where state_digest = :state_digest and ends_at > :now returning nonce, code_verifier
"""

OPEN_ACCOUNT = "select 1 from user_account where user_id = :user_id and is_active"


@dataclass(frozen=True, kw_only=True)
class OpenIDStart:
    """Where to send a browser, and the state that it keeps in a cookie until it comes back."""

    address: str
    state: str


@dataclass(frozen=True, kw_only=True)
class OpenIDReturn:
    """What a browser came back with: code and state in the address, and the state of its own cookie."""

    code: str
    state: str
    state_of_browser: str
    address: str


def begin_openid(store: Store, provider: OpenIDProvider, *, address: str, now: datetime) -> OpenIDStart:
    """Begin a sign-in at the provider; Unusable when it is away, TooManyAttempts when an address begins too many."""
    request = Request(state=new_token(), nonce=new_token(), code_verifier=new_token())
    onward = provider.address_for(request)
    policy = read_policy(store, now=now)
    store.act(lambda act: _keep(act, request, address=address, policy=policy), actor=SYSTEM, now=now)
    return OpenIDStart(address=onward, state=request.state)


def finish_openid(store: Store, provider: OpenIDProvider, back: OpenIDReturn, *, now: datetime) -> OpenedSession:
    """A new session of the account that the provider vouches for.

    NotSignedIn for a state that this browser did not begin with, that was used or is past its time, for whatever the
    provider does not vouch for, and for whom there is no open account here.
    """
    request = _take(store, back, now=now)
    policy = read_policy(store, now=now)
    try:
        user_id = provider.read_account(back.code, request=request, now=now)
        _check_is_known(store.desk, key_of(user_id))
    except NotSignedIn:
        note_failure(store, "", now=now)
        raise
    return store.act(
        lambda act: open_session(
            act, user_id, way=SignInWay.OPENID, address_digest=digest_address(back.address), policy=policy
        ),
        actor=Actor(user_id),
        now=now,
    )


def _check_is_known(desk: Desk, user_id: str) -> None:
    if not desk.rows(OPEN_ACCOUNT, user_id=user_id):
        raise NotSignedIn("you have no account here; ask who runs Ringfence to open one")


def _keep(act: Act, request: Request, *, address: str, policy: Policy) -> None:
    act.run(FORGET, now=to_us(act.now))
    address_digest = digest_address(address)
    if act.rows(COUNT_OF_ADDRESS, address_digest=address_digest)[0].n >= policy.integer(
        "sign_in.free_failures_of_address"
    ):
        within = policy.hours("openid.within_hours")
        raise TooManyAttempts(
            "too many sign-ins were begun and not ended; wait {seconds} seconds and try again",
            seconds=int(within.total_seconds()),
        )
    act.run(
        INSERT_REQUEST,
        state_digest=digest_token(request.state),
        nonce=request.nonce,
        code_verifier=request.code_verifier,
        address_digest=address_digest,
        ends_at=to_us(act.now + policy.hours("openid.within_hours")),
    )
    act.note("openid.begun")


def _take(store: Store, back: OpenIDReturn, *, now: datetime) -> Request:
    """The request a browser began with, used up."""

    def take(act: Act) -> Request | None:
        rows = act.run_returning(TAKE_REQUEST, state_digest=digest_token(back.state), now=to_us(now))
        act.note("openid.returned", count=len(rows))
        return Request(state=back.state, nonce=rows[0].nonce, code_verifier=rows[0].code_verifier) if rows else None

    is_same_browser = hmac.compare_digest(digest_token(back.state), digest_token(back.state_of_browser))
    request = store.act(take, actor=SYSTEM, now=now) if is_same_browser else None
    if request is None:
        raise NotSignedIn("this sign-in was not begun in this browser, or took too long; begin again")
    return request
