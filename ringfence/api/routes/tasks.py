"""Tasks: acknowledged, done with their outcome, handed over; one owner, one deadline (policy 2.3, 7.1)."""

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, Field

from ringfence import flow, store, work
from ringfence.api.answers import answer
from ringfence.api.caller import Look, looks_for, purposes_of
from ringfence.api.lists import add_list
from ringfence.api.once import Said, act_once, flow_once
from ringfence.api.routes.bodies import Count, Numbers, shown
from ringfence.api.rows import Key, Number
from ringfence.store import Act
from ringfence.terms import Outcome
from ringfence.work import TASKS, UNITS

router = APIRouter(tags=["tasks"])

Reaching = Annotated[Look, Depends(looks_for("outreach", "follow_up", "accountability"))]
REACHING = purposes_of("outreach", "follow_up", "accountability")

add_list(
    router,
    "/tasks",
    TASKS,
    purposes=("outreach", "follow_up", "accountability"),
    summary="What is to be done in your areas, the next to be late first",
    single="One task",
)
add_list(
    router,
    "/units",
    UNITS,
    purposes=("outreach", "follow_up", "accountability", "administration"),
    summary="The teams that can be given work",
    single="One team",
)


class Tasks(BaseModel):
    """Some tasks, by number."""

    model_config = shown(tasks=[4711, 4712])

    tasks: Numbers


class Ended(Tasks):
    """Tasks that ended the same way; `evidence` is a number, a code or a document's key, never a name."""

    model_config = shown(tasks=[4711], outcome="reached", evidence="")

    outcome: Outcome
    evidence: str = Field("", max_length=200, pattern=r"^[^\x00]*$")


class Attempted(Tasks):
    """Tasks whose owner met nobody."""

    model_config = shown(tasks=[4711], outcome="unreachable")

    outcome: Outcome


class HandedOver(Tasks):
    """Tasks another unit answers for from now on."""

    model_config = shown(tasks=[4711], owner="140211-grid-03")

    owner: Key


class AttemptsKept(BaseModel):
    """How many attempts were kept, and the disputes that began at the door."""

    model_config = shown(count=1, disputes=[])

    count: int
    disputes: list[int]


class ContactShown(BaseModel):
    """What is needed to reach the person of an open task."""

    model_config = shown(contact={"phone": "13800000105"})

    contact: dict[str, str]


def _check_listed(look: Look, numbers: Sequence[int]) -> None:
    store.check_listed(look.caller.store.desk, TASKS, numbers, scope=look.scope)


def _change(look: Look, numbers: Sequence[int], step: Callable[[Act], int]) -> Response:
    _check_listed(look, numbers)
    return act_once(look.caller, lambda act: Said({"count": step(act)}))


@router.post("/tasks/acknowledge", response_model=Count, summary="Seen, and will be done", openapi_extra=REACHING)
def acknowledge_tasks(look: Reaching, chosen: Tasks) -> Response:
    """All of them or none."""
    return _change(look, chosen.tasks, lambda act: work.acknowledge_tasks(act, chosen.tasks))


@router.post("/tasks/close", response_model=Count, summary="Done, with their outcome", openapi_extra=REACHING)
def close_tasks(look: Reaching, ended: Ended) -> Response:
    """All of them or none; what was kept to reach the persons is shredded."""
    opened = look.caller.store

    def close(act: Act) -> int:
        return work.close_tasks(act, ended.tasks, outcome=ended.outcome, evidence=ended.evidence, store=opened)

    return _change(look, ended.tasks, close)


@router.post(
    "/tasks/hand-over", response_model=Count, summary="Another unit answers from now on", openapi_extra=REACHING
)
def hand_over_tasks(look: Reaching, moved: HandedOver) -> Response:
    """All of them or none; the deadline stays, and the new owner has yet to acknowledge."""
    return _change(look, moved.tasks, lambda act: work.hand_over_tasks(act, moved.tasks, owner=moved.owner))


@router.post(
    "/tasks/attempts",
    response_model=AttemptsKept,
    summary="Nobody was met",
    openapi_extra=REACHING,
)
def record_attempts(look: Reaching, tried: Attempted) -> Response:
    """The task stays open, or what the outcome means takes its course."""
    _check_listed(look, tried.tasks)
    caller = look.caller

    def record() -> Said:
        disputes = flow.record_attempts(
            caller.store, tried.tasks, outcome=tried.outcome, actor=caller.actor, now=caller.now
        )
        return Said({"count": len(tried.tasks), "disputes": disputes})

    return flow_once(caller, record)


@router.get(
    "/tasks/{task_id}/contact",
    response_model=ContactShown,
    summary="How to reach the person of an open task; the look is on record",
    openapi_extra=purposes_of("outreach"),
)
def read_contact(
    request: Request,
    look: Annotated[Look, Depends(looks_for("outreach"))],
    task_id: Annotated[Number, Path(alias="task_id")],
) -> Response:
    """Kept while the task is open, for those whose list it is on."""
    _check_listed(look, [task_id])
    caller = look.caller
    contact = caller.store.act(
        lambda act: work.read_contact(act, task_id, purpose=look.purpose, store=caller.store),
        actor=caller.actor,
        now=caller.now,
    )
    found = answer(request, {"contact": contact}, language=caller.language)
    found.headers["Cache-Control"] = "no-store"
    return found
