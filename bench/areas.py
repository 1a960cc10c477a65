"""Fences: a million points against a thousand polygons beside shapely's own tree, and a fence put in force.

    python bench/areas.py [--points 1000000] [--fences 1000] [--full]

A fence around one township of a city is published: from the approved plan until everybody who came from there is
listed or counted below the cut and every task is written. 300,000 residents and 200,000 visits of a day; --full: 3
and 2 million.
The cost is one sort of the points, then for each fence the points in its strip of longitude: it grows with the points
times the share of the map that a strip covers, and with what lies inside.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import shapely

from ringfence import access, areas, flow, policy, stewardship
from ringfence.areas import find_points_inside, read_polygon
from ringfence.store import Act, Batch, Store, commit_batch, open_store
from ringfence.terms import (
    SYSTEM,
    Actor,
    Duty,
    Fence,
    Grant,
    Level,
    PlaceKind,
    RecordKind,
    RiskLevel,
    Role,
    TaskKind,
    Unit,
    cell,
)
from ringfence.work import put_duties, put_units

ZONE = "Asia/Shanghai"
PASSWORD = "only for the bench"  # noqa: S105 - of a deployment that exists for the length of a bench
COUNTIES, TOWNSHIPS, PLACES, CAPACITY = 10, 40, 20_000, 500
FIRST, SECOND = Actor("first"), Actor("second")


def main() -> None:
    """Make points and fences, find who is inside twice, and compare."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--points", type=int, default=1_000_000)
    asked.add_argument("--fences", type=int, default=1_000)
    asked.add_argument("--full", action="store_true", help="3 million residents and 2 million visits")
    sizes = asked.parse_args()
    rng = np.random.default_rng(1)
    longitude, latitude = rng.uniform(113, 115, sizes.points), rng.uniform(39, 41, sizes.points)
    shapes = [read_polygon(outline(rng)) for _ in range(sizes.fences)]

    began = time.perf_counter()
    of_shape, points = find_points_inside(shapes, longitude, latitude)
    ours = time.perf_counter() - began

    began = time.perf_counter()
    tree = shapely.STRtree(shapes)
    found, near = tree.query(shapely.points(longitude, latitude), predicate="within")
    theirs = time.perf_counter() - began

    same = set(zip(of_shape.tolist(), points.tolist(), strict=True)) == set(
        zip(near.tolist(), found.tolist(), strict=True)
    )
    print(f"{sizes.points:,} points x {sizes.fences:,} fences: {points.size:,} pairs inside, the same by both: {same}")
    print(f"find_points_inside {ours:.2f} s; shapely's STRtree {theirs:.2f} s; {theirs / ours:.1f}x (reach: 2 s)")

    scale = 10 if sizes.full else 1
    fence(300_000 * scale, 200_000 * scale)


def fence(people: int, movements: int) -> None:
    """Publish a fence around a township in a city of so many, and say how long it took until its tasks were written."""
    now = datetime(2022, 3, 2, 9, tzinfo=ZoneInfo(ZONE))
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside)
        stewardship.make_deployment(
            folder / "city", zone=ZONE, database="", administrator="admin", password=PASSWORD, now=now,
            first_policy=policy.read_defaults(),
        )  # fmt: skip
        store = open_store(folder / "city")
        lay_out(store, folder, people=people, movements=movements, now=now)
        today = store.clock.day_of(now)
        drawn = Fence(disease="covid19", level=RiskLevel.HIGH, from_day=today, area_codes=(township(0),))
        plan = flow.plan_fence(store, drawn, risk_area_id=None)
        number = store.act(lambda act: access.propose(act, plan, area_path="1/"), actor=FIRST, now=now)
        store.act(lambda act: access.approve(act, number, area_path="1/"), actor=SECOND, now=now)
        began, busy = time.perf_counter(), time.process_time()
        _, done = flow.publish_fence(store, drawn, risk_area_id=None, approval_id=number, actor=FIRST, now=now, seed=1)
        took, worked = time.perf_counter() - began, time.process_time() - busy
        store.close()
    print(
        f"fence over {people:,} residents and {movements:,} visits of a day: {done.found:,} found, {done.listed:,} "
        f"listed, {done.tasks:,} tasks in {took:.1f} s ({worked:.1f} s of processor; reach: 10 s)"
    )


def township(number: int) -> str:
    """The code of a township."""
    return f"1{number // TOWNSHIPS:02}{number % TOWNSHIPS:02}"


