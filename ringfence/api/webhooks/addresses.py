"""Where a webhook may lead: to hosts outside, never into the deployment's own network unless it allows that.

A name is resolved once, every address it has is judged, and the connection goes to the address that was judged: a name
that says something else a moment later leads nowhere.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from ringfence.errors import InputRefused

_PORTS = {"https": 443, "http": 80}
_TIMEOUT_S = 10
_MOST_READ = 65_536


def check_address(address: str, *, is_private_allowed: bool) -> None:
    """InputRefused for what is no web address, has a password in it, or leads inside where that is not allowed."""
    _resolve(_split(address, is_private_allowed=is_private_allowed), is_private_allowed=is_private_allowed)


def post(address: str, body: bytes, *, headers: Mapping[str, str], is_private_allowed: bool) -> int:
    """The status an address answers with; OSError where it cannot be reached, InputRefused where it may not be.

    A redirection is an answer like any other: it is not followed.
    """
    parts = _split(address, is_private_allowed=is_private_allowed)
    reached = _resolve(parts, is_private_allowed=is_private_allowed)
    connection = _Pinned(parts, reached)
    try:
        target = parts.path or "/"
        connection.request(
            "POST", f"{target}?{parts.query}" if parts.query else target, body=body, headers=dict(headers)
        )
        answer = connection.getresponse()
        answer.read(_MOST_READ)
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    else:
        return answer.status
    finally:
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was judged, which still names its host in the request and the certificate."""

    def __init__(self, parts: SplitResult, reached: str) -> None:
        super().__init__(parts.hostname or "", parts.port or _PORTS[parts.scheme], timeout=_TIMEOUT_S)
        self._reached = reached
        self._is_secure = parts.scheme == "https"

    def connect(self) -> None:
        """Connect where it was judged to lead."""
        found = socket.create_connection((self._reached, self.port), _TIMEOUT_S)
        self.sock = (
            ssl.create_default_context().wrap_socket(found, server_hostname=self.host) if self._is_secure else found
        )


def _split(address: str, *, is_private_allowed: bool) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port  # reading it judges it
    except ValueError:
        parts = urlsplit("")
    schemes = _PORTS if is_private_allowed else {"https"}
    if parts.scheme not in schemes or not parts.hostname or parts.username or parts.password or parts.fragment:
        raise InputRefused("a webhook goes to an address such as https://host/path, without a password in it")
    return parts


def _resolve(parts: SplitResult, *, is_private_allowed: bool) -> str:
    """The address a host's name leads to; each that it has must be one that everybody on the internet may reach."""
    port = parts.port or _PORTS[parts.scheme]
    try:
        found = [info[4][0] for info in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise InputRefused("the host of a webhook is not known; mend its name") from error
    inside = [one for one in found if not ipaddress.ip_address(one).is_global]
    if inside and not is_private_allowed:
        raise InputRefused("a webhook may not lead into this network; choose an address outside")
    return str(found[0])
