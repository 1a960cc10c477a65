"""`ringfence signal`: raise, list, verify, dismiss, withdraw; nothing starts without a signal (policy 2.2)."""

from collections.abc import Callable
from typing import Annotated
from uuid import uuid4

import typer

from ringfence import access, areas, flow, signals
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.store import Act, Store
from ringfence.terms import Reason, ReasonCode, Signal, SignalKind, SignalStatus, Subject, SubjectKind

app = typer.Typer(
    help=words("Signals: raised, then verified, dismissed or withdrawn with a reason."), no_args_is_help=True
)

COLUMNS = ["signal", "kind", "subject", "disease", "status", "area", "raised_at", "raised_by"]
DECISIONS: dict[str, Callable[..., Signal]] = {"verify": signals.verify_signal, "reopen": signals.reopen_signal}
TAKEN_BACK: dict[str, Callable[..., list[int]]] = {"dismiss": flow.dismiss, "withdraw": flow.withdraw}


@call
def raise_signal(
    store: Store, asked: Asked, *, kind: str, subject_kind: str, subject_key: str, disease: str, area: str, origin: str
) -> Answer:
    """Raise one."""
    path = areas.path_of(areas.read_hierarchy(store.desk), area)

    def raise_one(act: Act) -> Signal:
        return signals.raise_signal(
            act,
            kind=SignalKind(kind),
            subject=Subject(SubjectKind(subject_kind), subject_key),
            disease=disease,
            area_path=path,
            reason=Reason.of(ReasonCode.SAID_BY, actor=asked.actor.actor_id),
            origin=origin,
        )

    return _plain(store.act(raise_one, actor=asked.actor, now=asked.now))


@call
def decide_signal(store: Store, asked: Asked, *, signal: int, decision: str) -> Answer:
    """Decide on one."""
    reason = Reason.of(ReasonCode.SAID_BY, actor=asked.actor.actor_id)
    decided = store.act(lambda act: DECISIONS[decision](act, signal, reason=reason), actor=asked.actor, now=asked.now)
    return _plain(decided)


@call
def take_signal_back(store: Store, asked: Asked, *, signal: int, decision: str) -> Answer:
    """Dismiss or withdraw one, with everything that only it justified."""
    reason = Reason.of(ReasonCode.SAID_BY, actor=asked.actor.actor_id)
    tasks = TAKEN_BACK[decision](store, signal, reason=reason, actor=asked.actor, now=asked.now)
    status = SignalStatus.DISMISSED if decision == "dismiss" else SignalStatus.WITHDRAWN
    return {"signal": signal, "status": status, "tasks": tasks}


@call
def list_signals(store: Store, asked: Asked) -> Answer:
    """Those of the asker's areas."""
    purpose = access.read_purpose(store.desk, "verification", now=asked.now)
    scope = access.read_scope(store.desk, asked.actor, purpose, now=asked.now)
    return {"signals": [_plain(signal) for signal in signals.list_signals(store.desk, scope=scope)]}


@app.command("raise", help=words("Raise a signal by hand: a call, a report, an inspector's word."))
def raise_by_hand(
    context: typer.Context,
    kind: SignalKind,
    *,
    subject: Annotated[str, typer.Option(help=words("Whom or what it is about, such as person:12 or place:7."))],
    disease: str,
    area: Annotated[str, typer.Option(help=words("The code of the area that works on it."))],
    origin: Annotated[str, typer.Option(help=words("Where it came from; the same origin raises one signal."))] = "",
) -> None:
    """Raise."""
    frame: Frame = context.obj
    subject_kind, _, subject_key = subject.partition(":")
    values = {"kind": kind, "subject_kind": subject_kind, "subject_key": subject_key, "disease": disease, "area": area}
    answer = frame.ask(raise_signal, **values, origin=origin or f"hand:{uuid4()}")
    frame.show(answer, "Signal {signal} is {status}.")


@app.command("list", help=words("The signals of your areas, newest first."))
def show(context: typer.Context) -> None:
    """List."""
    frame: Frame = context.obj
    frame.show_rows(frame.ask(list_signals)["signals"], COLUMNS)


def _add_decision(decision: str, help_text: str) -> None:
    function = take_signal_back if decision in TAKEN_BACK else decide_signal

    @app.command(decision, help=help_text)
    def decide(context: typer.Context, signal: int) -> None:
        frame: Frame = context.obj
        frame.show(frame.ask(function, signal=signal, decision=decision), "Signal {signal} is {status}.")


_add_decision("verify", words("The signal is real: there may be a response."))
_add_decision("dismiss", words("The signal is not real; it stays on record."))
_add_decision("reopen", words("New evidence on something dismissed."))
_add_decision("withdraw", words("The signal was wrong after all; what only it justified is released."))


def _plain(signal: Signal) -> Answer:
    return {
        "signal": signal.signal_id,
        "kind": signal.kind,
        "subject": str(signal.subject),
        "disease": signal.disease,
        "status": signal.status,
        "area": signal.area_path,
        "raised_at": signal.raised_at.isoformat(),
        "raised_by": signal.raised_by,
        "responded_at": None if signal.responded_at is None else signal.responded_at.isoformat(),
    }
