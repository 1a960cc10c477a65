"""What verifying a certificate and registering passages cost: python bench/gate.py [--peers PYTHON] [--passages N].

Verification is held against `openssl speed ecdsap256` (its verifications a second on one core) and against python-cwt
and pycose, all in one run and in turns, by processor time and the best of many rounds: the machine may be busy. Ours
is the whole way of a gate, from the text through strict decoding, signature, key usage, period and schema. The peers
begin at the unpacked bytes and stop at the claims, so against them ours is also measured over that part alone.
Passages are durable acts with their ledger lines.
"""

import argparse
import json
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from ringfence.access import add_user, grant_role, make_first_administrator
from ringfence.areas import PlaceRow, lay_paths, plan_areas, publish_areas, put_places, read_place_numbers
from ringfence.gate import (
    COVID19,
    TEST_USAGE,
    NegativeTest,
    Occupant,
    Passage,
    Verdict,
    issue_pass,
    register_passages,
    verify,
)
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
STAFF = Actor("gate-1")
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


def open_city(folder: Path) -> tuple[Store, int]:
    """A deployment with a gate and somebody who works there."""
    init_store(folder, zone="Asia/Shanghai", now=NOW)
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
        add_user(act, STAFF.actor_id)
        grant_role(act, STAFF.actor_id, Grant(role=Role.GATE_STAFF, area_path="1/"))

    store.act(begin, actor=SYSTEM, now=NOW)
    store.act(add_staff, actor=Actor("administrator"), now=NOW)
    return store, int(read_place_numbers(store.desk)["place_no"][0].as_py())


def make_passages(gate: int, count: int) -> list[Passage]:
    """One traveller each, with an identity to be sealed."""
    identity = {"name": "张建国", "id_number": "140211198001010013", "birth_date": "1980-01-01"}
    occupant = Occupant(verdict=Verdict.admit(), sampled_at=NOW - timedelta(hours=3), identity=identity)
    return [
        Passage(passage_id=str(uuid4()), gate=gate, lane=1, passed_at=NOW, occupants=(occupant,)) for _ in range(count)
    ]


def register(store: Store, passages: list[Passage], *, size: int, lanes: int) -> float:
    """Passages a second from so many lanes at once, each in acts of so many, each act acknowledged before the next."""
    acts = [passages[start : start + size] for start in range(0, len(passages), size)]

    def lane(number: int) -> None:
        for act_of in acts[number::lanes]:
            store.act(lambda act, chosen=act_of: register_passages(act, chosen, store=store), actor=STAFF, now=NOW)

    threads = [threading.Thread(target=lane, args=(number,)) for number in range(lanes)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(passages) / (time.perf_counter() - began)


def bench_passages(count: int) -> None:
    """Durable passages on the embedded desk, below the API; then the ledger and the rows are counted."""
    with tempfile.TemporaryDirectory() as folder:
        store, gate = open_city(Path(folder) / "city")
        single = register(store, make_passages(gate, count), size=1, lanes=32)
        batches = register(store, make_passages(gate, 5 * count), size=100, lanes=4)
        store.verify_ledger()
        [kept] = store.act(lambda act: act.rows("select count(*) as n from passage_occupant"), actor=SYSTEM, now=NOW)
        store.close()
    print(f"passages, SQLite, 32 lanes: {single:,.0f}/s single; {batches:,.0f} rows/s in batches of 100")
    print(f"  {kept.n:,} of {6 * count:,} are kept and the ledger holds")


def main() -> None:
    """Print the figures."""
    root = Path(__file__).parent.parent
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--peers", type=Path, default=root / ".venv-bench/bin/python")
    asked.add_argument("--passages", type=int, default=4_000)
    options = asked.parse_args()
    bench_verify(options.peers)
    bench_passages(options.passages)


if __name__ == "__main__":
    main()
