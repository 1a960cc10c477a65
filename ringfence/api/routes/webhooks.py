"""Subscriptions to what happens to signals and tasks, told to an address of one's own (policy 2.2, 7.1)."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from ringfence.api.answers import answer
from ringfence.api.caller import CallerNow
from ringfence.api.once import Said, act_once
from ringfence.api.routes.bodies import Done, shown
from ringfence.api.rows import Key, Number
from ringfence.api.webhooks import EVENTS, add_webhook, check_address, end_webhook, list_webhooks
from ringfence.store import Act

router = APIRouter(tags=["webhooks"])


class NewWebhook(BaseModel):
    """An address outside, and the events it is told of: ids only, signed with the secret that the answer says."""

    model_config = shown(address="https://example.org/ringfence", events=["signal.verified"])

    address: str = Field(min_length=1, max_length=1_000)
    events: Annotated[list[Key], Field(min_length=1, max_length=len(EVENTS))]


class WebhookMade(BaseModel):
    """The subscription, and its secret, which is said this once."""

    model_config = shown(webhook_id=2, secret="q1w…")  # noqa: S106 - an example opens nothing

    webhook_id: int
    secret: str


class WebhookRow(BaseModel):
    """A subscription; after so many failures in a row it is tried again at `next_at`."""

    model_config = shown(
        webhook_id=2,
        address="https://example.org/ringfence",
        events=["signal.verified"],
        failures=0,
        next_at="2022-03-01T04:00:00Z",
        made_at="2022-03-01T04:00:00Z",
    )

    webhook_id: int
    address: str
    events: list[str]
    failures: int
    next_at: datetime
    made_at: datetime


class Webhooks(BaseModel):
    """Your subscriptions."""

    model_config = shown(webhooks=[WebhookRow.model_config["json_schema_extra"]["examples"][0]])  # type: ignore[index]

    webhooks: list[WebhookRow]


@router.post("/webhooks", response_model=WebhookMade, status_code=201, summary="Be told of signals and tasks")
def add(caller: CallerNow, new: NewWebhook) -> Response:
    """Only of what you may see yourself, in order, at least once; each event has an id to know it again by.

    The header `Ringfence-Signature` is `t=SECOND,v1=MAC`: the HMAC-SHA-256 of `SECOND.BODY` under the secret.
    """
    check_address(new.address, is_private_allowed=caller.request.app.state.is_private_allowed)

    def make(act: Act) -> Said:
        number, secret = add_webhook(act, new.address, events=new.events, store=caller.store)
        return Said({"webhook_id": number, "secret": secret}, 201)

    done = caller.store.act(make, actor=caller.actor, now=caller.now)
    found = answer(caller.request, done.body, language=caller.language, status=done.status)
    found.headers["Cache-Control"] = "no-store"
    return found


@router.get("/webhooks", response_model=Webhooks, summary="Your subscriptions")
def show(request: Request, caller: CallerNow) -> Response:
    """Without their secrets."""
    found = list_webhooks(caller.store.desk, caller.store, user_id=caller.actor.actor_id)
    rows = [{name: getattr(one, name) for name in WebhookRow.model_fields} for one in found]
    body = {"webhooks": [{**row, "events": sorted(row["events"])} for row in rows]}
    return answer(request, body, language=caller.language)


@router.delete("/webhooks/{webhook_id}", response_model=Done, summary="Be told no more")
def end(caller: CallerNow, webhook_id: Annotated[Number, Path(alias="webhook_id")]) -> Response:
    """One of your own."""

    def finish(act: Act) -> Said:
        end_webhook(act, webhook_id)
        return Said({"is_done": True})

    return act_once(caller, finish)
