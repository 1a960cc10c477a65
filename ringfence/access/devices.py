"""A unit's shared phone: registered once by a link, bound to the unit, every act on it signed with a PIN (policy 6.4).

The phone is nobody: without a worker's PIN it reads nothing. A worker of its unit comes in for a short session, and
says the PIN again for each act that is theirs to answer for.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ringfence.access.links import make_unit_link, use_link
from ringfence.access.passwords import HASHING
from ringfence.access.rights import check_can, read_policy
from ringfence.access.sessions import (
    OpenedSession,
    Session,
    SignInWay,
    digest_token,
    new_token,
    open_session,
)
from ringfence.access.throttle import Attempt, begin_attempt, digest_address, key_of, note_failure, pass_attempt
from ringfence.errors import NotFound, NotSignedIn
from ringfence.policy import Permission, Policy, read_in_force
from ringfence.store import Act, Desk, Store
from ringfence.terms import SYSTEM, Actor, Clock, from_us, to_us

AREA_OF_UNIT = "select area_path from unit where unit_id = :unit_id"

INSERT_DEVICE = """
insert into unit_device (token_digest, unit_id, opened_at, ends_at, recorded_at)
values (:token_digest, :unit_id, :now, :ends_at, :now)
returning device_id
"""

HOLDING_DEVICE = """
select device_id, unit_id, ends_at from unit_device
where token_digest = :token_digest and ended_at is null and ends_at > :now
"""

UNIT_OF_DEVICE = """
select d.unit_id, u.area_path from unit_device d join unit u on u.unit_id = d.unit_id
where d.device_id = :device_id and d.ended_at is null
"""

END_DEVICE = "update unit_device set ended_at = :now where device_id = :device_id and ended_at is null"

WORKERS = """
select m.user_id from unit_member m join user_account u on u.user_id = m.user_id
where m.unit_id = :unit_id and m.removed_at is null and u.is_active and u.pin_hash is not null
order by m.user_id
"""

PIN_OF_WORKER = """
select u.pin_hash from unit_member m join user_account u on u.user_id = m.user_id
where m.unit_id = :unit_id and m.user_id = :user_id and m.removed_at is null and u.is_active
"""

_NOT_RIGHT = "worker or PIN are not right"


@dataclass(frozen=True, kw_only=True)
class Device:
    """A registered phone and the unit that it belongs to."""

    device_id: int
    unit_id: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class OpenedDevice:
    """A phone just registered, with its token, which is known at this moment only."""

    token: str
    device: Device


def make_device_link(act: Act, unit_id: str, *, clock: Clock) -> str:
    """A token that registers one phone of a unit, for who may edit the roster there; NotFound without such a unit."""
    rows = act.rows(AREA_OF_UNIT, unit_id=unit_id)
    if not rows:
        raise NotFound("there is no unit {unit}", unit=unit_id)
    check_can(act, Permission.ROSTER_EDIT, area_path=rows[0].area_path)
    policy = Policy(read_in_force(act, now=act.now), clock.day_of(act.now))
    return make_unit_link(act, unit_id, within=timedelta(days=policy.days("link.activation_days")))


def register_device(store: Store, token: str, *, now: datetime) -> OpenedDevice:
    """Use a unit's link up on the phone it is opened on; NotFound when it does not hold or is for an account."""
    policy = read_policy(store, now=now)
    own = new_token()

    def register(act: Act) -> Device:
        link = use_link(act, token)
        if link.unit_id is None:
            raise NotFound("this link is for an account and registers no phone; choose a password with it")
        expires_at = now + timedelta(days=policy.days("device.longest_days"))
        device_id = act.insert(
            INSERT_DEVICE,
            token_digest=digest_token(own),
            unit_id=link.unit_id,
            now=to_us(now),
            ends_at=to_us(expires_at),
        )
        act.note("device.registered", subject=f"device:{device_id}", unit=link.unit_id)
        return Device(device_id=device_id, unit_id=link.unit_id, expires_at=expires_at)

    return OpenedDevice(token=own, device=store.act(register, actor=SYSTEM, now=now))


def read_device(desk: Desk, token: str, *, now: datetime) -> Device:
    """The phone of a token; NotSignedIn for none, or one that was taken back or is past its time."""
    rows = desk.rows(HOLDING_DEVICE, token_digest=digest_token(token), now=to_us(now)) if token else []
    if not rows:
        raise NotSignedIn("this phone is not registered any more; ask for a new link and scan it")
    [row] = rows
    return Device(device_id=row.device_id, unit_id=row.unit_id, expires_at=from_us(row.ends_at))


def list_workers(desk: Desk, device: Device) -> list[str]:
    """The accounts that can come in on a phone: its unit's, with a PIN."""
    return [row.user_id for row in desk.rows(WORKERS, unit_id=device.unit_id)]


def sign_in_by_pin(store: Store, device: Device, user_id: str, *, pin: str, now: datetime) -> OpenedSession:
    """A short session of a worker on their unit's phone.

    NotSignedIn in the same words whatever was not right, TooManyAttempts after too many wrong PINs on this phone.
    """
    policy = read_policy(store, now=now)
    attempt = _prove(store, device, user_id, pin=pin, policy=policy, now=now)

    def enter(act: Act) -> OpenedSession:
        pass_attempt(act, attempt)
        where = (device.device_id, device.unit_id)
        return open_session(
            act, user_id, way=SignInWay.PIN, address_digest=digest_address(_place(device)), policy=policy, device=where
        )

    return store.act(enter, actor=Actor(user_id), now=now)


def confirm_pin(store: Store, device: Device, session: Session, *, pin: str, now: datetime) -> None:
    """The PIN of the session's worker once more, which signs one act; errors as of `sign_in_by_pin`."""
    policy = read_policy(store, now=now)
    attempt = _prove(store, device, session.user_id, pin=pin, policy=policy, now=now)

    def confirm(act: Act) -> None:
        pass_attempt(act, attempt)
        act.note("pin.confirmed", subject=f"session:{session.session_id}")

    store.act(confirm, actor=session.actor, now=now)


def end_device(act: Act, device_id: int) -> None:
    """Take a phone back, lost or handed in; whoever is in on it is out. For who may edit the roster of its unit."""
    rows = act.rows(UNIT_OF_DEVICE, device_id=device_id)
    if not rows:
        raise NotFound("there is no registered phone {device}", device=device_id)
    check_can(act, Permission.ROSTER_EDIT, area_path=rows[0].area_path)
    act.run(END_DEVICE, device_id=device_id, now=to_us(act.now))
    act.note("device.ended", subject=f"device:{device_id}", unit=rows[0].unit_id)


def _prove(store: Store, device: Device, typed: str, *, pin: str, policy: Policy, now: datetime) -> Attempt:
    user_id, place = key_of(typed), _place(device)
    attempt = store.act(lambda act: begin_attempt(act, user_id, address=place, policy=policy), actor=SYSTEM, now=now)
    rows = store.desk.rows(PIN_OF_WORKER, unit_id=device.unit_id, user_id=user_id)
    if not HASHING.is_right(rows[0].pin_hash if rows else None, pin):
        note_failure(store, user_id, now=now)
        raise NotSignedIn(_NOT_RIGHT)
    return attempt


def _place(device: Device) -> str:
    """What stands for the phone's address where wrong tries are counted."""
    return f"device:{device.device_id}"
