"""Being the writer of a deployment until stopped; apart, for a web server would slow every other command's start."""

import signal
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, closing
from datetime import datetime
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from ringfence.access import LINK_PAGE, open_first_link
from ringfence.api import PREFIX, Delivering, make_api
from ringfence.cli.clocks import KeepingClocks
from ringfence.cli.frame import Frame
from ringfence.cli.socket_server import WriterSocket
from ringfence.console import make_console
from ringfence.store import Store, open_store

_LONGEST_GOODBYE_S = 10
"""How long requests that are on their way may take once the server is asked to stop."""


def answer_until_stopped(frame: Frame, folder: Path, *, clock: Callable[[], datetime], port: int) -> None:
    """Be the writer of a deployment: commands over the socket, API and console on this machine, until stopped.

    Clocks are kept, so that what is due by itself happens. What is on its way when the stop comes is answered; then the
    lease is let go. While nobody ever signed in, a link
    is printed by which the first administrator comes in once.
    """
    with ExitStack() as open_things:
        store = open_things.enter_context(closing(open_store(folder)))
        open_things.enter_context(closing(WriterSocket(store)))
        open_things.enter_context(closing(KeepingClocks(store, clock=clock)))
        page = f"http://127.0.0.1:{port}" if port else ""
        if port:
            open_things.enter_context(closing(Delivering(store, clock=clock, is_private_allowed=False)))
            open_things.enter_context(_serving(join_apps(store, clock=clock), port=port))
            _show_first_link(frame, store, page, now=clock())
        answer = {"socket": str(store.deployment.socket), "page": page, "api": page and page + PREFIX}
        frame.show(answer, "Answering commands at {socket}; the page: {page}, the API: {api} (stop with Ctrl-C)")
        _wait_for_stop()


def join_apps(store: Store, *, clock: Callable[[], datetime]) -> ASGIApp:
    """API and console of one open store on one server: the same accounts, the same sessions."""
    api, console = make_api(store, clock=clock), make_console(store, clock=clock)
    return Starlette(routes=[Mount(PREFIX, api), Mount("/", console)])


def _show_first_link(frame: Frame, store: Store, page: str, *, now: datetime) -> None:
    link = open_first_link(store, now=now)
    if link is not None:
        answer = {"user": link.user_id, "link": f"{page}{LINK_PAGE}{link.token}", "until": link.expires_at.isoformat()}
        frame.show(answer, "Nobody has signed in yet. {user} comes in once by this link, until {until}:\n{link}")


def _serving(app: ASGIApp, *, port: int) -> AbstractContextManager[object]:
    """A server in a thread of its own, for the main thread waits for signals."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=_LONGEST_GOODBYE_S
    )
    return closing(_Serving(uvicorn.Server(config)))


class _Serving:
    """A running server; closing it lets the requests that are on their way come to their end."""

    def __init__(self, server: uvicorn.Server) -> None:
        self._server = server
        self._thread = threading.Thread(target=server.run, name="ringfence-web", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop answering."""
        self._server.should_exit = True
        self._thread.join()


def _wait_for_stop() -> None:
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()
