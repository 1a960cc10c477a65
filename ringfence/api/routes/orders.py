"""Orders: proposed by the system, decided by a named officer, ending by themselves (policy 2.6)."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel

from ringfence import access, flow, response, store, work
from ringfence.api.answers import check_unchanged
from ringfence.api.caller import Look, looks_for, purposes_of
from ringfence.api.lists import add_list
from ringfence.api.once import Said, act_once, flow_once, said_row
from ringfence.api.routes.bodies import Count, Ground, Numbers, Password, shown
from ringfence.api.routes.sessions import address_of
from ringfence.api.rows import Number
from ringfence.policy import Permission
from ringfence.signals import SIGNALS
from ringfence.store import Act, read_row_in
from ringfence.terms import Order
from ringfence.work import ORDERS

router = APIRouter(tags=["orders"])

Measuring = Annotated[Look, Depends(looks_for("measures"))]
MEASURES = purposes_of("measures")

OrderRow = add_list(
    router,
    "/orders",
    ORDERS,
    purposes=("measures", "follow_up"),
    summary="The measures on persons of your areas, the next to end first",
    single="One order",
)


class LeftTo(BaseModel):
    """People of other areas, for whom officers there propose orders; no count where they are too few to be told."""

    model_config = shown(area="140212", people=17)

    area: str
    people: int | None


class Drafted(BaseModel):
    """The orders proposed in your areas, an officer decides; and with whom the rest lies."""

    model_config = shown(orders=[17, 18], left_to=[LeftTo.model_config["json_schema_extra"]["examples"][0]])  # type: ignore[index]

    orders: list[int]
    left_to: list[LeftTo]


class Signed(BaseModel):
    """Orders to sign, and the signer's password: a signature is theirs alone."""

    model_config = shown(orders=[17, 18], password="correct horse")  # noqa: S106 - an example opens nothing

    orders: Numbers
    password: Password


@router.post(
    "/signals/{signal_id}/orders",
    response_model=Drafted,
    summary="Propose the protocol's measures for everybody of your areas listed for a signal",
    openapi_extra=MEASURES,
)
def draft_orders(look: Measuring, signal_id: Annotated[Number, Path(alias="signal_id")]) -> Response:
    """Whose link is not certain is left out: somebody asks at the door first."""
    caller = look.caller
    signal = store.read_row(caller.store.desk, SIGNALS, signal_id, scope=look.scope)
    caller.store.act(
        lambda act: access.check_can(act, Permission.ORDER_DRAFT, area_path=signal["area_path"]),
        actor=caller.actor,
        now=caller.now,
    )

    def draft() -> Said:
        orders = flow.draft_orders(caller.store, signal_id, actor=caller.actor, now=caller.now)
        rest = response.read_left_to(caller.store, signal_id, actor=caller.actor, now=caller.now)
        return Said({"orders": orders, "left_to": [{"area": one.area.code, "people": one.people} for one in rest]})

    return flow_once(caller, draft)


@router.post(
    "/orders/sign", response_model=Count, summary="Sign orders, as the named officer you are", openapi_extra=MEASURES
)
def sign_orders(request: Request, look: Measuring, signed: Signed) -> Response:
    """All of them or none. Who drafted one cannot sign it."""
    caller = look.caller
    store.check_listed(caller.store.desk, ORDERS, signed.orders, scope=look.scope)
    access.confirm_password(
        caller.store, caller.actor.actor_id, password=signed.password, address=address_of(request), now=caller.now
    )
    clock = caller.store.clock
    return act_once(caller, lambda act: Said({"count": work.sign_orders(act, signed.orders, clock=clock)}))


def _add_decision(step: str, decide_order: Callable[..., Order], summary: str) -> None:
    def decide(
        request: Request, look: Measuring, order_id: Annotated[Number, Path(alias="order_id")], ground: Ground
    ) -> Response:
        caller = look.caller
        store.read_row(caller.store.desk, ORDERS, order_id, scope=look.scope)

        def run(act: Act) -> Said:
            check_unchanged(act, ORDERS, order_id, request=request)
            decide_order(act, order_id, reason=ground.to_reason(caller.actor))
            return said_row(read_row_in(act, ORDERS, order_id), caller)

        return act_once(caller, run)

    router.add_api_route(
        f"/orders/{{order_id}}/{step}",
        decide,
        methods=["POST"],
        name=f"{step}_order",
        summary=summary,
        response_model=OrderRow,
        openapi_extra=MEASURES,
    )


_add_decision("decline", work.decline_order, "The proposed measure shall not hold")
_add_decision("release", work.release_order, "A measure in force ends now")