def lay_out(store: Store, folder: Path, *, people: int, movements: int, now: datetime) -> None:
    """Areas, officers, a unit in each township, places, and the records of where people live and were yesterday."""
    lines = ["code,name,level,parent_code", "1,city,city,"]
    lines += [f"1{n:02},county {n},county,1" for n in range(COUNTIES)]
    lines += [f"{township(n)},township {n},township,1{n // TOWNSHIPS:02}" for n in range(COUNTIES * TOWNSHIPS)]
    (folder / "areas.csv").write_text("\n".join(lines), encoding="utf-8")
    stewardship.publish_areas(store, folder / "areas.csv", actor=Actor("admin"), now=now)
    hierarchy, today = areas.read_hierarchy(store.desk), store.clock.day_of(now)
    townships = [township(n) for n in range(COUNTIES * TOWNSHIPS)]
    places = [
        areas.PlaceRow(
            place_id=f"p{n}", name=f"p{n}", kind=PlaceKind.SHOP, area_code=townships[n % len(townships)],
            longitude=None, latitude=None, row=n + 1,
        )
        for n in range(PLACES)
    ]  # fmt: skip

    def staff(act: Act) -> None:
        for officer in (FIRST, SECOND):
            access.add_user(act, officer.actor_id)
            access.grant_role(act, officer.actor_id, Grant(role=Role.CITY_OFFICER, area_path="1/"))
        access.grant_role(act, "admin", Grant(role=Role.DATA_STEWARD, area_path="1/"))

    def furnish(act: Act) -> None:
        areas.put_places(act, places, areas=hierarchy, batch_no=None)
        units = {
            n: Unit(unit_id=f"u{n}", level=Level.GRID, area_path=hierarchy[code].path,
                    task_kinds=frozenset(TaskKind), daily_capacity=CAPACITY)
            for n, code in enumerate(townships, start=1)
        }  # fmt: skip
        put_units(act, units)
        put_duties(
            act,
            {n: Duty(unit_id=u.unit_id, day=today, from_s=0, to_s=86_400, leader="somebody") for n, u in units.items()},
        )
        act.note("bench.furnished")

    store.act(staff, actor=Actor("admin"), now=now)
    store.act(furnish, actor=Actor("admin"), now=now)
    rng = np.random.default_rng(2)
    person = np.arange(1, people + 1)
    known = {"batch": 1, "recorded_at": 0}
    home = pa.array(townships).take(pa.array(rng.integers(0, len(townships), people)))
    put(store, RecordKind.RESIDENCE, {"person": person, "area": home, "from_day": None, "to_day": None} | known, now)
    visits = {
        "cell": cell(today - 1, 0) + rng.integers(1, PLACES + 1, movements),
        "person": rng.integers(1, people + 1, movements),
        "enter_s": rng.integers(6 * 3600, 22 * 3600, movements),
        "stay_s": rng.integers(300, 5_400, movements),
        "source": 1,
    }
    put(store, RecordKind.VISIT, visits | known, now)


def put(store: Store, kind: RecordKind, columns: Mapping[str, object], now: datetime) -> None:
    """Records of one batch through the store's own door."""
    count = next(len(column) for column in columns.values() if hasattr(column, "__len__"))
    whole = {
        n: column if hasattr(column, "__len__") else pa.repeat(pa.scalar(column), count)
        for n, column in columns.items()
    }
    batch_no = store.act(take_number, actor=SYSTEM, now=now)
    rows = pa.table(whole | {"row": np.arange(1, count + 1)})
    files = store.lake.stage(kind, rows, batch_no=batch_no)

    def commit(act: Act) -> None:
        commit_batch(act, Batch(
            batch_no=batch_no, batch_id=f"bench:{kind}", feed="bench", department="bench", purpose="tracing",
            source_digest="", rows_accepted=count, rows_rejected=0, retain_until_day=None,
        ))  # fmt: skip
        store.lake.commit(act, files)
        act.note("batch.received")

    store.act(commit, actor=SYSTEM, now=now)


def take_number(act: Act) -> int:
    """A batch number."""
    act.note("batch.number_taken")
    return act.take_numbers("batch", 1)


def outline(rng: np.random.Generator) -> str:
    """A star-shaped polygon of 6 to 40 corners somewhere on the map, one to eight kilometres wide."""
    corners = int(rng.integers(6, 40))
    angle = (np.arange(corners) + rng.uniform(0, 0.9, corners)) * 2 * np.pi / corners
    reach = rng.uniform(0.01, 0.08, corners)
    centre = rng.uniform(113, 115), rng.uniform(39, 41)
    ring = [[centre[0] + r * np.cos(a), centre[1] + r * np.sin(a)] for a, r in zip(angle, reach, strict=True)]
    return json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})


if __name__ == "__main__":
    main()
