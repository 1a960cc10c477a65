"""Delivering: each event at least once, in order, signed; what does not arrive is tried again, later each time.

The ledger is the outbox. How far a subscription was told is kept only after its address said that it arrived, so a
server that is killed in between tells the last one again, under the same id.
"""

import hashlib
import hmac
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec
import structlog

from ringfence import access
from ringfence.api.webhooks.addresses import post
from ringfence.api.webhooks.subscriptions import (
    EVENTS,
    Webhook,
    list_webhooks,
    put_failures,
    put_places,
    read_places,
)
from ringfence.errors import InputRefused, NotAllowed, RingfenceError
from ringfence.store import Act, Store, Told, among_listed
from ringfence.terms import SYSTEM, Actor

SIGNATURE = "Ringfence-Signature"
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
PAGE = 500
_ARRIVED = range(200, 300)

_log = structlog.get_logger()


def deliver_due(store: Store, *, now: datetime, is_private_allowed: bool) -> int:
    """Tell every subscription that is due what it was not told yet; how many events arrived."""
    due = list_webhooks(store.desk, store, due_by=now)
    return sum(_deliver(store, webhook, now=now, is_private_allowed=is_private_allowed) for webhook in due)


def sign(secret: bytes, body: bytes, *, now: datetime) -> str:
    """The signature of a body: its second, and the HMAC-SHA-256 over that second, a full stop and the body."""
    second = int(now.timestamp())
    mac = hmac.new(secret, f"{second}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={second},v1={mac}"


def wait_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: twice as long each time, up to an hour."""
    return min(FIRST_WAIT * (1 << min(failures - 1, 20)), LONGEST_WAIT)


def _deliver(store: Store, webhook: Webhook, *, now: datetime, is_private_allowed: bool) -> int:
    places = read_places(store.desk, webhook.webhook_id)
    told, reached = store.read_told(behind=places, actions=webhook.events, most=PAGE)
    arrived = 0
    for one in told:
        ids = _visible_ids(store, webhook, one, now=now)
        if ids and not _arrives(webhook, one, ids, now=now, is_private_allowed=is_private_allowed):
            _fail(store, webhook, places, now=now)
            return arrived
        places[one.chain] = one.seq
        arrived += bool(ids)
    if arrived or any(seq - places[chain] >= PAGE for chain, seq in reached.items()):
        _keep(store, webhook, reached, arrived, now=now)
    return arrived


def _arrives(webhook: Webhook, told: Told, ids: Sequence[int], *, now: datetime, is_private_allowed: bool) -> bool:
    event = {"id": f"{told.chain}-{told.seq}", "type": told.action, "happened_at": told.happened_at, "ids": ids}
    body = msgspec.json.encode(event)
    headers = {"Content-Type": "application/json", SIGNATURE: sign(webhook.secret, body, now=now)}
    try:
        status = post(webhook.address, body, headers=headers, is_private_allowed=is_private_allowed)
    except (OSError, InputRefused) as error:
        _log.info("webhook.unreachable", webhook=webhook.webhook_id, error=type(error).__name__)
        return False
    return status in _ARRIVED


def _visible_ids(store: Store, webhook: Webhook, told: Told, *, now: datetime) -> list[int]:
    """The numbers of what an event is about that its subscriber may see now; none where the right is gone."""
    kind, prefix = EVENTS[told.action], "signal:"
    ids = [int(told.subject.removeprefix(prefix))] if told.action.startswith("signal.") else list(told.ids)
    for key in kind.purposes:
        try:
            purpose = access.read_purpose(store.desk, key, now=now)
            scope = access.read_scope(store.desk, Actor(webhook.user_id), purpose, now=now)
            return among_listed(store.desk, kind.listing, ids, scope=scope)
        except NotAllowed:
            continue
    return []


def _keep(store: Store, webhook: Webhook, places: dict[int, int], arrived: int, *, now: datetime) -> None:
    def keep(act: Act) -> None:
        put_places(act, webhook.webhook_id, places)
        put_failures(act, webhook.webhook_id, failures=0, next_at=now)
        act.note("webhook.delivered", subject=f"webhook:{webhook.webhook_id}", count=arrived)

    store.act(keep, actor=SYSTEM, now=now)


def _fail(store: Store, webhook: Webhook, places: dict[int, int], *, now: datetime) -> None:
    failures = webhook.failures + 1

    def keep(act: Act) -> None:
        put_places(act, webhook.webhook_id, places)
        put_failures(act, webhook.webhook_id, failures=failures, next_at=now + wait_after(failures))
        act.note("webhook.not_delivered", subject=f"webhook:{webhook.webhook_id}", failures=failures)

    store.act(keep, actor=SYSTEM, now=now)


class Delivering:
    """A thread that delivers what is due, every second, until it is closed."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime], is_private_allowed: bool) -> None:
        self._store, self._clock, self._is_private_allowed = store, clock, is_private_allowed
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ringfence-webhooks", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Finish what is being delivered, then stop."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(timeout=1):
            try:
                deliver_due(self._store, now=self._clock(), is_private_allowed=self._is_private_allowed)
            except RingfenceError as error:  # the database may be away for a moment: what is due stays due
                _log.warning("webhook.stopped", error=type(error).__name__)
