"""Webhooks: who asked to be told of signals and tasks is told: in order, signed, until it arrived (policy 2.2)."""

from ringfence.api.webhooks.addresses import check_address
from ringfence.api.webhooks.delivery import Delivering, deliver_due
from ringfence.api.webhooks.subscriptions import EVENTS, Webhook, add_webhook, end_webhook, list_webhooks

__all__ = [
    "EVENTS",
    "Delivering",
    "Webhook",
    "add_webhook",
    "check_address",
    "deliver_due",
    "end_webhook",
    "list_webhooks",
]
