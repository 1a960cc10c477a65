"""While a server holds the lease it answers commands over its socket; without one, a second writer is refused."""

import os
import stat
from datetime import datetime
from pathlib import Path

import pytest

from ringfence.cli.calls import Asked, perform
from ringfence.cli.signal_desk import decide_signal, list_signals, raise_signal
from ringfence.cli.socket_server import WriterSocket
from ringfence.errors import NotAllowed, WriterBusy
from ringfence.store import Store
from ringfence.terms import Actor

RAISED = {
    "kind": "report",
    "subject_kind": "place",
    "subject_key": "7",
    "disease": "covid19",
    "area": "111",
    "origin": "call:1",
}


def asked_by(user: str, now: datetime) -> Asked:
    return Asked(Actor(user), now, lambda _what, _share: None)


def test_a_command_reaches_the_server_that_writes_and_its_errors_come_back_whole(staffed: Store, now: datetime) -> None:
    folder = staffed.deployment.folder
    socket = WriterSocket(staffed)
    try:
        raised = perform(folder, raise_signal, asked_by("epidemiologist", now), **RAISED)
        assert raised["status"] == "raised"
        seen = perform(folder, list_signals, asked_by("county_officer@11", now))
        assert [signal["signal"] for signal in seen["signals"]] == [raised["signal"]]
        with pytest.raises(NotAllowed, match=r"grid_worker may not do signal\.verify"):
            perform(folder, decide_signal, asked_by("grid_worker", now), signal=raised["signal"], decision="verify")
    finally:
        socket.close()


def test_the_socket_is_the_servers_account_alone(staffed: Store) -> None:
    socket = WriterSocket(staffed)
    try:
        mode = staffed.deployment.socket.stat().st_mode
        assert stat.S_IMODE(mode) == 0o600
    finally:
        socket.close()
    assert not staffed.deployment.socket.exists()


def test_without_a_server_a_second_embedded_writer_is_refused_and_told_who_writes(
    staffed: Store, now: datetime
) -> None:
    if not staffed.deployment.is_embedded:
        again = perform(staffed.deployment.folder, raise_signal, asked_by("epidemiologist", now), **RAISED)
        assert again["status"] == "raised"  # on PostgreSQL many processes write, each with a chain of its own
        return
    with pytest.raises(WriterBusy, match=f"process {os.getpid()} is writing to"):
        perform(staffed.deployment.folder, list_signals, asked_by("epidemiologist", now))


def test_a_socket_left_by_a_killed_server_is_no_hindrance(staffed: Store, now: datetime) -> None:
    left: Path = staffed.deployment.socket
    left.touch()
    socket = WriterSocket(staffed)
    try:
        seen = perform(staffed.deployment.folder, list_signals, asked_by("epidemiologist", now))
        assert seen == {"signals": []}
    finally:
        socket.close()
