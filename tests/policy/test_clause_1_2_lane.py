"""Clause 1.2 at the lane as it is: local codes by adapter, and tests looked up by ID number without a name."""

import csv
import hashlib
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from api_callers import Api
from gate_lane import STAFF, open_gate

from ringfence import flow
from ringfence.access import read_policy
from ringfence.errors import InputRefused
from ringfence.gate import (
    AssayResult,
    Colour,
    KnownTests,
    NextStep,
    Proof,
    Standards,
    Traveller,
    Verdict,
    check,
    open_codes,
)
from ringfence.intake import Delivery
from ringfence.store import Store
from ringfence.terms import Actor, Area


def with_check_digit(number: str) -> str:
    """An ID number with its last character (GB 11643-1999)."""
    total = sum(int(digit) * 2**place for digit, place in zip(number, range(17, 0, -1), strict=True))
    return number + "10X98765432"[total % 11]


NEGATIVE, POSITIVE, OLD, IN_A_TUBE, NOBODY = (with_check_digit(f"1101011980010100{number}") for number in range(1, 6))
NAMES = {NEGATIVE: "张建国", POSITIVE: "王秀英", OLD: "李娜", IN_A_TUBE: "赵磊"}


@pytest.fixture
def api(staffed: Store, now: datetime) -> Api:
    return Api(staffed, now)


def wall_time(store: Store, now: datetime, hours_ago: float) -> str:
    return (now - timedelta(hours=hours_ago)).astimezone(store.clock.zone).strftime("%Y-%m-%d %H:%M")


def send_results(store: Store, folder: Path, now: datetime) -> None:
    """One negative alone, one positive after a negative, one of four days ago, and one in a positive tube."""
    results = [
        (NEGATIVE, "", 5, "negative"),
        (POSITIVE, "", 20, "negative"),
        (POSITIVE, "", 10, "positive"),
        (OLD, "", 96, "negative"),
        (IN_A_TUBE, "tube-1", 5, "positive"),
    ]
    empty = dict.fromkeys(("sex", "birth_date", "phone", "address"), "")
    rows = [
        {"sample_id": f"s{place}", "pool_id": tube, "taken_at": wall_time(store, now, hours),
         "reported_at": wall_time(store, now, hours - 4), "test": "nucleic_acid", "result": result,
         "laboratory": "laboratory 7", "name": NAMES[number], "id_number": number, **empty}
        for place, (number, tube, hours, result) in enumerate(results)
    ]  # fmt: skip
    path = folder / "laboratory_results.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    [arrived] = flow.receive(store, [Delivery(format="laboratory_results", path=path)], actor=Actor("data_steward"),
                             now=now, progress=lambda *_: None)  # fmt: skip
    assert arrived.accepted == len(results), arrived


def test_a_test_is_looked_up_by_id_number_offline_and_who_is_not_there_is_sampled_and_not_refused(
    api: Api, areas: dict[str, Area], tmp_path: Path
) -> None:
    gate = open_gate(api.store, areas=areas, now=api.now)
    send_results(api.store, tmp_path, api.now)
    said = api.get(STAFF.actor_id, f"/gates/{gate}/known-tests")
    assert not any(number in str(said) for number in (NEGATIVE, POSITIVE))
    known = KnownTests.from_text(said["packed"], key=bytes.fromhex(said["key"]))
    found = {number: known.find(number) for number in (NEGATIVE, POSITIVE, OLD, IN_A_TUBE, NOBODY)}
    assert {number: test and test.result for number, test in found.items()} == {
        NEGATIVE: AssayResult.NOT_DETECTED,
        POSITIVE: AssayResult.DETECTED,
        OLD: None,
        IN_A_TUBE: AssayResult.INCONCLUSIVE,
        NOBODY: None,
    }
    standards = Standards(policy=read_policy(api.store, now=api.now), lists_issued_at=None)

    def ask(number: str) -> Verdict:
        traveller = Traveller(proof=Proof.IDENTITY_CARD, celsius=36.5, test=found[number])
        return check(traveller, standards=standards, now=api.now).verdict

    assert ask(NEGATIVE).admits
    assert ask(NOBODY).next_step is NextStep.SAMPLE_HERE
    assert ask(POSITIVE).next_step is NextStep.WAITING_AREA


def test_the_same_tests_are_not_sent_again_and_another_day_has_another_key(
    api: Api, areas: dict[str, Area], tmp_path: Path
) -> None:
    gate = open_gate(api.store, areas=areas, now=api.now)
    send_results(api.store, tmp_path, api.now)
    first = api.ask(STAFF.actor_id, "GET", f"/gates/{gate}/known-tests")
    again = {"If-None-Match": first.headers["ETag"]}
    assert api.ask(STAFF.actor_id, "GET", f"/gates/{gate}/known-tests", headers=again).status_code == 304
    assert api.ask("grid_worker", "GET", f"/gates/{gate}/known-tests").status_code == 403
    tomorrow = Api(api.store, api.now + timedelta(hours=24))
    assert tomorrow.get(STAFF.actor_id, f"/gates/{gate}/known-tests")["key"] != first.json()["key"]


def test_a_local_code_says_its_colour_through_an_adapter(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "codes.csv"
    digest = hashlib.sha256(b"code of somebody").hexdigest()
    path.write_text(f"code_sha256,colour,seen_at\n{digest},Yellow,{now.isoformat()}\n")
    read_code = open_codes("digest_file", path)
    found = read_code("code of somebody")
    assert found is not None
    assert (found.colour, found.seen_at) == (Colour.YELLOW, now)
    assert read_code("code of somebody else") is None


@pytest.mark.parametrize(
    "text",
    ["", "colour\n", "code_sha256,colour,seen_at\nab,blue,2022-03-01T00:00:00Z\n",
     "code_sha256,colour,seen_at\nab,green,2022-03-01T00:00:00\n", "code_sha256,colour,seen_at\nab,green\n"],
)  # fmt: skip
def test_a_file_of_codes_that_is_wrong_is_refused_whole(tmp_path: Path, text: str) -> None:
    path = tmp_path / "codes.csv"
    path.write_text(text)
    with pytest.raises(InputRefused):
        open_codes("digest_file", path)
    with pytest.raises(InputRefused, match="no health codes come in the form paper"):
        open_codes("paper", path)
