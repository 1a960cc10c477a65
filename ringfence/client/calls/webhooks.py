"""The calls of webhooks. Made from the description of the API by `tools/docs.py`; do not edit."""

from dataclasses import dataclass
from datetime import datetime

from ringfence.client.calls.shared import Done
from ringfence.client.room import Room, in_path


@dataclass(frozen=True, kw_only=True)
class WebhookMade:
    """The subscription, and its secret, which is said this once."""

    webhook_id: int
    secret: str


@dataclass(frozen=True, kw_only=True)
class WebhookRow:
    """A subscription; after so many failures in a row it is tried again at `next_at`."""

    webhook_id: int
    address: str
    events: list[str]
    failures: int
    next_at: datetime
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class Webhooks:
    """Your subscriptions."""

    webhooks: list[WebhookRow]


class WebhooksCalls(Room):
    """The calls of webhooks."""

    def show(self) -> Webhooks:
        """Your subscriptions (GET /webhooks)."""
        return self._ask(Webhooks, "GET", "/webhooks")

    def add(self, *, address: str, events: list[str]) -> WebhookMade:
        """Be told of signals and tasks (POST /webhooks)."""
        return self._ask(WebhookMade, "POST", "/webhooks", None, {"address": address, "events": events})

    def end(self, webhook_id: int) -> Done:
        """Be told no more (DELETE /webhooks/{webhook_id})."""
        return self._ask(Done, "DELETE", f"/webhooks/{in_path(webhook_id)}")
