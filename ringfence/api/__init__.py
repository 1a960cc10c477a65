"""API: everything the command line does, over HTTP, versioned and described by OpenAPI (policy 6.4, 7.1)."""

from ringfence.api.app import PREFIX, make_api
from ringfence.api.webhooks import Delivering

__all__ = ["PREFIX", "Delivering", "make_api"]
