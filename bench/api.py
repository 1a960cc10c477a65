"""What the API costs: lists of 300,000 rows, an import, bulk edits, an export, and officers paging at once.

Lists, imports and edits go through the application in this process; paging goes over a socket to a server of its own.
The import is of 1,000 contacts that ten cases named, beside 45,000 cases and the 85,000 follow-ups of contacts; who
they are is linked to a register of residents. Each officer asks for a page every few seconds.
Beside each figure stands what is to be reached, and what it took of a processor, for machines are shared.
"""

import argparse
import asyncio
import csv
import multiprocessing
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from fastapi.testclient import TestClient

from ringfence import areas, stewardship
from ringfence.access import RateLimit, add_user, grant_role
from ringfence.access.sessions import SignInWay, open_session
from ringfence.api import make_api
from ringfence.policy import Policy, read_in_force
from ringfence.store import Act, Store, open_store
from ringfence.terms import SYSTEM, Actor, Grant, Role, day_number

NOW = datetime(2022, 3, 1, 4, tzinfo=UTC)
_FAMILY, _GIVEN = "王李张刘陈杨赵黄周吴", "明芳伟娜静强磊洋艳勇"
TODAY = day_number(NOW.date())
PASSWORD = "cold iron fence"  # noqa: S105 - it opens a deployment that is gone after the run
LIST_MS, PAGING_MS, GROWN_MB = 100, 300, 10
"""What is to be reached at the 95th percentile; a server's memory may grow so much from the middle on."""

IMPORT_S, BULK_S = 1, 1

ROLES = (Role.CITY_OFFICER, Role.COUNTY_OFFICER, Role.TOWNSHIP_OFFICER, Role.GRID_WORKER, Role.DATA_STEWARD)

INSERT_UNIT = """
insert into unit (unit_id, area_code, area_path, level, daily_capacity, task_kinds, recorded_at)
values (:unit, '1', '1/', 'city', 1000, 'visit', 1)
"""

INSERT_TASK = """
insert into task (task_id, subject_kind, subject_key, kind, owner, area_path, status, level, weight, reason, opened_at,
    due_at, due_day, outcome, recorded_at)
values (:task_id, 'person', :key, :kind, 'unit-1', :area_path, :status, 'grid', :weight,
    '{"actor":"bench","code":"said_by"}', 1, :due_at, 1, :outcome, 1)
"""

INSERT_CASE = """
insert into case_episode (person_no, disease, episode, classification, reported_at, is_imported, area_path, recorded_at)
values (:person, 'covid19', 1, 'confirmed', 1, false, '1/11/1101/', 1)
"""

INSERT_FOLLOW_UP = """
insert into follow_up (person_no, disease, ring, day_zero, from_day, to_day, status, unit_id, area_path, recorded_at)
values (:person, 'covid19', 1, :day, :day, :day + 7, 'follow_up', 'unit-1', '1/11/1101/', 1)
"""


def make_city(folder: Path, database: str) -> None:
    """A deployment with eleven counties of twelve townships, an account for each role, and two units."""
    stewardship.make_deployment(
        folder, zone="Asia/Shanghai", database=database, administrator="admin", password=PASSWORD, now=NOW
    )
    rows = [(1, "1", "city", "city", "")]
    rows += [(n, str(n), f"county {n}", "county", "1") for n in range(11, 22)]
    rows += [(n, f"{n}{town:02}", "town", "township", str(n)) for n in range(11, 22) for town in range(12)]
    found = areas.lay_paths(rows, file="bench")

    def staff(act: Act) -> None:
        areas.publish_areas(act, found, areas.plan_areas(store.desk, found))
        for role in ROLES:
            add_user(act, role)
            grant_role(act, role, Grant(role=role, area_path="1/"))
        act.run_many(INSERT_UNIT, [{"unit": "unit-1"}, {"unit": "unit-2"}])

    with closing(open_store(folder)) as store:
        store.act(staff, actor=Actor("admin"), now=NOW)


def put_tasks(store: Store, count: int) -> None:
    """Tasks over all townships, one in twenty-five of them still to be done."""
    draw = random.Random(7)
    paths = [f"1/{county}/{county}{town:02}/" for county in range(11, 22) for town in range(12)]
    rows = [
        {
            "task_id": number,
            "key": str(number % 200_000),
            "kind": draw.choices(["visit", "call", "recall"], [666, 333, 1])[0],
            "area_path": draw.choice(paths),
            "status": status,
            "outcome": "reached" if status == "done" else None,
            "weight": draw.random(),
            "due_at": 1_646_000_000_000_000 + draw.randrange(10**12),
        }
        for number in range(1, count + 1)
        for status in [draw.choices(["open", "acknowledged", "done"], [2, 2, 96])[0]]
    ]

    def put(act: Act) -> None:
        act.run_many(INSERT_TASK, rows)
        act.note("bench.tasks", count=count)

    store.act(put, actor=Actor("admin"), now=NOW)
    if store.desk.engine.dialect.name == "postgresql":
        with store.desk.engine.connect() as connection:
            connection.exec_driver_sql("analyze")
            connection.commit()


