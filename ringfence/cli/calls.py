"""Calls: what the command line asks of a deployment, answered here as its writer or by the server that already is.

A call is a function of this package that takes an open store and plain values and returns plain values, so that the
same call works in this process and over the writer's socket. Whoever can open the socket is the account that runs the
server: the socket lies in the deployment's folder with that account's rights alone.
"""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeAlias

from ringfence import errors
from ringfence.errors import RingfenceError, Unusable, WriterBusy
from ringfence.store import Store, open_store, read_deployment
from ringfence.terms import Actor

THIS_MACHINE = "this machine"
"""The address that passwords typed at the command line come from."""

Answer: TypeAlias = dict[str, Any]
"""What a call says: plain values, as JSON has them."""

Progress: TypeAlias = Callable[[str, float], None]
"""Told what is being done and how much of it, from 0 to 1."""

Values = ParamSpec("Values")


class Stream(Protocol):
    """The two ends of a socket as a file."""

    def write(self, line: bytes, /) -> object:
        """Send."""

    def flush(self) -> None:
        """Send what was held back."""


@dataclass(frozen=True)
class Asked:
    """Who asks, when, and whom to tell how far it is."""

    actor: Actor
    now: datetime
    progress: Progress


CALLS: dict[str, Callable[..., Answer]] = {}

Call: TypeAlias = Callable[Concatenate[Store, Asked, Values], Answer]


def call(function: Call[Values]) -> Call[Values]:
    """Register a function as a call under its own name."""
    CALLS[function.__name__] = function
    return function


def perform(folder: Path, function: Callable[..., Answer], asked: Asked, /, **values: object) -> Answer:
    """The answer to a call: from the server that holds the lease, else from here with the lease taken for as long."""
    deployment = read_deployment(folder)
    try:
        store = open_store(folder)
    except WriterBusy as busy:
        try:
            return _ask_server(deployment.socket, function.__name__, asked, values)
        except ConnectionError:
            raise busy from None
    try:
        return function(store, asked, **values)
    finally:
        store.close()


def answer_line(store: Store, line: bytes, out: Stream) -> None:
    """Answer one request of the socket: a line of JSON in, lines of progress and one of answer or error out."""

    def send(message: Answer) -> None:
        out.write(json.dumps(message, ensure_ascii=False, default=str).encode() + b"\n")
        out.flush()

    try:
        request = json.loads(line)
        actor, now = Actor(request["actor"]), datetime.fromisoformat(request["now"])
        asked = Asked(actor, now, lambda what, share: send({"progress": [what, share]}))
        send({"answer": CALLS[request["call"]](store, asked, **request["values"])})
    except RingfenceError as error:
        send({"error": type(error).__name__, "sentence": error.sentence, "values": error.values})


def _ask_server(path: Path, name: str, asked: Asked, values: dict[str, object]) -> Answer:
    request = {"call": name, "actor": asked.actor.actor_id, "now": asked.now.isoformat(), "values": values}
    with _connected(path) as connection, connection.makefile("rwb") as stream:
        stream.write(json.dumps(request, ensure_ascii=False, default=str).encode() + b"\n")
        stream.flush()
        for line in stream:
            message: Answer = json.loads(line)
            if "answer" in message:
                return dict(message["answer"])
            if "error" in message:
                raise getattr(errors, message["error"])(message["sentence"], **message["values"])
            asked.progress(*message["progress"])
    raise Unusable("the server ended before it answered; look at its log, then ask again")


@contextmanager
def _connected(path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError) as error:
            raise ConnectionError from error
        yield connection
