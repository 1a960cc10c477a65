"""Whether a request that writes was made by our own page: its origin and the session's form token (policy 6.4)."""

import hmac
from collections.abc import Collection
from urllib.parse import urlsplit

from ringfence.access.sessions import Session
from ringfence.errors import NotAllowed

_PORTS = {"http": 80, "https": 443}


def check_csrf(session: Session, given: str | None) -> None:
    """NotAllowed unless a form brought the token of this very session."""
    if not given or not hmac.compare_digest(session.csrf_token.encode(), given.encode(errors="surrogatepass")):
        raise NotAllowed("this form was not made for your session; load the page again and repeat it")


def check_origin(origin: str | None, *, referer: str | None = None, own: Collection[str]) -> None:
    """NotAllowed unless a browser says that the request comes from one of our own origins, such as https://host:8443.

    Browsers name the origin of everything that writes; where one is left out the referring page must be ours, and
    without either the request is refused.
    """
    given = _origin_of(origin if origin is not None else referer)
    if given is None or given not in {_origin_of(each) for each in own}:
        raise NotAllowed("this request came from another site; go to the page itself and repeat it there")


def _origin_of(address: str | None) -> tuple[str, str, int] | None:
    """Scheme, host and port of an address (RFC 6454 section 4); None for 'null' and whatever is no web address."""
    try:
        parts = urlsplit(address or "")
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    return (parts.scheme, parts.hostname, port) if parts.scheme in _PORTS and parts.hostname else None
