"""What naming EPCIS events costs: python bench/coldchain.py [--peers PYTHON] [--events N] [--full].

Hashing is held against the epcis-event-hash-generator package in one run, by processor time and the best of several
rounds, both from the text of one document to its hashes; the hashes are compared. The events are made up here: object,
aggregation and transformation events with lots and serial numbers, every identifier in it new.
"""

import argparse
import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from ringfence.coldchain import hash_events, read_document

SECONDS = 5
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


def make_document(count: int) -> str:
    """So many events as JSON-LD."""
    document = {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2022-03-31T00:00:00Z",
    }
    return json.dumps(document | {"epcisBody": {"eventList": make_events(count)}})


def measure(content: bytes) -> tuple[float, list[str]]:
    """Seconds of processor for a document in the best of several rounds, and the hashes."""
    best, hashes, until = float("inf"), list[str](), time.monotonic() + SECONDS
    while time.monotonic() < until or not hashes:
        began = time.process_time()
        hashes = list(hash_events(read_document(content)))
        best = min(best, time.process_time() - began)
    return best, hashes


def bench_hashes(python: Path, count: int, peer_count: int) -> None:
    """Ours over more identifiers than are remembered, so that each is new to it; the peer over the first of them."""
    ours, hashes = measure(make_document(count).encode())
    print(
        f"hashing, {count:,} events: {count / ours:,.0f} events/s of processor; {len(set(hashes)):,} different hashes"
    )
    if not python.exists():
        print(f"  peers: no {python}; `make .venv/bench.stamp` installs them")
        return
    document = make_document(peer_count)
    asked = json.dumps({"document": document, "seconds": SECONDS})
    script = Path(__file__).parent / "peers" / "epcis_hash.py"
    told = subprocess.run(  # noqa: S603 - the interpreter that was named for it
        [str(python), "-W", "ignore", str(script)], input=asked, capture_output=True, text=True, check=True
    )
    peer = json.loads(told.stdout.splitlines()[-1])
    equal = sum(mine == theirs for mine, theirs in zip(hashes[:peer_count], peer["hashes"], strict=True))
    ratio = peer["seconds"] * count / peer_count / ours
    print(
        f"  epcis-event-hash-generator, the first {peer_count:,}: {peer_count / peer['seconds']:,.0f} events/s; "
        f"ours is {ratio:,.1f}x as fast; {equal:,} of {peer_count:,} hashes are equal"
    )


def main() -> None:
    """Print the figures."""
    root = Path(__file__).parent.parent
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--peers", type=Path, default=root / ".venv-bench/bin/python")
    asked.add_argument("--events", type=int, default=30_000)
    asked.add_argument("--full", action="store_true")
    options = asked.parse_args()
    bench_hashes(options.peers, options.events * (10 if options.full else 1), 1_000)


if __name__ == "__main__":
    main()
