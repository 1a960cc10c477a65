"""`ringfence fences`: risk areas foreseen, published by two, lifted; an area, never a phone (policy 6.2)."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from ringfence import access, areas, flow
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.responses import SEED
from ringfence.cli.words import words
from ringfence.errors import InputRefused
from ringfence.store import Store
from ringfence.terms import Fence, RiskArea, RiskLevel, calendar_day, day_number

app = typer.Typer(help=words("Risk areas: by area code, place or polygon, with level and days."), no_args_is_help=True)

FenceArgument = Annotated[
    Path,
    typer.Argument(
        exists=True,
        dir_okay=False,
        help=words("A JSON file: disease, level, from, to, areas, places, polygon (GeoJSON)."),
    ),
]
NumberOption = Annotated[int | None, typer.Option(help=words("The risk area this is the next version of."))]
ProposalOption = Annotated[int, typer.Option(help=words("The proposal that was approved."))]

_KEYS = {"disease", "level", "from", "to", "areas", "places", "polygon"}
HOLDS = "Risk area {risk_area}: found {found}, {listed} listed, {below} below the cut; {tasks} task(s)."
HOLDS_FEW = "Risk area {risk_area}: {listed} listed, too few to be told below the cut; {tasks} task(s)."
COLUMNS = ["risk_area", "version", "disease", "level", "from", "to", "is_lifted"]


@call
def foresee_fence(store: Store, asked: Asked, *, fence: Answer, risk_area: int | None) -> Answer:
    """A dry run."""
    effect = flow.foresee_fence(store, _fence(fence), risk_area_id=risk_area, actor=asked.actor, now=asked.now)
    counts = {"added": effect.added, "released": effect.released, "conflicting": effect.conflicting}
    where = effect.touched if effect.added is None else effect.by_area
    return {**counts, "areas": [{"area": path, "persons": count} for path, count in where]}


@call
def propose_fence(store: Store, asked: Asked, *, fence: Answer | None, risk_area: int | None) -> Answer:
    """Put a fence, or its end, before a second officer."""
    drawn = None if fence is None else _fence(fence)
    plan = flow.plan_fence(store, drawn, risk_area_id=risk_area)
    path = areas.top_paths(areas.read_hierarchy(store.desk))[0]
    number = store.act(lambda act: access.propose(act, plan, area_path=path), actor=asked.actor, now=asked.now)
    return {"proposal": number}


@call
def publish_fence(store: Store, asked: Asked, *, fence: Answer, risk_area: int | None, proposal: int) -> Answer:
    """Put it in force."""
    drawn, response = flow.publish_fence(
        store,
        _fence(fence),
        risk_area_id=risk_area,
        approval_id=proposal,
        actor=asked.actor,
        now=asked.now,
        seed=SEED,
    )
    counts = {"found": response.found, "listed": response.listed, "below": response.below, "tasks": response.tasks}
    return {"risk_area": drawn.risk_area_id, "version": drawn.version, **counts}


@call
def lift_fence(store: Store, asked: Asked, *, risk_area: int, proposal: int) -> Answer:
    """End it."""
    tasks = flow.lift_fence(store, risk_area, approval_id=proposal, actor=asked.actor, now=asked.now)
    return {"risk_area": risk_area, "tasks": len(tasks)}


@call
def list_fences(store: Store, _asked: Asked) -> Answer:
    """The newest version of each."""
    return {"fences": [_plain(one) for one in areas.list_risk_areas(store.desk)]}


@app.command(help=words("Whom a fence would find today, let go, and find under an order; nothing happens."))
def plan(context: typer.Context, file: FenceArgument, *, risk_area: NumberOption = None) -> None:
    """Dry run."""
    frame: Frame = context.obj
    answer = frame.ask(foresee_fence, fence=_read(file), risk_area=risk_area)
    sentence = "{added} person(s) found anew, {released} let go, {conflicting} under an order already."
    if answer["added"] is None:
        sentence = "People who came from the whole of each township that the fence touches; empty where they are few."
    frame.show(answer, sentence)
    if not frame.wants_json:
        frame.show_rows(answer["areas"], ["area", "persons"])


@app.command(help=words("Put a fence before a second officer."))
def propose(context: typer.Context, file: FenceArgument, *, risk_area: NumberOption = None) -> None:
    """Propose."""
    frame: Frame = context.obj
    answer = frame.ask(propose_fence, fence=_read(file), risk_area=risk_area)
    frame.show(answer, "Proposal {proposal} waits for a second officer: ringfence --as ... policy approve {proposal}")


@app.command("propose-lifting", help=words("Put the end of a risk area before a second officer."))
def propose_lifting(context: typer.Context, risk_area: int) -> None:
    """Propose."""
    frame: Frame = context.obj
    answer = frame.ask(propose_fence, fence=None, risk_area=risk_area)
    frame.show(answer, "Proposal {proposal} waits for a second officer: ringfence --as ... policy approve {proposal}")


@app.command(help=words("Put a fence in force: everybody who came from there is listed, or counted below the cut."))
def publish(
    context: typer.Context, file: FenceArgument, *, proposal: ProposalOption, risk_area: NumberOption = None
) -> None:
    """Publish."""
    frame: Frame = context.obj
    answer = frame.ask(publish_fence, fence=_read(file), risk_area=risk_area, proposal=proposal)
    frame.show(answer, HOLDS_FEW if answer["below"] is None else HOLDS)


@app.command(help=words("End a risk area: what only it justified is released."))
def lift(context: typer.Context, risk_area: int, *, proposal: ProposalOption) -> None:
    """Lift."""
    frame: Frame = context.obj
    answer = frame.ask(lift_fence, risk_area=risk_area, proposal=proposal)
    frame.show(answer, "Risk area {risk_area} is lifted; {tasks} task(s) withdrawn.")


@app.command("list", help=words("The newest version of each risk area."))
def show(context: typer.Context) -> None:
    """List."""
    frame: Frame = context.obj
    frame.show_rows(frame.ask(list_fences)["fences"], COLUMNS)


def _read(file: Path) -> Answer:
    """The file as it is; InputRefused where it is no fence."""
    try:
        given = json.loads(file.read_text(encoding="utf-8-sig"))
        is_right = isinstance(given, dict) and {"disease", "level", "from"} <= given.keys() <= _KEYS
    except (json.JSONDecodeError, UnicodeDecodeError):
        is_right = False
    if not is_right:
        raise InputRefused(
            "{file} is no fence: a JSON object with disease, level, from, and areas, places or polygon", file=file.name
        )
    return dict(given)


def _fence(given: Answer) -> Fence:
    try:
        return Fence(
            disease=str(given["disease"]),
            level=RiskLevel(given["level"]),
            from_day=_day(given["from"]),
            to_day=_day(given["to"]) if given.get("to") else None,
            area_codes=tuple(map(str, given.get("areas", ()))),
            place_ids=tuple(map(str, given.get("places", ()))),
            polygon=json.dumps(given["polygon"]) if given.get("polygon") else "",
        )
    except (ValueError, TypeError) as error:
        raise InputRefused(
            "the fence's level is one of {levels} and its days are written 2022-03-01; correct it",
            levels=", ".join(RiskLevel),
        ) from error


def _day(written: Any) -> int:  # noqa: ANN401 - whatever stood in the file
    return day_number(date.fromisoformat(written))


def _plain(one: RiskArea) -> Answer:
    fence = one.fence
    return {
        "risk_area": one.risk_area_id,
        "version": one.version,
        "disease": fence.disease,
        "level": fence.level,
        "from": calendar_day(fence.from_day).isoformat(),
        "to": None if fence.to_day is None else calendar_day(fence.to_day).isoformat(),
        "is_lifted": one.is_lifted,
    }
