"""Wrong tries make the next one wait, longer each time and never for good (policy 6.4).

Tries are counted under three names, of which each try has one or two:

- the address it comes from, whatever the account;
- the account, for tries from addresses it never signed in from;
- the account at an address, where it did sign in from that address before.

So whoever guesses at an officer's password from elsewhere makes everybody elsewhere wait, and not the officer at the
usual desk. A try counts as wrong from its beginning until it proves right: tries sent all at once gain nothing.
"""

import hashlib
import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from ringfence.access.rights import check_can
from ringfence.errors import TooManyAttempts
from ringfence.policy import Permission, Policy
from ringfence.store import EVERYWHERE, Act, Store
from ringfence.terms import SYSTEM, from_us, to_us

FORGET = "delete from sign_in_throttle where last_failed_at < :before"

READ_FAILURES = "select failures, last_failed_at from sign_in_throttle where bucket = :bucket"

COUNT = """
insert into sign_in_throttle (bucket, failures, last_failed_at) values (:bucket, 1, :now)
on conflict (bucket) do update set failures = sign_in_throttle.failures + 1, last_failed_at = excluded.last_failed_at
"""

TAKE_BACK = "update sign_in_throttle set failures = failures - 1 where bucket = :bucket and failures > 0"

CLEAR = "delete from sign_in_throttle where bucket = :bucket"

CLEAR_ACCOUNT = "delete from sign_in_throttle where bucket = :bucket or bucket like :bucket || ':%'"

WAS_HERE = """
select 1 from user_session
where user_id = :user_id and address_digest = :address_digest and opened_at >= :since limit 1
"""

USER_EXISTS = "select 1 from user_account where user_id = :user_id"

LONGEST_KEY = 100
_KEY = re.compile(f"[^\\0\ud800-\udfff]{{1,{LONGEST_KEY}}}")  # NUL for PostgreSQL, lone surrogates for both

_IPV6_NETWORK = 64  # bits: a household or office is given a whole network of addresses


@dataclass(frozen=True)
class Attempt:
    """A try under way: the names it is counted under."""

    of_address: str
    of_account: str

    @property
    def buckets(self) -> tuple[str, str]:
        """Both."""
        return self.of_address, self.of_account


def key_of(typed: str) -> str:
    """An account as somebody typed it; empty, which is nobody, for what no account can be called."""
    return typed if _KEY.fullmatch(typed) else ""


def begin_attempt(act: Act, user_id: str, *, address: str, policy: Policy) -> Attempt:
    """Count a try before its secret is looked at; TooManyAttempts, with the seconds to wait, while it is too early."""
    act.run(FORGET, before=to_us(act.now - policy.hours("sign_in.remembered_hours")))
    attempt = Attempt(f"address:{digest_address(address)}", _account_bucket(act, user_id, address, policy))
    free = policy.integer("sign_in.free_failures_of_address"), policy.integer("sign_in.free_failures")
    wait = max(_wait(act, bucket, free=n, policy=policy) for bucket, n in zip(attempt.buckets, free, strict=True))
    if wait > timedelta(0):
        raise TooManyAttempts(
            "too many wrong tries; wait {seconds} seconds and try again", seconds=-(-wait // timedelta(seconds=1))
        )
    for bucket in attempt.buckets:
        act.run(COUNT, bucket=bucket, now=to_us(act.now))
    act.note("sign_in.tried", subject=_subject_of(act, user_id))
    return attempt


def pass_attempt(act: Act, attempt: Attempt) -> None:
    """It was right: the account starts anew, the address is as it was before."""
    act.run(TAKE_BACK, bucket=attempt.of_address)
    act.run(CLEAR, bucket=attempt.of_account)


def note_failure(store: Store, user_id: str, *, now: datetime) -> None:
    """Say on the ledger that a try was wrong; it counts already."""
    store.act(lambda act: act.note("sign_in.failed", subject=_subject_of(act, user_id)), actor=SYSTEM, now=now)


def forgive_failures(act: Act, user_id: str) -> None:
    """Let an account try again at once, from wherever; for who may grant roles."""
    check_can(act, Permission.USER_GRANT, area_path=EVERYWHERE)
    clear_failures(act, user_id)
    act.note("sign_in.forgiven", subject=_subject_of(act, user_id))


def clear_failures(act: Act, user_id: str) -> None:
    """Forget every wrong try at an account; who may do so was asked before."""
    act.run(CLEAR_ACCOUNT, bucket=_elsewhere(user_id))


def digest_address(address: str) -> str:
    """An address as it is kept: a digest, of IPv6 the digest of its network."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return _digest(address)
    if parsed.version == 6:  # noqa: PLR2004 - the name of the protocol
        parsed = ipaddress.ip_network((parsed, _IPV6_NETWORK), strict=False).network_address
    return _digest(str(parsed))


def _subject_of(act: Act, user_id: str) -> str:
    """What the ledger calls an account; what was typed is not repeated there, for it may have been the password."""
    return f"user:{user_id}" if act.rows(USER_EXISTS, user_id=user_id) else "user:unknown"


def _wait(act: Act, bucket: str, *, free: int, policy: Policy) -> timedelta:
    """How long until the next try: nothing for the first few, then twice as long each time, up to the longest."""
    found = act.rows(READ_FAILURES, bucket=bucket)
    if not found or found[0].failures < free:
        return timedelta(0)
    longest = policy.hours("sign_in.longest_delay_hours")
    delay = policy.hours("sign_in.first_delay_hours")
    for _ in range(found[0].failures - free):
        delay = min(2 * delay, longest)
        if delay == longest:
            break
    return from_us(found[0].last_failed_at) + delay - act.now


def _account_bucket(act: Act, user_id: str, address: str, policy: Policy) -> str:
    since = to_us(act.now - timedelta(days=policy.days("sign_in.address_known_days")))
    digest = digest_address(address)
    if act.rows(WAS_HERE, user_id=user_id, address_digest=digest, since=since):
        return f"account:{_digest(user_id)}:{digest}"
    return _elsewhere(user_id)


def _elsewhere(user_id: str) -> str:
    return f"account:{_digest(user_id)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]
