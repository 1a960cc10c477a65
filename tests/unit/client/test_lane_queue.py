"""A lane's queue: three days offline, killed and resumed, each passage is registered once and lies sealed till then."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
import uvicorn
from api_callers import Api
from gate_lane import STAFF, open_gate

from ringfence.client import LaneQueue
from ringfence.errors import InputRefused, Unusable
from ringfence.store import Scope, Store
from ringfence.terms import Area

KEY = bytes(range(32))
DEVICE = Path(__file__).parents[2] / "lane_device.py"
KEPT = """
select p.passage_id, p.passed_at from visible_passage p join passage_occupant o on o.passage_id = p.passage_id
"""


def passage(number: int, *, gate: int = 1, passed_at: str = "2022-03-01T12:00:00+08:00") -> dict[str, Any]:
    return {
        "passage_id": str(uuid5(UUID(int=3), str(number))),
        "gate": gate,
        "lane": 1,
        "passed_at": passed_at,
        "occupants": [{"verdict": "admit", "identity": {"name": "张建国", "id_number": "110101198001010011"}}],
    }


class FakeServer:
    """Knows passages by their ids, as the lane's API does; refuses those it is told are wrong."""

    def __init__(self, *wrong: int) -> None:
        self.wrong = {passage(number)["passage_id"] for number in wrong}
        self.kept: list[str] = []
        self.requests = 0

    def take(self, passages: Sequence[Mapping[str, Any]]) -> None:
        self.requests += 1
        ids = [one["passage_id"] for one in passages]
        if self.wrong.intersection(ids):
            raise InputRefused("wrong")
        self.kept += [one for one in ids if one not in self.kept]


def test_a_queue_is_sent_in_its_order_a_hundred_at_a_time(tmp_path: Path) -> None:
    server = FakeServer()
    with LaneQueue(tmp_path / "queue", key=KEY) as queue:
        for number in range(250):
            queue.put(passage(number))
        queue.put(passage(3))
        assert (len(queue), queue.send(server.take), len(queue)) == (250, 250, 0)
    assert server.kept == [passage(number)["passage_id"] for number in range(250)]
    assert server.requests == 3


def test_what_waits_survives_the_process_and_lies_sealed(tmp_path: Path) -> None:
    with LaneQueue(tmp_path / "queue", key=KEY) as queue:
        queue.put(passage(1))
        on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert "张建国".encode() not in on_disk
        assert b"110101198001010011" not in on_disk
    server = FakeServer()
    with LaneQueue(tmp_path / "queue", key=KEY) as queue:
        assert queue.send(server.take) == 1


def test_a_passage_that_is_refused_is_set_aside_and_the_others_go_on(tmp_path: Path) -> None:
    server = FakeServer(7)
    with LaneQueue(tmp_path / "queue", key=KEY) as queue:
        for number in range(20):
            queue.put(passage(number))
        assert (queue.send(server.take), len(queue)) == (19, 0)
        [aside] = queue.read_set_aside()
        assert aside.passage == passage(7)
        assert "wrong" in aside.why


def test_a_server_that_does_not_answer_loses_nothing(tmp_path: Path) -> None:
    def away(_: Sequence[Mapping[str, Any]]) -> None:
        raise Unusable("nobody answers")

    with LaneQueue(tmp_path / "queue", key=KEY) as queue:
        queue.put(passage(1))
        with pytest.raises(Unusable):
            queue.send(away)
        assert len(queue) == 1


@contextmanager
def serving(api: Api) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    server = uvicorn.Server(uvicorn.Config(api.app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.mark.verify
def test_a_device_killed_after_71_hours_offline_and_resumed_registers_each_passage_once(
    staffed: Store, areas: dict[str, Area], now: datetime, tmp_path: Path
) -> None:
    gate = open_gate(staffed, areas=areas, now=now)
    times = [now - timedelta(hours=71) + timedelta(minutes=20 * number) for number in range(213)]
    with LaneQueue(tmp_path / "queue", key=KEY) as queue:
        for number, moment in enumerate(times):
            queue.put(passage(number, gate=gate, passed_at=moment.isoformat()))
    api = Api(staffed, now)
    with serving(api) as address:

        def start(stop_after: int) -> "subprocess.Popen[str]":
            given = [address, api.token(STAFF.actor_id), str(tmp_path / "queue"), KEY.hex(), str(stop_after)]
            return subprocess.Popen(  # noqa: S603 - this interpreter, our own script
                [sys.executable, DEVICE, *given], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
            )

        device = start(2)
        assert device.stdout is not None
        assert device.stdout.readline() == "acknowledged\n"
        device.kill()
        device.communicate()
        with LaneQueue(tmp_path / "queue", key=KEY) as queue:
            assert len(queue) == 113  # the second hundred was acknowledged, and the device never learned of it
        told, _ = start(0).communicate()
        assert told == "sent\n"
    rows = staffed.desk.rows(KEPT, scope=Scope.of_system())
    assert len(rows) == len({row.passage_id for row in rows}) == 213
    assert sorted(row.passed_at for row in rows) == [int(moment.timestamp()) * 1_000_000 for moment in times]
