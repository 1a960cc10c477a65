"""`ringfence orders`: proposed by the system, decided by a named officer, ending by themselves (policy 2.6)."""

import typer

from ringfence import access, flow, response, work
from ringfence.cli.calls import THIS_MACHINE, Answer, Asked, call
from ringfence.cli.frame import Frame, ask_password
from ringfence.cli.words import words
from ringfence.store import Store
from ringfence.terms import Order, calendar_day

app = typer.Typer(help=words("Orders: a measure on a person, decided by a named officer."), no_args_is_help=True)

COLUMNS = ["order", "person", "measure", "day_zero", "from_day", "review_day", "to_day", "status", "signed_by"]


@call
def draft_orders(store: Store, asked: Asked, *, signal: int) -> Answer:
    """Propose."""
    drafted = flow.draft_orders(store, signal, actor=asked.actor, now=asked.now)
    rest = response.read_left_to(store, signal, actor=asked.actor, now=asked.now)
    return {"orders": drafted, "left_to": [{"area": one.area.code, "people": one.people} for one in rest]}


@call
def sign_orders(store: Store, asked: Asked, *, orders: list[int], password: str) -> Answer:
    """Decide, as the one whose password it is."""
    access.confirm_password(store, asked.actor.actor_id, password=password, address=THIS_MACHINE, now=asked.now)
    count = store.act(lambda act: work.sign_orders(act, orders, clock=store.clock), actor=asked.actor, now=asked.now)
    return {"count": count}


@call
def list_orders(store: Store, asked: Asked) -> Answer:
    """What waits and what is in force."""
    purpose = access.read_purpose(store.desk, "measures", now=asked.now)
    scope = access.read_scope(store.desk, asked.actor, purpose, now=asked.now)
    return {"orders": [_plain(order) for order in work.list_orders(store.desk, scope=scope)]}


@app.command(help=words("Propose the protocol's measures for everybody listed for a signal."))
def draft(context: typer.Context, signal: int) -> None:
    """Draft."""
    frame: Frame = context.obj
    answer = frame.ask(draft_orders, signal=signal)
    frame.show({**answer, "count": len(answer["orders"])}, "{count} order(s) drafted; an officer decides.")
    for rest in [] if frame.wants_json else answer["left_to"]:  # as JSON they stand in the answer
        frame.show({**rest, "people": rest["people"] or "-"}, "Area {area} proposes for its own: {people} people.")


@app.command(help=words("Sign orders, as the named officer you are."))
def sign(context: typer.Context, orders: list[int]) -> None:
    """Sign."""
    frame: Frame = context.obj
    password = ask_password(frame.actor.actor_id)
    frame.show(frame.ask(sign_orders, orders=orders, password=password), "{count} order(s) signed.")


@app.command("list", help=words("The orders of your areas that wait for a decision or are in force."))
def show(context: typer.Context) -> None:
    """List."""
    frame: Frame = context.obj
    frame.show_rows(frame.ask(list_orders)["orders"], COLUMNS)


def _plain(order: Order) -> Answer:
    days = {name: calendar_day(getattr(order, name)).isoformat() for name in COLUMNS[3:7]}
    return {
        "order": order.order_id,
        "person": order.person_no,
        "measure": order.measure,
        "status": order.status,
        "signed_by": order.signed_by,
        **days,
    }
