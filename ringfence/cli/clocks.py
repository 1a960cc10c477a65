"""Keeping clocks while serving: what is due by itself happens without anybody asking (policy 2.6)."""

import threading
from collections.abc import Callable
from datetime import datetime

import structlog

from ringfence import flow, redress
from ringfence.errors import RingfenceError
from ringfence.store import Store
from ringfence.terms import SYSTEM

EVERY_S = 60.0
"""Deadlines are hours: a minute late is in time."""

_log = structlog.get_logger()


class KeepingClocks:
    """A thread that keeps a store's clocks, at once and then every minute, until it is closed."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime], every_s: float = EVERY_S) -> None:
        self._store, self._clock, self._every_s = store, clock, every_s
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ringfence-clocks", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Finish what is being done, then stop."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            now = self._clock()
            for keep in (redress.keep_clocks, flow.arrive):
                self._try(keep, now)
            self._ended.wait(timeout=self._every_s)

    def _try(self, keep: Callable[..., object], now: datetime) -> None:
        """Keep one clock; what fails stays due, and keeps nothing else from happening."""
        try:
            keep(self._store, actor=SYSTEM, now=now)
        except RingfenceError as error:  # the database may be away for a moment
            _log.warning("clocks.stopped", clock=keep.__name__, error=type(error).__name__)
