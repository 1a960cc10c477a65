"""What a caller may use up: the size of what is sent, how often is asked, how much long work runs at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ringfence.api.problems import answer_http
from ringfence.errors import Overloaded

LARGEST_BODY = 64 * 1024 * 1024
"""Bytes; a department's file of a million rows is about as large."""


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
