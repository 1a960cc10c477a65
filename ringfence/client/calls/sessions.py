"""The calls of sessions. Made from the description of the API by `tools/docs.py`; do not edit."""

from dataclasses import dataclass
from datetime import datetime

from ringfence.client.calls.shared import Done
from ringfence.client.room import Room, in_path


@dataclass(frozen=True, kw_only=True)
class SessionRow:
    """A session of one's own."""

    session_id: int
    way: str
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """The session's token, which is said this once: `Authorization: Bearer TOKEN`."""

    token: str
    user_id: str
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class Sessions:
    """The sessions of an account that hold, and which of them asks."""

    user_id: str
    current: int
    sessions: list[SessionRow]


class SessionsCalls(Room):
    """The calls of sessions."""

    def list_sessions(self) -> Sessions:
        """Your own sessions (GET /sessions)."""
        return self._ask(Sessions, "GET", "/sessions")

    def sign_in(self, *, user_id: str, password: str) -> SignedIn:
        """Sign in with an account and its password (POST /sessions)."""
        return self._ask(SignedIn, "POST", "/sessions", None, {"user_id": user_id, "password": password})

    def sign_out(self, session_id: int) -> Done:
        """End a session (DELETE /sessions/{session_id})."""
        return self._ask(Done, "DELETE", f"/sessions/{in_path(session_id)}")
