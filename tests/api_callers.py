"""Callers of the API for tests: sessions opened without the time a password takes, and requests in their name."""

from datetime import datetime
from typing import Any

from fastapi.testclient import TestClient

from ringfence.access import RateLimit
from ringfence.access.sessions import SignInWay, open_session
from ringfence.api import make_api
from ringfence.policy import Policy, read_in_force
from ringfence.store import Store
from ringfence.terms import SYSTEM


class Api:
    """An application around an open store, with a session for whoever asks."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store = store
        self.now = now
        endless = RateLimit(burst=10**9, per_second=10**9)
        self.app = make_api(store, clock=lambda: self.now, rate_limit=endless)
        self.http = TestClient(self.app, raise_server_exceptions=False)
        self._tokens: dict[str, str] = {}

    def token(self, user: str) -> str:
        """The token of a session of an account."""
        if user not in self._tokens:
            rules = Policy(read_in_force(self.store.desk, now=self.now), self.store.clock.day_of(self.now))
            opened = self.store.act(
                lambda act: open_session(act, user, way=SignInWay.PASSWORD, address_digest="test", policy=rules),
                actor=SYSTEM,
                now=self.now,
            )
            self._tokens[user] = opened.token
        return self._tokens[user]

    def forget_token(self, user: str) -> None:
        """Open another session when the account asks next."""
        self._tokens.pop(user, None)

    def ask(self, user: str | None, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401 - a response
        """The response to a request of an account; of nobody where none is named."""
        headers = dict(more.pop("headers", {}))
        if user is not None:
            headers["Authorization"] = f"Bearer {self.token(user)}"
        return self.http.request(method, path, headers=headers, **more)

    def get(self, user: str, path: str, **params: object) -> Any:  # noqa: ANN401 - JSON
        """What an account reads; the request must be answered."""
        answer = self.ask(user, "GET", path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, user: str, path: str, body: object, **more: Any) -> Any:  # noqa: ANN401 - JSON
        """What an account's request came to; it must be carried out."""
        answer = self.ask(user, "POST", path, json=body, **more)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()
