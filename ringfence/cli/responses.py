"""`ringfence respond` and `trace`: from signals to worklists, and a look at a ring that changes nothing (2.2)."""

import time
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import pyarrow as pa
import typer

from ringfence import flow, trace
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.errors import InputRefused, NotFound
from ringfence.response import Traceable
from ringfence.store import Store
from ringfence.terms import Signal, SignalKind, SignalStatus

RESPONSES = ["signals", "found", "listed", "below", "expected_missed", "tasks", "observations", "missing_rules", "seed"]
RING = ["subject_kind", "subject", "ring", "rules", "minutes", "weight", "first_day", "last_day", "area_path"]
SEED = 20_220_301


class Traced(StrEnum):
    """What the command line traces: whatever can be looked at, and made-up cases."""

    SIGNAL = Traceable.SIGNAL
    CASE = Traceable.CASE
    PERSON = Traceable.PERSON
    PLACE = Traceable.PLACE
    BENCH_QUERY = "bench-query"


class Way(StrEnum):
    """Which way is looked."""

    FORWARD = "forward"
    BACKWARD = "backward"
    BOTH = "both"


def add_commands(app: typer.Typer) -> None:
    """Put these commands into the command line."""
    app.command(help=words("Put everybody at risk from verified signals on a list, or into the count below the cut."))(
        respond
    )
    app.command("trace", help=words("Show who is at risk; nothing changes but the look on the ledger."))(show_ring)


@call
def respond_to(store: Store, asked: Asked, *, signals: list[int], seed: int) -> Answer:
    """Respond."""
    waiting = flow.detect(store, purpose_key="verification", actor=asked.actor, now=asked.now)
    chosen = [one for one in waiting if one.signal_id in signals or (not signals and _is_due(one))]
    missing = sorted(set(signals) - {one.signal_id for one in chosen})
    if missing:
        raise NotFound("there is no open signal {signal_id} in your areas", signal_id=missing[0])
    done = flow.respond(store, chosen, actor=asked.actor, now=asked.now, seed=seed)
    return {"responses": [asdict(one) for one in done]}


@call
def trace_subject(
    store: Store, asked: Asked, *, what: str, number: int, directions: list[str], disease: str, most: int, seed: int
) -> Answer:
    """Draw a ring without any effect."""
    ring = flow.preview(
        store,
        number,
        what=Traceable(what),
        directions=[trace.Direction(one) for one in directions],
        disease=disease,
        actor=asked.actor,
        now=asked.now,
    )
    ranked = trace.rank(ring.exposed.select(trace.EXPOSURES.names), seed=seed).exposures.slice(0, most)
    where = ring.exposed.select(["signal", "subject_kind", "subject", "area_path"])
    rows: pa.Table = ranked.join(where, ["signal", "subject_kind", "subject"]).sort_by("position")
    return {"found": ring.exposed.num_rows, "rows": rows.to_pylist(), "missing_rules": list(ring.missing_rules)}


@call
def bench_query(store: Store, asked: Asked, *, cases: int, seed: int) -> Answer:
    """Trace made-up cases without any effect, and say how long it took."""
    tried = flow.try_trace(store, cases, actor=asked.actor, now=asked.now, seed=seed, ticks=time.perf_counter)
    took = {"trace_s": round(tried.trace_s, 4), "scan_s": round(tried.scan_s, 4)}
    return asdict(tried) | took | {"scans": tried.trace_s / tried.scan_s if tried.scan_s else None}


def respond(
    context: typer.Context,
    signals: Annotated[
        list[int] | None, typer.Argument(help=words("The signals; none for all that were not responded to."))
    ] = None,
    *,
    seed: Annotated[int, typer.Option(help=words("Draws the lot among equals; it is kept with the response."))] = SEED,
) -> None:
    """Respond."""
    frame: Frame = context.obj
    frame.show_rows(frame.ask(respond_to, signals=signals or [], seed=seed)["responses"], RESPONSES)


def show_ring(
    context: typer.Context,
    kind: Annotated[Traced, typer.Argument(help=words("What is traced; bench-query: how long made-up cases take."))],
    number: Annotated[int | None, typer.Argument(help=words("Its number."))] = None,
    *,
    cases: Annotated[int, typer.Option(help=words("How many made-up cases bench-query traces."), min=1)] = 50,
    direction: Annotated[
        Way, typer.Option(help=words("Whom the case may have infected, who may have infected the case, or both."))
    ] = Way.FORWARD,
    disease: Annotated[str, typer.Option(help=words("For which disease a person or place is looked at."))] = "",
    most: Annotated[int, typer.Option(help=words("How many to show, the heaviest first."), min=1)] = 20,
) -> None:
    """Preview."""
    frame: Frame = context.obj
    if kind is Traced.BENCH_QUERY:
        frame.show(
            frame.ask(bench_query, cases=cases, seed=SEED),
            "{cases} made-up cases: {exposures} at risk, {trace_s} s; a scan of all visits in sight takes {scan_s} s",
        )
        return
    if number is None:
        raise InputRefused("say the number of the {kind} to trace", kind=kind)
    ways = list(trace.Direction) if direction is Way.BOTH else [direction.value]
    asked = {"what": kind, "number": number, "directions": ways, "disease": disease, "most": most, "seed": SEED}
    answer = frame.ask(trace_subject, **asked)
    if frame.wants_json:
        frame.show(answer, "")
        return
    frame.show_rows(answer["rows"], RING)
    frame.show(answer, "{found} at risk in all. Rules the protocol asks for and nobody has yet: {missing_rules}")


def _is_due(signal: Signal) -> bool:
    """Whether a signal waits for its first response: a verified case, or a positive tube, which waits for nobody."""
    if signal.responded_at is not None:
        return False
    return signal.status is SignalStatus.VERIFIED or signal.kind is SignalKind.POSITIVE_POOL
