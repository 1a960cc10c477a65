"""What EPCIS events cost: python bench/coldchain.py [--peers PYTHON] [--documents N] [--full].

Hashing is held against the epcis-event-hash-generator package in one run, by processor time and the best of several
rounds, both from the text of documents to their hashes; the hashes are compared. The events are made up here: object,
aggregation and transformation events with lots and serial numbers, every identifier in it new.
"""

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from ringfence.access import add_user, grant_role, make_first_administrator
from ringfence.coldchain import RULES, capture, check, hash_events, read_document
from ringfence.policy import plan_publication, publish_policy, read_defaults
from ringfence.store import EVERYWHERE, Act, Store, init_store, open_store
from ringfence.terms import SYSTEM, Actor, Grant, Role

WAREHOUSE = Actor("warehouse")
SECONDS = 5
SIZE = 1_000  # events of a document, for both
TIMES = 10  # a file that is captured is as large as so many
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": "https://ns.example.com/epcis/"}]


def make_events(count: int) -> list[dict[str, object]]:
    """Events of a warehouse, a third of each kind."""
    return [KINDS[number % len(KINDS)](number) | make_frame(number) for number in range(count)]


def make_frame(number: int) -> dict[str, object]:
    """When and where an event was seen."""
    day, minute = divmod(number, 1440)
    return {
        "eventTime": f"2022-03-{day % 28 + 1:02d}T{minute // 60:02d}:{minute % 60:02d}:30.250+08:00",
        "eventTimeZoneOffset": "+08:00",
        "readPoint": {"id": f"urn:epc:id:sgln:4012345.{number % 500:05d}.0"},
        "ex:shift": f"S{number}",
    }


def make_arrival(number: int) -> dict[str, object]:
    """A lot that comes in."""
    return {
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "bizStep": "receiving",
        "disposition": "in_progress",
        "quantityList": [
            {"epcClass": f"urn:epc:class:lgtin:4012345.012345.L{number}", "quantity": 120.5, "uom": "KGM"}
        ],
        "bizTransactionList": [{"type": "po", "bizTransaction": f"urn:epcglobal:cbv:bt:4012345000009:{number}"}],
        "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00225"}],
    }


def make_packing(number: int) -> dict[str, object]:
    """Boxes that go on a pallet."""
    return {
        "type": "AggregationEvent",
        "action": "ADD",
        "bizStep": "packing",
        "parentID": f"urn:epc:id:sscc:4012345.{number:010d}",
        "childEPCs": [f"urn:epc:id:sgtin:4012345.012345.{number}-{box}" for box in range(4)],
    }


def make_cutting(number: int) -> dict[str, object]:
    """A lot that becomes another."""
    return {
        "type": "TransformationEvent",
        "bizStep": "commissioning",
        "inputQuantityList": [{"epcClass": f"urn:epc:class:lgtin:4012345.012345.L{number}", "quantity": 12}],
        "outputQuantityList": [{"epcClass": f"urn:epc:class:lgtin:4012345.054321.C{number}", "quantity": 11}],
        "ilmd": {"ex:bestBefore": "2022-05-01"},
    }


KINDS: list[Callable[[int], dict[str, object]]] = [make_arrival, make_packing, make_cutting]


def make_documents(count: int, *, size: int = SIZE) -> list[str]:
    """So many documents of JSON-LD."""
    events = make_events(count * size)
    document = {"@context": CONTEXT, "type": "EPCISDocument", "schemaVersion": "2.0"}
    document["creationDate"] = "2022-03-31T00:00:00Z"
    return [
        json.dumps(document | {"epcisBody": {"eventList": events[first : first + size]}})
        for first in range(0, len(events), size)
    ]


def measure(documents: list[bytes]) -> tuple[float, list[str]]:
    """Seconds of processor for the documents in the best of several rounds, and the hashes."""
    best, hashes, until = float("inf"), list[str](), time.monotonic() + SECONDS
    while time.monotonic() < until or not hashes:
        began = time.process_time()
        hashes = [name for content in documents for name in hash_events(read_document(content))]
        best = min(best, time.process_time() - began)
    return best, hashes


