"""kill -9 in the middle of receive, respond and follow-up: nothing acknowledged lost, nothing half there (2.3, 6.4).

Whatever was cut off is simply done again; at the end stands what an undisturbed run leaves, and nothing twice.
"""

import json
import random
import shutil
import time
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from small_town import CHIEF, DAY, EPIDEMIOLOGIST, EVENING, NOON, Town, case, check_in, sample
from store_children import Say, kill_at_random, run_to_end

from ringfence import flow
from ringfence.feeds import lines
from ringfence.intake import shelf
from ringfence.store import Store, open_store

pytestmark = pytest.mark.verify

KILLS = 30
LUNCH = ("2022-02-28 12:00", "2022-02-28 13:00")
VISITORS = ("wang1", "wang2", "li1", "zhao1", "gao1")

LEFT = {
    "batches": "select count(*) from batch where status = 'committed' and feed <> 'trace'",
    "cases": "select count(*) from visible_case_episode",
    "signals": "select count(*), count(responded_at) from visible_signal",
    "exposures": "select count(*), sum(minutes) from visible_exposure where status = 'listed'",
    "reasons": "select count(*) from exposure_reason",
    "below": "select coalesce(sum(row_count), 0) from exposure_below_cut where status = 'counted'",
    "tasks": "select count(*), count(distinct subject_key) from visible_task where status <> 'withdrawn'",
    "bases": "select count(*), count(distinct exposure_id) from task_basis",
    "follow_ups": "select count(*), min(to_day), max(to_day) from visible_follow_up",
    "days": "select count(*) from follow_up_day",
    "pools": "select count(*) from visible_sample_pool",
}

HALF = {
    "a listed exposure without a task": """
        select count(*) from visible_exposure e
        where e.status = 'listed' and not exists (select 1 from task_basis b where b.exposure_id = e.exposure_id)
    """,
    "a task without a basis": """
        select count(*) from visible_task t where not exists (select 1 from task_basis b where b.task_id = t.task_id)
    """,
    "a case without a signal": """
        select count(*) from visible_case_episode c
        where not exists (select 1 from visible_signal s where s.case_id = c.case_id)
    """,
}


def settle(folder: Path, files: Path, say: Say) -> None:
    """The town before its first case, with the files that will be sent."""
    with closing(open_store(folder)) as store:
        town = Town(store, files, now=NOON)
        town.settle()
        rows = {
            "check_ins": [check_in(one, "noodles", *LUNCH) for one in VISITORS],
            "laboratory_results": [
                sample(one, f"S{n}", "2022-03-01 09:00", "positive", pool_id="T1")
                for n, one in enumerate(("li1", "li2"))
            ],
            "case_line_list": [case("wang1", "C1", "2022-03-01 18:00", sampled_at="2022-03-01 10:00")],
        }
        deliveries = [town.write(name, sent) for name, sent in rows.items()]
        say(json.dumps([[one.format, str(one.path)] for one in deliveries]))


def walk(folder: Path, deliveries: list[list[str]], say: Say) -> None:
    """Receive, verify, respond and begin two days, saying what was acknowledged; then wait to be killed."""
    store = open_store(folder)
    say("begun")
    finish(store, deliveries, say)
    time.sleep(600)


def finish(store: Store, deliveries: list[list[str]], say: Say) -> None:
    """The whole way, or what is left of it; files come in parts of a row or two, so that kills fall between them."""
    lines.BLOCK, shelf.PART_ROWS = 100, 2
    town = Town(store, Path(), now=EVENING)
    town.send(*(flow.Delivery(name, Path(path)) for name, path in deliveries))
    say("received")
    due = [one for one in town.verify() if one.responded_at is None]
    flow.respond(store, due, actor=EPIDEMIOLOGIST, now=EVENING, seed=1)
    say("responded")
    for number in (0, 1):
        now = EVENING + number * DAY
        flow.follow_up(store, day=store.clock.day_of(now), actor=CHIEF, now=now)
        say(f"day {number}")


def look(folder: Path, deliveries: list[list[str]], acknowledged: list[str], say: Say) -> None:
    """What is there after a kill, that it is whole, and what stands after the rest is done."""
    with closing(open_store(folder)) as store:
        town = Town(store, Path(), now=EVENING)
        for what, query in HALF.items():
            assert town.rows(query) == [(0,)], what
        if "received" in acknowledged:
            assert town.rows(LEFT["batches"]) == [(6,)]
        if "responded" in acknowledged:
            assert town.rows("select count(*) from visible_signal where responded_at is null") == [(0,)]
        finish(store, deliveries, lambda _line: None)
        store.verify_ledger()
        say(json.dumps({name: [str(value) for value in town.rows(query)[0]] for name, query in LEFT.items()}))


# An embedded deployment is a folder, so every kill gets a copy of its own; on PostgreSQL it would need a database each.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_line_killed_at_thirty_instants_ends_where_an_undisturbed_one_ends(staffed: Store, tmp_path: Path) -> None:
    settled, files = tmp_path / "settled", tmp_path / "files"
    files.mkdir()
    staffed.close()
    shutil.copytree(staffed.deployment.folder, settled)
    [said] = run_to_end(partial(settle, settled, files))
    deliveries = json.loads(said)
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(settled, undisturbed)
    began = time.monotonic()
    [whole] = run_to_end(partial(look, undisturbed, deliveries, []))
    within_s = time.monotonic() - began
    chance = random.Random()
    for turn in range(KILLS):
        folder = tmp_path / f"turn-{turn}"
        shutil.copytree(settled, folder)
        acknowledged = kill_at_random(partial(walk, folder, deliveries), chance=chance, within_s=within_s)
        [left] = run_to_end(partial(look, folder, deliveries, acknowledged))
        assert json.loads(left) == json.loads(whole), f"turn {turn}, acknowledged {acknowledged}"
        shutil.rmtree(folder)
