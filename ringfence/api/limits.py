"""What a caller may use up: the size of what is sent, how often is asked, how much long work runs at once."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from math import ceil

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ringfence.api.problems import answer_http
from ringfence.errors import Overloaded, TooManyAttempts

LARGEST_BODY = 64 * 1024 * 1024
"""Bytes; a department's file of a million rows is about as large."""

CONTESTS_AT_ONCE, CONTESTS_PER_SECOND = 20, 0.2
"""Of one address that nobody signs in from; a household or an office contests behind one address, hardly more."""

_FORGET_AFTER = 10_000


@dataclass
class RateLimit:
    """A bucket of requests for each session or address, filled at a steady rate; `ticks` counts real seconds."""

    burst: int = 200
    per_second: float = 20.0
    ticks: Callable[[], float] = time.monotonic
    _left: dict[int | str, tuple[float, float]] = field(default_factory=dict)
    _door: threading.Lock = field(default_factory=threading.Lock)

    def take(self, asker: int | str) -> None:
        """Take a request out of an asker's bucket; TooManyAttempts, with the seconds to wait, where it is empty."""
        with self._door:
            now = self.ticks()
            left, since = self._left.get(asker, (float(self.burst), now))
            left = min(self.burst, left + (now - since) * self.per_second)
            self._left[asker] = (max(left - 1, 0.0), now)
            if len(self._left) > _FORGET_AFTER:
                self._left = {key: kept for key, kept in self._left.items() if kept[0] < self.burst - 1}
        if left < 1:
            raise TooManyAttempts(
                "you asked too often; wait {seconds} seconds", seconds=ceil((1 - left) / self.per_second)
            )


@dataclass
class LongWork:
    """Work that takes long and much memory: so much of it at once, and the next is asked to come back."""

    at_once: int = 2
    _free: threading.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._free = threading.Semaphore(self.at_once)

    @contextmanager
    def begin(self) -> Iterator[None]:
        """Do a piece of it; Overloaded, with the seconds to wait, while too much runs."""
        if not self._free.acquire(blocking=False):
            raise Overloaded("other long work runs now; ask again in {seconds} seconds", seconds=30)
        try:
            yield
        finally:
            self._free.release()


class BodyLimit:
    """Stops reading a request that is larger than it may be, whatever length it claims."""

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY) -> None:
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        claimed = request.headers.get("content-length", "0")
        if not claimed.isdecimal() or int(claimed) > self._largest:
            await answer_http(request, self._refusal())(scope, receive, send)
            return
        seen = 0

        async def count() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._largest:
                raise self._refusal()
            return message

        await self._app(scope, count, send)

    @staticmethod
    def _refusal() -> HTTPException:
        return HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