def bench_hashes(python: Path, count: int) -> None:
    """Ours over more identifiers than are remembered, so that each is new to it; the peer over the first document."""
    documents = make_documents(count)
    seconds, hashes = measure([document.encode() for document in documents])
    rate = len(hashes) / seconds
    print(f"hashing, {count:,} documents of {SIZE:,} events: {rate:,.0f} events/s of processor")
    print(f"  {len(set(hashes)):,} different hashes of {len(hashes):,} events")
    if not python.exists():
        print(f"  peers: no {python}; `make .venv/bench.stamp` installs them")
        return
    asked = json.dumps({"document": documents[0], "seconds": SECONDS})
    script = Path(__file__).parent / "peers" / "epcis_hash.py"
    told = subprocess.run(  # noqa: S603 - the interpreter that was named for it
        [str(python), "-W", "ignore", str(script)], input=asked, capture_output=True, text=True, check=True
    )
    peer = json.loads(told.stdout.splitlines()[-1])
    peer_rate = SIZE / peer["seconds"]
    equal = sum(mine == theirs for mine, theirs in zip(hashes[:SIZE], peer["hashes"], strict=True))
    print(f"  epcis-event-hash-generator: {peer_rate:,.0f} events/s; ours is {rate / peer_rate:,.1f}x as fast")
    print(f"  {equal:,} of {SIZE:,} hashes are equal")


def bench_check(count: int) -> None:
    """Reading and checking by every rule, from the text of documents to their problems."""
    documents = [document.encode() for document in make_documents(count)]
    now = datetime(2022, 4, 1, tzinfo=UTC)
    began = time.process_time()
    found = sum(len(check(read_document(content), now=now)) for content in documents)
    rate = count * SIZE / (time.process_time() - began)
    print(f"checking by {len(RULES)} rules: {rate:,.0f} events/s of processor, {found:,} problems found")


def begin(act: Act, store: Store) -> None:
    """The shipped policy, in force."""
    defaults, now = read_defaults(), act.now
    plan = plan_publication(None, defaults, from_day=store.clock.day_of(now))
    make_first_administrator(act, "administrator", password="a password for tests")  # noqa: S106 (of a throw-away store)
    publish_policy(act, defaults, plan=plan, effective_from=now, approval=None)


def add_warehouse(act: Act) -> None:
    """An account that may record movements."""
    add_user(act, WAREHOUSE.actor_id)
    grant_role(act, WAREHOUSE.actor_id, Grant(role=Role.WAREHOUSE, area_path=EVERYWHERE))


def bench_capture(count: int) -> None:
    """From the text of documents to records in the store: read, checked by both layers, hashed, written, synced.

    Every document is new to it and none is retried; processor time of this process, and wall time beside it.
    """
    documents = [document.encode() for document in make_documents(count // TIMES, size=SIZE * TIMES)]
    now = datetime(2022, 4, 1, tzinfo=UTC)
    with tempfile.TemporaryDirectory() as folder:
        init_store(Path(folder) / "deployment", zone="Asia/Shanghai", now=now)
        store = open_store(Path(folder) / "deployment")
        store.act(lambda act: begin(act, store), actor=SYSTEM, now=now)
        store.act(add_warehouse, actor=Actor("administrator"), now=now)
        began, started = time.process_time(), time.monotonic()
        taken = [capture(store, content, is_whole=False, actor=WAREHOUSE, now=now) for content in documents]
        seconds, wall = time.process_time() - began, time.monotonic() - started
        store.close()
    events = sum(one.accepted for one in taken)
    print(f"capturing: {events / seconds:,.0f} events/s of processor, {events / wall:,.0f} a second that passed")


def main() -> None:
    """Print the figures."""
    root = Path(__file__).parent.parent
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--peers", type=Path, default=root / ".venv-bench/bin/python")
    asked.add_argument("--documents", type=int, default=30)
    asked.add_argument("--full", action="store_true")
    options = asked.parse_args()
    count = options.documents * (10 if options.full else 1)
    bench_hashes(options.peers, count)
    bench_check(count)
    bench_capture(count)


if __name__ == "__main__":
    main()
