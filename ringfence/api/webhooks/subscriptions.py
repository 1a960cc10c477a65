"""Subscriptions: an account's address, what it is told of, the secret it checks signatures with, and how far it is."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from ringfence.errors import InputRefused, NotFound
from ringfence.signals import SIGNALS
from ringfence.store import Act, Desk, Listing, Store, read_chain_ends, seal, unseal
from ringfence.terms import from_us, to_us
from ringfence.work import TASKS

INSERT_WEBHOOK = """
insert into webhook (user_id, address, events, key_id, sealed_secret, failures, next_at, recorded_at)
values (:user_id, :address, :events, :key_id, :sealed_secret, 0, :now, :now)
returning webhook_id
"""

PUT_PLACE = """
insert into webhook_place (webhook_id, chain, seq, recorded_at) values (:webhook_id, :chain, :seq, :now)
on conflict (webhook_id, chain) do update set seq = excluded.seq, recorded_at = excluded.recorded_at
"""

WEBHOOKS = """
select webhook_id, user_id, address, events, key_id, sealed_secret, failures, next_at, recorded_at
from webhook where ended_at is null and (:user_id = '' or user_id = :user_id) and next_at <= :due_by
order by webhook_id
"""

PLACES = "select chain, seq from webhook_place where webhook_id = :webhook_id"

END_WEBHOOK = """
update webhook set ended_at = :now where webhook_id = :webhook_id and user_id = :user_id and ended_at is null
"""

SET_FAILURES = "update webhook set failures = :failures, next_at = :next_at where webhook_id = :webhook_id"

_NEVER = 2**63 - 1
KEY_USE = "webhooks"


@dataclass(frozen=True)
class Kind:
    """What an event is about: the list whose things it names, and the purpose its reader looks for."""

    listing: Listing
    purposes: tuple[str, ...]


_SIGNAL = Kind(SIGNALS, ("verification",))
_TASK = Kind(TASKS, ("outreach", "follow_up", "accountability"))

EVENTS: Mapping[str, Kind] = {
    "signal.raised": _SIGNAL,
    "signal.verified": _SIGNAL,
    "signal.dismissed": _SIGNAL,
    "signal.withdrawn": _SIGNAL,
    "tasks.opened": _TASK,
    "tasks.acknowledged": _TASK,
    "tasks.done": _TASK,
    "tasks.handed_over": _TASK,
    "tasks.withdrawn": _TASK,
}
"""The acts that are told, by the words the ledger has for them."""


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """A subscription; `failures` in a row say how long the next attempt waits."""

    webhook_id: int
    user_id: str
    address: str
    events: frozenset[str]
    failures: int
    next_at: datetime
    made_at: datetime
    secret: bytes


def add_webhook(act: Act, address: str, *, events: Sequence[str], store: Store) -> tuple[int, str]:
    """Tell an address (see `check_address`) of events from now on, in the actor's name; its number and secret.

    The secret is said this once. InputRefused for an event nobody tells of.
    """
    unknown = sorted(set(events) - EVENTS.keys())
    if unknown or not events:
        raise InputRefused(
            "there is no event '{event}'; choose among {events}",
            event=unknown[0] if unknown else "",
            events=", ".join(EVENTS),
        )
    secret, key = secrets.token_urlsafe(32), store.keys.make(act, KEY_USE)
    webhook_id = act.insert(
        INSERT_WEBHOOK,
        user_id=act.actor.actor_id,
        address=address,
        events=json.dumps(sorted(set(events))),
        key_id=key.key_id,
        sealed_secret=seal(key.key, secret.encode(), place=_place(key.key_id)),
        now=to_us(act.now),
    )
    put_places(act, webhook_id, read_chain_ends(store.desk))
    act.note("webhook.added", subject=f"webhook:{webhook_id}")
    return webhook_id, secret


def list_webhooks(desk: Desk, store: Store, *, user_id: str = "", due_by: datetime | None = None) -> list[Webhook]:
    """The subscriptions that stand: of one account, or of all; those due by an instant, if one is named."""
    rows = desk.rows(WEBHOOKS, user_id=user_id, due_by=_NEVER if due_by is None else to_us(due_by))
    return [_webhook(row, store) for row in rows]


def read_places(desk: Desk, webhook_id: int) -> dict[int, int]:
    """How far a subscription was told of each chain; a chain that began later is told from its first line on."""
    reached = {row.chain: row.seq for row in desk.rows(PLACES, webhook_id=webhook_id)}
    return dict.fromkeys(read_chain_ends(desk), 0) | reached


def put_places(act: Act, webhook_id: int, places: Mapping[int, int]) -> None:
    """Keep how far a subscription was told; the caller tells the ledger."""
    act.run_many(
        PUT_PLACE,
        [
            {"webhook_id": webhook_id, "chain": chain, "seq": seq, "now": to_us(act.now)}
            for chain, seq in places.items()
        ],
    )


def put_failures(act: Act, webhook_id: int, *, failures: int, next_at: datetime) -> None:
    """Keep how often in a row it did not arrive, and when it is tried again; the caller tells the ledger."""
    act.run(SET_FAILURES, webhook_id=webhook_id, failures=failures, next_at=to_us(next_at))


def end_webhook(act: Act, webhook_id: int) -> None:
    """Tell an address no more; NotFound where it is none of the actor's."""
    if not act.run(END_WEBHOOK, webhook_id=webhook_id, user_id=act.actor.actor_id, now=to_us(act.now)):
        raise NotFound("there is no webhook {webhook_id} of yours", webhook_id=webhook_id)
    act.note("webhook.ended", subject=f"webhook:{webhook_id}")


def _webhook(row: Row[Any], store: Store) -> Webhook:
    return Webhook(
        webhook_id=row.webhook_id,
        user_id=row.user_id,
        address=row.address,
        events=frozenset(json.loads(row.events)),
        failures=row.failures,
        next_at=from_us(row.next_at),
        made_at=from_us(row.recorded_at),
        secret=unseal(store.keys.read(row.key_id), bytes(row.sealed_secret), place=_place(row.key_id)),
    )


def _place(key_id: str) -> str:
    return f"webhook/{key_id}"
