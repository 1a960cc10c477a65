"""Links that are used once: the first administrator's, an account's activation, a phone's registration (policy 6.4).

A link is a random token of 256 bits in an address or a QR code. The desk keeps its digest; opening the page that it
leads to uses nothing up, for phones and mail programs look at addresses by themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ringfence.access.passwords import HASHING, check_is_strong_pin
from ringfence.access.rights import check_can, read_policy
from ringfence.access.sessions import OpenedSession, SignInWay, digest_token, new_token, open_session
from ringfence.access.throttle import clear_failures, digest_address
from ringfence.access.users import check_account, hash_password, put_password, put_pin
from ringfence.errors import NotFound
from ringfence.policy import Permission, Policy, read_in_force
from ringfence.store import EVERYWHERE, Act, Desk, Store
from ringfence.terms import SYSTEM, Actor, Clock, Role, from_us, to_us

INSERT_LINK = """
insert into access_link (token_digest, user_id, unit_id, made_by, ends_at, recorded_at)
values (:token_digest, :user_id, :unit_id, :made_by, :ends_at, :now)
"""

END_LINKS_OF_USER = """
update access_link set ended_at = :now where user_id = :user_id and used_at is null and ended_at is null
"""

HOLDING_LINK = """
select l.link_id, l.user_id, l.unit_id, l.ends_at
from access_link l left join user_account u on u.user_id = l.user_id
where l.token_digest = :token_digest and l.used_at is null and l.ended_at is null and l.ends_at > :now
    and (l.user_id is null or u.is_active)
"""

USE_LINK = """
update access_link set used_at = :now
where link_id = :link_id and used_at is null and ended_at is null and ends_at > :now
"""

# Whom the first link is for: the first to whom the deployment gave the administrator's role, while nobody ever came in.
FIRST_ADMINISTRATOR = """
select g.user_id from user_grant g join user_account u on u.user_id = g.user_id
where g.role = :role and g.area_path = '' and g.revoked_at is null and u.is_active
    and not exists (select 1 from user_account where signed_in_at is not null)
order by g.grant_id limit 1
"""

LINK_PAGE = "/activate/"
"""Where the console takes a link up: the token follows."""

_GONE = "this link does not exist, was used, or is past its time; ask for a new one"


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link that holds: for an account, or for the phone of a unit."""

    link_id: int
    user_id: str | None
    unit_id: str | None
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class FirstLink:
    """The link to come in by the first time; its token is known at this moment only."""

    token: str
    user_id: str
    expires_at: datetime


def open_first_link(store: Store, *, now: datetime) -> FirstLink | None:
    """A link for the first administrator while nobody ever signed in, in place of any made before; else None.

    Whoever starts the server on the deployment's own machine is shown it, and holds the deployment's keys anyway.
    """

    def make(act: Act) -> FirstLink | None:
        rows = act.rows(FIRST_ADMINISTRATOR, role=Role.ADMINISTRATOR)
        if not rows:
            return None
        within = read_policy(store, now=now).hours("link.first_hours")
        token = _make(act, [rows[0].user_id], within=within)[rows[0].user_id]
        return FirstLink(token=token, user_id=rows[0].user_id, expires_at=now + within)

    return store.act(make, actor=SYSTEM, now=now)


def make_links(act: Act, user_ids: Sequence[str], *, clock: Clock) -> dict[str, str]:
    """A token for each account, to choose a password or PIN with, in place of any made before.

    NotFound for an account nobody opened.
    """
    check_can(act, Permission.USER_GRANT, area_path=EVERYWHERE)
    for user_id in user_ids:
        check_account(act, user_id)
    return put_links(act, user_ids, clock=clock)


def put_links(act: Act, user_ids: Sequence[str], *, clock: Clock) -> dict[str, str]:
    """As `make_links`; who may do so was asked before."""
    policy = Policy(read_in_force(act, now=act.now), clock.day_of(act.now))
    return _make(act, user_ids, within=timedelta(days=policy.days("link.activation_days")))


