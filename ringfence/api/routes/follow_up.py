"""Follow-up: who is to be seen each day, and what came of it (policy 2.4)."""

from dataclasses import asdict
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from ringfence import flow, signals, store, work
from ringfence.api.caller import Caller, CallerNow, Look, looks_for, purposes_of
from ringfence.api.lists import add_list
from ringfence.api.once import Said, act_once, flow_once
from ringfence.api.routes.bodies import MOST_AT_ONCE, shown
from ringfence.api.rows import Number
from ringfence.store import Act
from ringfence.terms import DayStatus, day_number
from ringfence.work import FOLLOW_UPS

router = APIRouter(tags=["follow-up"])

Following = Annotated[Look, Depends(looks_for("follow_up"))]

add_list(
    router,
    "/follow-ups",
    FOLLOW_UPS,
    purposes=("follow_up", "accountability"),
    summary="Who is watched in your areas, the next to be released first",
    single="One person's follow-up",
)


class OneDay(BaseModel):
    """A local day; today where none is named."""

    model_config = shown(day="2022-03-01")

    day: date | None = None


class DayBegun(BaseModel):
    """Who was due, who is released or lost, how many tasks rose a level, how many orders ended."""

    model_config = shown(due=40, completed=3, lost=0, risen=2, expired=5)

    due: int
    completed: int
    lost: int
    risen: int
    expired: int


class Seen(BaseModel):
    """What one person's day came to; `follow_up_id` is the number on the list."""

    model_config = shown(follow_up_id=7, status="seen_ok")

    follow_up_id: Number
    status: DayStatus


class DaysSeen(BaseModel):
    """What a day came to for some persons."""

    model_config = shown(day="2022-03-01", seen=[{"follow_up_id": 7, "status": "seen_ok"}])

    day: date | None = None
    seen: Annotated[list[Seen], Field(min_length=1, max_length=MOST_AT_ONCE)]


class DaysKept(BaseModel):
    """How many days were put on record, and how many observations followed from them."""

    model_config = shown(count=1, observations=0)

    count: int
    observations: int


@router.post("/follow-up-days", response_model=DayBegun, summary="Begin a day: who is due, released or lost")
def begin_day(caller: CallerNow, chosen: OneDay) -> Response:
    """Late tasks rise a level and orders past their day end. Begun twice, a day is begun once."""
    day = day_of(caller, chosen.day)

    def run() -> Said:
        with caller.request.app.state.long_work.begin():
            return Said(asdict(flow.follow_up(caller.store, day=day, actor=caller.actor, now=caller.now)))

    return flow_once(caller, run)


@router.post(
    "/follow-ups/records",
    response_model=DaysKept,
    summary="Record what a day came to",
    openapi_extra=purposes_of("follow_up"),
)
def record_days(look: Following, kept: DaysSeen) -> Response:
    """All of them or none; whoever was seen ill becomes an observation."""
    caller = look.caller
    opened = caller.store
    numbers = [one.follow_up_id for one in kept.seen]
    store.check_listed(opened.desk, FOLLOW_UPS, numbers, scope=look.scope)
    day = day_of(caller, kept.day)

    def record(act: Act) -> Said:
        rows = [store.read_row_in(act, FOLLOW_UPS, number) for number in numbers]
        seen = [
            work.DayRecord(person_no=row["person_no"], disease=row["disease"], day=day, status=one.status)
            for row, one in zip(rows, kept.seen, strict=True)
        ]
        observed = work.record_days(act, seen, clock=opened.clock)
        count = signals.put_observations(act, observed, origin=f"follow-up:{day}")
        return Said({"count": len(seen), "observations": count})

    return act_once(caller, record)


def day_of(caller: Caller, chosen: date | None) -> int:
    """The number of the chosen local day; of today where none was."""
    return caller.store.clock.day_of(caller.now) if chosen is None else day_number(chosen)
