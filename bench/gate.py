"""What verifying a certificate and registering passages cost: python bench/gate.py [--peers PYTHON] [--database URL].

Verification is held against `openssl speed ecdsap256` (its verifications a second on one core) and against python-cwt
and pycose, all in one run and in turns, by processor time and the best of many rounds: the machine may be busy. Ours
is the whole way of a gate, from the text through strict decoding, signature, key usage, period and schema. The peers
begin at the unpacked bytes and stop at the claims, so against them ours is also measured over that part alone.
Passages go through the API over sockets, durable and with their ledger lines before they are acknowledged. The lanes
that send them are a process of their own on the same machine, so its processor time is printed beside the server's.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from uuid import uuid4

import uvicorn

from ringfence.access import RateLimit, SignInWay, add_user, grant_role, make_first_administrator, read_policy
from ringfence.access.sessions import open_session
from ringfence.api import make_api
from ringfence.areas import PlaceRow, lay_paths, plan_areas, publish_areas, put_places, read_place_numbers
from ringfence.gate import COVID19, TEST_USAGE, NegativeTest, issue_pass, verify
from ringfence.gate.claims import read_claims
from ringfence.gate.hc1 import MESSAGE_LIMIT, read_packed, read_prefix
from ringfence.policy import plan_publication, publish_policy, read_defaults
from ringfence.seal import (
    VerifyingKey,
    file_signer,
    inflate,
    issue_certificate,
    keys_by_id,
    make_key,
    make_root,
    verify_message,
    verifying_key,
)
from ringfence.store import Act, Store, init_store, open_store
from ringfence.terms import SYSTEM, Actor, Grant, PlaceKind, Role

NOW = datetime.now(UTC).replace(microsecond=0)  # python-cwt reads the clock itself
STAFF = [f"gate-{number}" for number in range(8)]
LANES, BATCH_LANES = 32, 4
COUNT = """
select count(distinct p.passage_id) as passages, count(*) as people
from passage p join passage_occupant o on o.passage_id = p.passage_id
"""
ROUND = 50
SECONDS = 3


def make_pass() -> tuple[str, VerifyingKey]:
    """A pass, and the key that checks it."""
    root_key, key = make_key(), make_key()
    root = make_root(root_key, name="root", now=NOW, valid_for=timedelta(days=365))
    certificate = issue_certificate(
        key.public_key(),
        name="laboratory",
        root_key=root_key,
        root=root,
        now=NOW,
        valid_for=timedelta(days=30),
        usages=[TEST_USAGE],
    )
    test = NegativeTest(
        surname="欧阳",
        given_name="建国",
        birth_date=date(1980, 1, 1),
        sampled_at=NOW - timedelta(hours=3),
        sampling_point="sampling point 3, north gate",
        laboratory="laboratory 7",
        country="CN",
        disease=COVID19,
    )
    public = verifying_key(certificate)
    signer = file_signer(key, certificate=certificate)
    return issue_pass(test, signer=signer, key=public, max_age=timedelta(hours=48), now=NOW), public


def best(work: Callable[[], object], seconds: float) -> float:
    """Seconds of processor a call, in the best of many rounds."""
    work()
    found, until = float("inf"), time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.process_time()
        for _ in range(ROUND):
            work()
        found = min(found, (time.process_time() - began) / ROUND)
    return found


def openssl_verifications() -> float:
    """Verifications a second by `openssl speed ecdsap256`, which counts processor time."""
    found = shutil.which("openssl")
    if found is None:
        raise SystemExit("openssl is not installed; the figure is a ratio to its speed")
    told = subprocess.run(  # noqa: S603 - the system's openssl, by its full path
        [found, "speed", "-seconds", str(SECONDS), "ecdsap256"], capture_output=True, text=True, check=True
    )
    return float(told.stdout.split()[-1])


def peers(python: Path, message: bytes, key: VerifyingKey) -> dict[str, float]:
    """Seconds a message of each peer, in their own environment."""
    asked = {
        "message": message.hex(),
        "certificate": key.certificate.hex(),
        "key_id": key.key_id.hex(),
        "seconds": SECONDS,
    }
    script = Path(__file__).parent / "peers" / "cose.py"
    told = subprocess.run(  # noqa: S603 - the interpreter that was named for it
        [python, script], input=json.dumps(asked) + "\n", capture_output=True, text=True, check=True
    )
    seconds: dict[str, float] = json.loads(told.stdout)
    return seconds


def bench_verify(python: Path) -> None:
    """The whole way of one pass, as ratios."""
    shown, key = make_pass()
    trust = keys_by_id([key])
    message = inflate(read_packed(read_prefix(shown)), limit=MESSAGE_LIMIT)
    openssl, ours = [], []
    for _ in range(3):  # in turns: a machine that is slow for a while is slow for both
        openssl.append(openssl_verifications())
        ours.append(1 / best(lambda: verify(shown, trust=trust, now=NOW), SECONDS))
    print(f"verify, one core: {max(ours):,.0f}/s; openssl speed ecdsap256: {max(openssl):,.0f} verifications/s")
    print(f"  ratio {max(ours) / max(openssl):.2f} (reach 0.40)")
    if not python.exists():
        print(f"  peers: no {python}; `make .venv/bench.stamp` installs them")
        return
    part = best(lambda: read_claims(verify_message(message, keys=trust).message.payload), SECONDS)
    for name, seconds in peers(python, message, key).items():
        whole = max(ours) * seconds
        print(
            f"  {name}: {1 / seconds:,.0f}/s; ours {seconds / part:.2f} times as fast over that part, {whole:.2f} whole"
        )


def open_city(folder: Path, database: str) -> tuple[Store, int]:
    """A deployment with a gate, and an account for each of those who work there."""
    init_store(folder, zone="Asia/Shanghai", database=database, now=NOW)
    store = open_store(folder)
    areas = lay_paths([(2, "1", "city", "city", ""), (3, "11", "county", "county", "1")], file="bench")
    defaults = read_defaults()
    plan = plan_publication(None, defaults, from_day=store.clock.day_of(NOW))
    gate = PlaceRow(
        place_id="gate", name="gate", kind=PlaceKind.GATE, area_code="11", longitude=None, latitude=None, row=1
    )

    def begin(act: Act) -> None:
        make_first_administrator(act, "administrator", password="a password for a bench")  # noqa: S106 - opens nothing
        publish_policy(act, defaults, plan=plan, effective_from=NOW, approval=None)
        publish_areas(act, areas, plan_areas(store.desk, areas))
        put_places(act, [gate], areas=areas, batch_no=None)

    def add_staff(act: Act) -> None:
        for one in STAFF:
            add_user(act, one)
            grant_role(act, one, Grant(role=Role.GATE_STAFF, area_path="1/"))

    store.act(begin, actor=SYSTEM, now=NOW)
    store.act(add_staff, actor=Actor("administrator"), now=NOW)
    return store, int(read_place_numbers(store.desk)["place_no"][0].as_py())


def open_token(store: Store, user: str) -> str:
    """The token of a new session."""
    rules = read_policy(store, now=NOW)
    opened = store.act(
        lambda act: open_session(act, user, way=SignInWay.PASSWORD, address_digest="bench", policy=rules),
        actor=SYSTEM,
        now=NOW,
    )
    return opened.token


def write_request(gate: int, token: str, *, size: int) -> str:
    """One request with so many passages of one traveller each, who has an identity to be sealed."""
    identity = {"name": "张建国", "id_number": "140211198001010013", "birth_date": "1980-01-01"}
    occupant = {"verdict": "admit", "celsius": 36.5, "sampled_at": NOW.isoformat(), "identity": identity}
    fixed = {"gate": gate, "lane": 1, "passed_at": NOW.isoformat(), "vehicle": "晋B12345", "occupants": [occupant]}
    body = json.dumps({"passages": [{"passage_id": str(uuid4()), **fixed} for _ in range(size)]})
    head = f"Host: lane\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json"
    return f"POST /passages HTTP/1.1\r\n{head}\r\nContent-Length: {len(body)}\r\n\r\n{body}"


@contextmanager
def serving(store: Store) -> Iterator[int]:
    """The API of a store on a socket; the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    app = make_api(store, clock=lambda: NOW, rate_limit=RateLimit(burst=10**9, per_second=10**9))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield port
    server.should_exit = True
    thread.join()