def make_unit_link(act: Act, unit_id: str, *, within: timedelta) -> str:
    """A token that registers one phone of a unit; who may do so was asked before."""
    token = new_token()
    act.run(INSERT_LINK, **_row(act, token, within=within, unit_id=unit_id))
    act.note("link.made", subject=f"unit:{unit_id}")
    return token


def read_link(desk: Desk, token: str, *, now: datetime) -> Link:
    """What a link is for, which uses nothing up; NotFound when it does not hold."""
    rows = desk.rows(HOLDING_LINK, token_digest=digest_token(token), now=to_us(now)) if token else []
    if not rows:
        raise NotFound(_GONE)
    [row] = rows
    return Link(link_id=row.link_id, user_id=row.user_id, unit_id=row.unit_id, expires_at=from_us(row.ends_at))


def redeem_link(store: Store, token: str, *, password: str, address: str, now: datetime) -> OpenedSession:
    """Use an account's link up: its password is this one from now on, and it is signed in.

    NotFound when the link does not hold, InputRefused for a password that is too easily guessed, which leaves the link
    as it was.
    """
    user_id = _user_of(store.desk, token, now=now)
    policy = read_policy(store, now=now)
    password_hash = hash_password(store, user_id, password=password, now=now)

    def redeem(act: Act) -> OpenedSession:
        _use_up(act, token, user_id)
        put_password(act, user_id, password_hash=password_hash)
        return open_session(act, user_id, way=SignInWay.LINK, address_digest=digest_address(address), policy=policy)

    return store.act(redeem, actor=Actor(user_id), now=now)


def redeem_link_for_pin(store: Store, token: str, *, pin: str, now: datetime) -> str:
    """Use an account's link up: its PIN is this one from now on, for the phones of its units; the account.

    Nobody is signed in: a PIN opens nothing but a registered phone. Errors as of `redeem_link`.
    """
    user_id = _user_of(store.desk, token, now=now)
    check_is_strong_pin(pin, fewest=read_policy(store, now=now).integer("pin.fewest_digits"))
    pin_hash = HASHING.hash(pin)

    def redeem(act: Act) -> str:
        _use_up(act, token, user_id)
        put_pin(act, user_id, pin_hash=pin_hash)
        return user_id

    return store.act(redeem, actor=Actor(user_id), now=now)


def use_link(act: Act, token: str) -> Link:
    """A link, used up by this act; NotFound when it does not hold."""
    rows = act.rows(HOLDING_LINK, token_digest=digest_token(token), now=to_us(act.now))
    if not rows or not act.run(USE_LINK, link_id=rows[0].link_id, now=to_us(act.now)):
        raise NotFound(_GONE)
    [row] = rows
    act.note("link.redeemed", subject=f"link:{row.link_id}")
    return Link(link_id=row.link_id, user_id=row.user_id, unit_id=row.unit_id, expires_at=from_us(row.ends_at))


def _user_of(desk: Desk, token: str, *, now: datetime) -> str:
    link = read_link(desk, token, now=now)
    if link.user_id is None:
        raise NotFound("this link registers the phone of unit {unit}; open it there", unit=link.unit_id)
    return link.user_id


def _use_up(act: Act, token: str, user_id: str) -> None:
    use_link(act, token)
    act.run(END_LINKS_OF_USER, user_id=user_id, now=to_us(act.now))
    clear_failures(act, user_id)


def _make(act: Act, user_ids: Sequence[str], *, within: timedelta) -> dict[str, str]:
    tokens = {user_id: new_token() for user_id in user_ids}
    act.run_many(END_LINKS_OF_USER, [{"user_id": user_id, "now": to_us(act.now)} for user_id in tokens])
    act.run_many(INSERT_LINK, [_row(act, token, within=within, user_id=user) for user, token in tokens.items()])
    for user_id in tokens:
        act.note("link.made", subject=f"user:{user_id}")
    return tokens


def _row(
    act: Act, token: str, *, within: timedelta, user_id: str | None = None, unit_id: str | None = None
) -> dict[str, object]:
    return {
        "token_digest": digest_token(token),
        "user_id": user_id,
        "unit_id": unit_id,
        "made_by": act.actor.actor_id,
        "ends_at": to_us(act.now + within),
        "now": to_us(act.now),
    }
