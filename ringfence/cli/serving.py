"""Being the writer of a deployment until stopped; apart, for a web server would slow every other command's start."""

import signal
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import uvicorn

from ringfence.cli.frame import Frame
from ringfence.cli.socket_server import WriterSocket
from ringfence.console import make_app
from ringfence.store import open_store
from ringfence.terms import Actor


def answer_until_stopped(frame: Frame, folder: Path, *, actor: Actor, clock: Callable[[], datetime], port: int) -> None:
    """Be the writer of a deployment: answer commands over the socket, show the page on this machine, until stopped."""
    store = open_store(folder)
    door = WriterSocket(store)
    server = uvicorn.Server(
        uvicorn.Config(make_app(store, actor=actor, clock=clock), host="127.0.0.1", port=port, log_level="warning")
    )
    thread = threading.Thread(target=server.run, name="ringfence-page", daemon=True)
    if port:
        thread.start()
    answer = {"socket": str(store.deployment.socket), "page": f"http://127.0.0.1:{port}/" if port else ""}
    frame.show(answer, "Answering commands at {socket}; the page: {page} (stop with Ctrl-C)")
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()
    server.should_exit = True
    if port:
        thread.join()
    door.close()
    store.close()