def load(port: int, gate: int, tokens: Sequence[str], *, requests: int, size: int, lanes: int) -> int:
    """Send from so many lanes at once, print what it came to; how many passages were sent."""
    own = [
        [write_request(gate, tokens[lane % len(tokens)], size=size) for _ in range(requests)] for lane in range(lanes)
    ]
    used = time.process_time()
    told = json.loads(
        subprocess.run(  # noqa: S603 - this interpreter, our own script
            [sys.executable, Path(__file__).parent / "lanes.py"],
            input=json.dumps({"port": port, "queues": own}),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    )
    used = time.process_time() - used
    sent, times = requests * size * lanes, told["times"]
    p99 = 1_000 * quantiles(times, n=100)[-1]
    print(
        f"  {lanes} lanes, {size} a request: {sent / told['seconds']:,.0f} passages/s, p99 {p99:.0f} ms; processor a "
        f"passage: server {1e6 * used / sent:.0f} us, lanes {1e6 * told['processor'] / sent:.0f} us"
    )
    return sent


def bench_passages(database: str, *, requests: int, batches: int) -> None:
    """Durable passages through the API; then the ledger is checked and the rows are counted."""
    with tempfile.TemporaryDirectory() as folder:
        store, gate = open_city(Path(folder) / "city", database)
        tokens = [open_token(store, one) for one in STAFF]
        print(
            f"passages through the API, {store.desk.engine.dialect.name}, {len(STAFF)} accounts; server and lanes share"
        )
        print(f"  {os.cpu_count()} cores")
        with serving(store) as port:
            load(port, gate, tokens, requests=20, size=1, lanes=LANES)  # so that nothing is met for the first time
            sent = load(port, gate, tokens, requests=requests, size=1, lanes=LANES)
            sent += load(port, gate, tokens, requests=batches, size=100, lanes=BATCH_LANES)
        heads = store.verify_ledger()
        [kept] = store.act(lambda act: act.rows(COUNT), actor=SYSTEM, now=NOW)
        store.close()
    expected = sent + 20 * LANES
    print(f"  {kept.passages:,} passages and {kept.people:,} people of {expected:,} are kept;")
    print(f"  {sum(head.seq for head in heads):,} ledger lines hold")
    if not kept.passages == kept.people == expected:
        raise SystemExit("what was acknowledged is not what is kept")


def main() -> None:
    """Print the figures."""
    root = Path(__file__).parent.parent
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--peers", type=Path, default=root / ".venv-bench/bin/python")
    asked.add_argument("--only", choices=["verify", "passages"])
    asked.add_argument("--database", default="", help="an empty PostgreSQL database; the embedded one if not given")
    asked.add_argument("--full", action="store_true", help="ten times as many passages")
    options = asked.parse_args()
    times = 10 if options.full else 1
    if options.only != "passages":
        bench_verify(options.peers)
    if options.only != "verify":
        bench_passages(options.database, requests=150 * times, batches=50 * times)


if __name__ == "__main__":
    main()
