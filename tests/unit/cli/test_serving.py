"""One server for API and console: the first administrator's link, what both answer, and how it stops."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from api_callers import Api
from fastapi.testclient import TestClient

from ringfence.cli.serving import join_apps
from ringfence.store import Store, open_store


def test_api_and_console_answer_on_one_server_for_the_same_session(staffed: Store, now: datetime) -> None:
    app = join_apps(staffed, clock=lambda: now)
    token = Api(staffed, now).token("county_officer")
    with TestClient(app) as http:
        assert http.get("/api/v1/openapi.json").json()["servers"] == [{"url": "/api/v1"}]
        assert http.get("/api/v1/signals").status_code == 401
        mine = http.get("/api/v1/sessions", headers={"Authorization": f"Bearer {token}"})
        assert mine.json()["user_id"] == "county_officer"
        assert "text/html" in http.get("/").headers["content-type"]


@contextmanager
def serving(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "ringfence", "--in", str(folder), "serve", "--port", str(port)]
    environment = {**os.environ, "RINGFENCE_LANGUAGE": "en", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:  # noqa: S603 - our own
        try:
            yield server
        finally:
            server.kill()


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - an address of this test
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


def wait_until_answered(address: str, *, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not answers(address):
        assert time.monotonic() < end, f"{address} does not answer"
        time.sleep(0.1)


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.verify
def test_the_first_run_prints_a_link_that_opens_once_and_a_stop_lets_the_lease_go(staffed: Store, port: int) -> None:
    folder = staffed.deployment.folder
    staffed.close()
    with serving(folder, port) as server:
        wait_until_answered(f"http://127.0.0.1:{port}/api/v1/openapi.json")
        assert server.stdout
        said = "".join(server.stdout.readline() for _ in range(3))
        [link] = re.findall(rf"http://127\.0\.0\.1:{port}/activate/\S+", said)
        assert answers(link)
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0
    again = open_store(folder)  # the lease is free, and what was written is whole
    again.verify_ledger()
    again.close()
