"""One of everything in the small town, so that every page of the console has something to show."""

import re
from urllib.parse import urlsplit

import pyarrow as pa
from small_town import CHIEF, COUNTY, DAY, Town

from ringfence import access, areas, flow, redress, work
from ringfence.console.room import Room
from ringfence.link import put_reviews
from ringfence.store import Act
from ringfence.terms import (
    Actor,
    Contested,
    ContestedKind,
    DisputeGround,
    DisputeWay,
    Fence,
    Grant,
    RiskLevel,
    Role,
    SignalKind,
)

WORKER = access.Member(user_id="li", unit_id="111-g1", role=Role.GRID_WORKER)
SECOND = Actor("second")

WEIGHTS = [-22.0, 9.5, 14.0, 0, 0.5, 0, -0.5]
"""What each field of the pair weighs."""


def shape(address: str) -> str:
    """The path of an address, whatever number stands in it."""
    return re.sub(r"\d+", "0", urlsplit(address).path)


def addresses(room: Room) -> set[str]:
    """The shapes of a room's pages."""
    return {f"/{room.key}{path}".replace("{number:int}", "0") for path in room.pages}


CLINIC = areas.SiteRow(site_id="F1", name="子镇发热门诊", kind="fever_clinic", area_code="111", row=1)


def lay_one_of_everything(town: Town) -> str:
    """One of everything that no link leads to in the small town; the token of a unit's registered phone."""
    town.respond()
    [signal] = [one for one in town.signals() if one.kind is SignalKind.POSITIVE_TEST]
    orders = flow.draft_orders(town.store, signal.signal_id, actor=COUNTY, now=town.now)
    town.act(lambda act: work.sign_order(act, orders[0], clock=town.store.clock), CHIEF)
    lay_fence(town)

    def lay(act: Act) -> str:
        pair = {"person_no": [1], "candidate_no": [2], "weight": [1.5], "margin": [4.0]}
        put_reviews(
            act, pa.table({**pair, "probability": [0.84], "model": ["han-1"], "weights": [WEIGHTS]}), batch_no=1
        )
        access.put_members(act, [WORKER], clock=town.store.clock)
        areas.put_sites(act, [CLINIC], areas=areas.read_hierarchy(town.store.desk), batch_no=None)
        purpose = access.read_purpose(town.store.desk, "outreach", now=town.now)
        act.note("person.looked_at", purpose=purpose, ids=(1,))
        return access.make_device_link(act, WORKER.unit_id, clock=town.store.clock)

    link = town.act(lay, Actor("administrator"))
    contested = Contested(ContestedKind.TASK, town.rows("select min(task_id) from visible_task")[0][0])
    said = {"ground": DisputeGround.WRONG, "way": DisputeWay.PHONE}
    redress.raise_dispute(town.store, contested, **said, actor=COUNTY, now=town.now)
    flow.hold_to_account(town.store, day=town.store.clock.day_of(town.now), actor=CHIEF, now=town.now)
    redress.draw_reviews(town.store, seed=1, actor=Actor("auditor"), now=town.now + 7 * DAY)
    access.set_pin(town.store, WORKER.user_id, pin="271828", actor=Actor(WORKER.user_id), now=town.now)
    return access.register_device(town.store, link, now=town.now).token


def lay_fence(town: Town) -> None:
    def appoint(act: Act) -> None:
        access.add_user(act, SECOND.actor_id)
        access.grant_role(act, SECOND.actor_id, Grant(role=Role.CITY_OFFICER, area_path="1/"))

    town.act(appoint, Actor("administrator"))
    today = town.store.clock.day_of(town.now)
    fence = Fence(disease="covid19", level=RiskLevel.HIGH, from_day=today, area_codes=("111",))
    plan = flow.plan_fence(town.store, fence, risk_area_id=None)
    number = town.act(lambda act: access.propose(act, plan, area_path="1/"), CHIEF)
    town.act(lambda act: access.approve(act, number), SECOND)
    flow.publish_fence(town.store, fence, risk_area_id=None, approval_id=number, actor=CHIEF, now=town.now, seed=1)
