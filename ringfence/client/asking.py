"""Asking: one request until it is answered, and a problem as the error of its class.

Every request that changes something has a key of its own, so asking again after a lost answer does nothing twice.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx2

from ringfence import errors
from ringfence.errors import RingfenceError, Unusable
from ringfence.terms import Language

_PROBLEMS: Mapping[str, type[RingfenceError]] = {
    "approval-missing": errors.ApprovalMissing,
    "changed-meanwhile": errors.ChangedMeanwhile,
    "cursor-refused": errors.CursorRefused,
    "input-refused": errors.InputRefused,
    "invalid": errors.InputRefused,
    "no-such-route": errors.NotFound,
    "not-allowed": errors.NotAllowed,
    "not-found": errors.NotFound,
    "not-signed-in": errors.NotSignedIn,
    "password-refused": errors.PasswordRefused,
    "too-large": errors.InputRefused,
    "too-many-requests": errors.TooManyAttempts,
    "transition-refused": errors.TransitionRefused,
}
_ASK_AGAIN = frozenset({429, 502, 503, 504})
_FIRST_PAUSE_S = 0.25
_LONGEST_PAUSE_S = 30.0
_FAILED = 400


@dataclass
class Asking:
    """A connection to an API, the token it asks with, and how patient it is."""

    http: httpx2.Client
    prefix: str
    language: Language
    tries: int = 5
    pause: Callable[[float], None] = field(default=time.sleep)
    token: str = ""

    def ask(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> httpx2.Response:  # noqa: ANN401 - what httpx2 takes
        """The answer to a request; the error of its class for a problem, Unusable where nobody answers."""
        sent = {"Accept-Language": self.language.value, **(headers or {})}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if method != "GET":
            sent.setdefault("Idempotency-Key", str(uuid4()))
        for number in range(self.tries):
            is_last = number == self.tries - 1
            try:
                answer = self.http.request(method, self.prefix + path, headers=sent, **more)
            except httpx2.TransportError as error:
                if is_last:
                    raise Unusable("nobody answers at {address}; is the server up?", address=self.prefix) from error
                self.pause(_FIRST_PAUSE_S * 2**number)
                continue
            if answer.status_code not in _ASK_AGAIN or is_last:
                return _checked(answer)
            self.pause(_asked_pause(answer, number))
        raise Unusable("nobody answers at {address}; is the server up?", address=self.prefix)


def _asked_pause(answer: httpx2.Response, number: int) -> float:
    """The seconds the server asked for, else twice as long each time."""
    asked = answer.headers.get("retry-after", "")
    return min(float(asked) if asked.isdecimal() else _FIRST_PAUSE_S * 2**number, _LONGEST_PAUSE_S)


def _checked(answer: httpx2.Response) -> httpx2.Response:
    if answer.status_code < _FAILED:
        return answer
    try:
        problem = answer.json()
        slug, detail = str(problem["type"]).rpartition(":")[2], str(problem["detail"])
    except (ValueError, KeyError, TypeError):
        slug, detail = "", f"HTTP {answer.status_code}"
    raise _PROBLEMS.get(slug, Unusable)("{detail}", detail=detail)