def put_base(store: Store, cases: int, contacts: int) -> None:
    """Cases and followed-up contacts to import beside."""

    def put(act: Act) -> None:
        act.run_many(INSERT_CASE, [{"person": 10_000_000 + n} for n in range(cases)])
        act.run_many(INSERT_FOLLOW_UP, [{"person": 20_000_000 + n, "day": TODAY} for n in range(contacts)])
        act.note("bench.base", count=cases + contacts)

    store.act(put, actor=Actor("admin"), now=NOW)


def open_token(store: Store, user: str) -> dict[str, str]:
    """The header of a new session of an account."""
    rules = Policy(read_in_force(store.desk, now=NOW), TODAY)
    opened = store.act(
        lambda act: open_session(act, user, way=SignInWay.PASSWORD, address_digest="bench", policy=rules),
        actor=SYSTEM,
        now=NOW,
    )
    return {"Authorization": f"Bearer {opened.token}"}


def p95(times: list[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return 1_000 * statistics.quantiles(times, n=20)[-1]


def seconds(work: Callable[[], object]) -> float:
    """How long some work takes on the wall."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measured(work: Callable[[], object]) -> str:
    """How long some work takes on the wall and of a processor, in words."""
    began, worked = time.perf_counter(), time.process_time()
    work()
    return f"{time.perf_counter() - began:.3f} s ({time.process_time() - worked:.3f} s of a processor)"


def memory_mb() -> float:
    """What this process has in memory now."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


def measure_lists(http: TestClient, store: Store, rounds: int) -> None:
    """First pages of the list of tasks, for a reader of the city, of a county and of a township."""
    headers = open_token(store, Role.CITY_OFFICER)
    asked = {
        "first page": "",
        "to be done": "&waiting=true",
        "sorted by weight": "&sort=-weight",
        "rare kind": "&kind=recall",
        "of nobody": "&person=none",
        "late, by weight": "&sort=weight&due_before=2022-02-28T00:00:00Z",
    }
    worst = 0.0
    for reader, area in (("city", ""), ("county", "&area=11"), ("township", "&area=1103")):
        for name, query in asked.items():
            address = f"/tasks?limit=50{query}{area}"
            http.get(address, headers=headers).raise_for_status()
            times = [seconds(lambda at=address: http.get(at, headers=headers)) for _ in range(rounds)]
            worst = max(worst, p95(times))
            print(f"list of tasks, {reader:8} {name:17} p95 {p95(times):7.1f} ms (to reach: {LIST_MS})")
    print(f"list of tasks, the slowest of them: p95 {worst:.1f} ms (to reach: {LIST_MS})")


def measure_bulk(http: TestClient, store: Store) -> None:
    """300 tasks acknowledged, then handed over, each in one request."""
    headers = open_token(store, Role.GRID_WORKER)
    page = http.get("/tasks?limit=300&status=open", headers=headers).json()
    numbers = [row["task_id"] for row in page["rows"]]
    for step, body in (("acknowledge", {}), ("hand-over", {"owner": "unit-2"})):

        def post(step: str = step, asked: dict[str, object] = {"tasks": numbers, **body}) -> None:  # noqa: B006 - read only
            http.post(f"/tasks/{step}", json=asked, headers=headers).raise_for_status()

        print(f"{step} {len(numbers)} tasks in one request: {measured(post)} (to reach: {BULK_S} s)")


def measure_import(http: TestClient, store: Store, folder: Path, people: int) -> None:
    """1,000 contacts whom ten cases named, all of them registered people."""
    headers = open_token(store, Role.DATA_STEWARD)
    door = {"sex": "male", "birth_date": "1980-01-01", "area_code": "1101"}
    person = {"sex": "", "birth_date": "", "address": ""}
    found = {"disease": "covid19", "classification": "confirmed", "reported_at": "2022-02-28 20:00", "imported": "no"}
    unsaid = dict.fromkeys(("onset_date", "sampled_at", "isolated_at"), "")
    met = {"first_contact_on": "2022-02-25", "last_contact_on": "2022-02-27", "setting": "meal"}
    register = [
        {"person_id": f"r{n}", "household_id": f"h{n // 3}", **door, **_who(n), "address": f"平安里{n // 3}号"}
        for n in range(people)
    ]
    cases = [{"case_id": f"C{n}", **person, **found, **unsaid, **_who(n)} for n in range(10)]
    named = [{"case_id": f"C{n % 10}", **person, **met, **_who(10 + n * 7 % (people - 10))} for n in range(1_000)]
    for name, rows in (("resident_register", register), ("case_line_list", cases), ("named_contacts", named)):
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        content = path.read_bytes()
        answers = []

        def send(name: str = name, content: bytes = content, answers: list[Any] = answers) -> None:
            answers.append(http.post(f"/feeds/{name}/files?name={name}.csv", content=content, headers=headers))

        took = measured(send)
        answers[0].raise_for_status()
        goal = f" (to reach: {IMPORT_S} s)" if name == "named_contacts" else ""
        print(f"import {name}: {answers[0].json()['accepted']} rows of {len(rows)} in {took}{goal}")


def _who(number: int) -> dict[str, str]:
    """A made-up resident's name and phone; the bench's people have no ID numbers."""
    name = _FAMILY[number % 10] + _GIVEN[number // 10 % 10] + _GIVEN[number // 100 % 10]
    return {"name": name, "id_number": "", "phone": f"138{number:08}"}


def serve(store: Store, port: int) -> uvicorn.Server:
    """The API on a socket, in a thread."""
    app = make_api(store, clock=lambda: NOW, rate_limit=RateLimit(burst=10**9, per_second=10**9))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    return server


def page_at_once(
    port: int,
    headers: list[dict[str, str]],
    *,
    lasting_s: float,
    every_s: float,
    out: "multiprocessing.Queue[list[float]]",
) -> None:
    """Officers, each asking for the next page every few seconds; how long each answer took."""

    async def officer(http: httpx2.AsyncClient, own: dict[str, str], times: list[float], draw: random.Random) -> None:
        await asyncio.sleep(draw.random() * every_s)
        cursor, ends = None, time.perf_counter() + lasting_s
        while time.perf_counter() < ends:
            params = {"limit": "50", **({"after": cursor} if cursor else {})}
            began = time.perf_counter()
            answer = await http.get("/tasks", params=params, headers=own)
            times.append(time.perf_counter() - began)
            answer.raise_for_status()
            cursor = answer.json()["next_cursor"]
            await asyncio.sleep(every_s * (0.5 + draw.random()))

    async def all_of_them() -> list[float]:
        times: list[float] = []
        limits = httpx2.Limits(max_connections=len(headers))
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", limits=limits, timeout=60) as http:
            await asyncio.gather(*(officer(http, own, times, random.Random(n)) for n, own in enumerate(headers)))
        return times

    out.put(asyncio.run(all_of_them()))


def measure_paging(store: Store, officers: int, *, lasting_s: float, every_s: float) -> None:
    """Signed-in officers paging over a socket, from another process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    headers = [open_token(store, ROLES[n % 4]) for n in range(officers)]
    server = serve(store, port)
    context = multiprocessing.get_context("spawn")
    out: multiprocessing.Queue[list[float]] = context.Queue()
    pagers = context.Process(
        target=page_at_once, args=(port, headers), kwargs={"lasting_s": lasting_s, "every_s": every_s, "out": out}
    )
    worked = time.process_time()
    pagers.start()
    time.sleep(lasting_s / 2)
    middle = memory_mb()
    times = out.get()
    pagers.join()
    worked, grown = time.process_time() - worked, memory_mb() - middle
    server.should_exit = True
    print(
        f"{officers} officers, a page every {every_s:.0f} s each: {len(times)} pages, "
        f"p50 {1_000 * statistics.median(times):.0f} ms, p95 {p95(times):.0f} ms (to reach: {PAGING_MS}), "
        f"{1_000 * worked / len(times):.1f} ms of a processor each; "
        f"the server grew by {grown:.0f} MB in the second half (to reach: flat, {GROWN_MB})"
    )


def main() -> None:
    """Measure everything in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--officers", type=int, default=200)
    parser.add_argument("--lasting", type=float, default=20.0)
    parser.add_argument("--every", type=float, default=5.0)
    parser.add_argument("--database", default="", help="an empty PostgreSQL database; the embedded one if not given")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "deployment"
        make_city(folder, options.database)
        with closing(open_store(folder)) as store:
            put_tasks(store, options.rows)
            put_base(store, 45_000, 85_000)
            app = make_api(store, clock=lambda: NOW + timedelta(minutes=1), rate_limit=RateLimit(10**9, 10**9))
            with TestClient(app) as http:
                measure_lists(http, store, options.rounds)
                measure_bulk(http, store)
                measure_import(http, store, Path(place), options.people)
            measure_paging(store, options.officers, lasting_s=options.lasting, every_s=options.every)
        subprocess.run([sys.executable, Path(__file__).parent / "export.py", folder], check=True)  # noqa: S603 - our own


if __name__ == "__main__":
    main()
