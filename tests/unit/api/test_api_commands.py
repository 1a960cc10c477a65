"""What the command line does can be done over HTTP: each command names its routes, or why it has none (issue 7)."""

from collections.abc import Iterator
from datetime import datetime

import click
import pytest
import typer
from api_callers import Api

from ringfence.cli.app import app
from ringfence.store import Store

OF_THE_MACHINE = "it acts on the folder of a deployment, before or beside its server"
OF_FILES = "it works on files alone and needs no deployment"
BESIDE_THE_KEYS = "lists are signed where their keys lie; terminals fetch what was published: GET /gate-lists/{kind}"
AT_THE_DESK = "events come in, and lots are traced, at the desk; EPCIS's own REST interface is not there yet"
IN_THE_ROOM = "it writes a file beside its user; the console's room of sentinels shows the same"
OF_TRAINING = "it writes labels for training a model, which is done beside the keys and never over the network"
OF_A_DEMO = "it makes a city up for somebody to look at"

COMMANDS: dict[str, tuple[str, ...] | str] = {
    "init": OF_THE_MACHINE,
    "serve": OF_THE_MACHINE,
    "upgrade": OF_THE_MACHINE,
    "rotate-keys": OF_THE_MACHINE,
    "city": OF_A_DEMO,
    "demo": OF_A_DEMO,
    "receive": ("POST /feeds/{feed_name}/files",),
    "respond": ("POST /responses",),
    "trace": ("GET /rings/{what}/{number}",),
    "account": ("POST /account-days",),
    "forget": ("POST /forgetting", "POST /retention"),
    "chains": ("GET /chains/{disease}",),
    "follow-up run": ("POST /follow-up-days",),
    "follow-up record": ("POST /follow-ups/records",),
    "audit verify": ("POST /ledger/verification",),
    "audit heads": ("POST /ledger/heads",),
    "audit lines": ("GET /ledger",),
    "export make": ("POST /exports", "GET /exports"),
    "export form": ("POST /forms",),
    "export ask": ("POST /exports/proposals",),
    "export sign": ("POST /exports/proposals/{approval_id}/sign",),
    "feeds declare": ("POST /declared-feeds",),
    "feeds suggest": ("POST /feed-suggestions",),
    "feeds propose": ("GET /feed-proposals/{system}",),
    "feeds list": ("GET /declared-feeds",),
    "feeds due": ("POST /feed-checks",),
    "feeds withdraw": ("POST /batches/{batch_no}/withdraw",),
    "feeds batches": ("GET /batches",),
    "feeds rejects export": ("POST /batches/{batch_no}/rejects",),
    "areas publish": ("PUT /areas",),
    "areas list": ("GET /areas",),
    "fences plan": ("POST /risk-areas/plan",),
    "fences propose": ("POST /risk-areas/proposals",),
    "fences propose-lifting": ("POST /risk-areas/{risk_area_id}/lifting-proposals",),
    "fences publish": ("POST /risk-areas/versions",),
    "fences lift": ("POST /risk-areas/{risk_area_id}/lift",),
    "fences list": ("GET /risk-areas",),
    "link run": OF_FILES,
    "link dedupe": OF_FILES,
    "link key": OF_FILES,
    "link hash": OF_FILES,
    "link match": OF_FILES,
    "link review list": ("GET /link-reviews", "GET /link-decisions"),
    "link review show": ("GET /link-reviews/{review_no}",),
    "link review decide": ("POST /link-reviews/{review_no}/decide",),
    "link review undo": ("POST /link-reviews/{review_no}/undo",),
    "link review labels": OF_TRAINING,
    "link review calibration": ("GET /link-calibration",),
    "gate publish": BESIDE_THE_KEYS,
    "gate verify": OF_FILES,
    "gate rules": OF_FILES,
    "gate issue": OF_FILES,
    "coldchain capture": AT_THE_DESK,
    "coldchain check": OF_FILES,
    "coldchain convert": OF_FILES,
    "coldchain hash": OF_FILES,
    "coldchain sheet": AT_THE_DESK,
    "coldchain trace": AT_THE_DESK,
    "sentinel detect": OF_FILES,
    "sentinel detectors": OF_FILES,
    "sentinel run": ("POST /follow-up-days",),
    "sentinel report": IN_THE_ROOM,
    "seal keys root": OF_FILES,
    "seal keys signer": OF_FILES,
    "seal trust publish": OF_FILES,
    "seal trust compare": OF_FILES,
    "policy show": ("GET /policy",),
    "policy draft": ("GET /policy/text",),
    "policy plan": ("POST /policy/plan",),
    "policy propose": ("POST /policy/proposals",),
    "policy approve": ("POST /approvals/{approval_id}/approve", "POST /approvals/{approval_id}/decline"),
    "policy publish": ("POST /policy/versions",),
    "signal raise": ("POST /signals",),
    "signal list": ("GET /signals",),
    "signal verify": ("POST /signals/{signal_id}/verify",),
    "signal dismiss": ("POST /signals/{signal_id}/dismiss",),
    "signal reopen": ("POST /signals/{signal_id}/reopen",),
    "signal withdraw": ("POST /signals/{signal_id}/withdraw",),
    "tasks messages": ("GET /proposed-messages",),
    "tasks list": ("GET /tasks",),
    "tasks ack": ("POST /tasks/acknowledge",),
    "tasks done": ("POST /tasks/close",),
    "tasks tried": ("POST /tasks/attempts",),
    "orders draft": ("POST /signals/{signal_id}/orders",),
    "orders sign": ("POST /orders/sign",),
    "orders list": ("GET /orders",),
    "disputes raise": ("POST /disputes",),
    "disputes link": ("POST /contests",),
    "disputes list": ("GET /disputes",),
    "disputes answer": ("POST /disputes/{dispute_id}/uphold", "POST /disputes/{dispute_id}/reject"),
    "people sheet": ("POST /people/{person_no}/sheets",),
    "looks plant": ("POST /canaries",),
    "looks draw": ("POST /look-reviews/draws",),
    "looks list": ("GET /look-reviews",),
    "looks judge": ("POST /look-reviews/{review_id}/answer",),
    "users add": ("POST /users",),
    "users grant": ("POST /grants",),
    "users password": ("POST /users/{user_id}/password",),
    "users list": ("GET /users",),
    "users import": ("POST /units/workbooks",),
    "users link": ("POST /users/{user_id}/links",),
    "users phone": ("POST /units/{unit_id}/phone-links",),
    "users sign-out": ("POST /users/{user_id}/sign-out",),
    "users forgive": ("POST /users/{user_id}/forgiveness",),
}


def commands_of(command: click.Command, *above: str) -> Iterator[str]:
    """Every command by the words it is called with."""
    below = getattr(command, "commands", None)
    if below is None:
        yield " ".join(above)
        return
    for name, one in below.items():
        yield from commands_of(one, *above, name)


def test_every_command_names_its_routes_or_the_reason_it_has_none() -> None:
    assert set(commands_of(typer.main.get_command(app))) == set(COMMANDS)


@pytest.fixture
def described(staffed: Store, now: datetime) -> set[str]:
    """Every route of the description."""
    paths = Api(staffed, now).app.openapi()["paths"]
    return {f"{method.upper()} {path.removeprefix('/api/v1')}" for path, methods in paths.items() for method in methods}


def test_every_route_that_a_command_names_is_described(described: set[str]) -> None:
    named = {route for routes in COMMANDS.values() if not isinstance(routes, str) for route in routes}
    assert named <= described
