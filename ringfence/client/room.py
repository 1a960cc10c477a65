"""What the calls of every room share: asking, walking a list, keeping a file, and the answer as what it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import quote

import httpx2
import msgspec

from ringfence.client.asking import Asking

Answered = TypeVar("Answered")

_PAGE = 500


@dataclass(frozen=True)
class FileAnswer:
    """A file as it was answered; `headers` say what it is called and counts."""

    content: bytes
    headers: Mapping[str, str]


class Room:
    """Calls of one part of the API, over one connection; the errors are those of `Asking.ask`."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def _ask(  # noqa: PLR0917 - these are the parts of a request
        self,
        kind: type[Answered],
        method: str,
        path: str,
        params: Mapping[str, object] | None = None,
        body: Mapping[str, object] | None = None,
        content: bytes | None = None,
    ) -> Answered:
        """The answer to a request, as the type it has."""
        return msgspec.convert(self._send(method, path, params, body, content).json(), kind)

    def _keep(self, method: str, path: str, *parts: Any) -> FileAnswer:  # noqa: ANN401 - params, body and content as above
        """The answer to a request that is a file."""
        answer = self._send(method, path, *parts)
        return FileAnswer(answer.content, dict(answer.headers))

    def _walk(self, kind: type[Answered], path: str, params: Mapping[str, object]) -> Iterator[Answered]:
        """The rows of a list, a page at a time as they are walked; breaking off costs nothing."""
        cursor: str | None = None
        while True:
            page = self._send("GET", path, {**params, "limit": _PAGE, "after": cursor}).json()
            yield from msgspec.convert(page["rows"], list[kind])  # type: ignore[valid-type] # a type made as it runs
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def _send(
        self,
        method: str,
        path: str,
        params: Mapping[str, object] | None = None,
        body: Mapping[str, object] | None = None,
        content: bytes | None = None,
    ) -> httpx2.Response:
        """One request; what is None was not said, and the server decides."""
        said: dict[str, Any] = {"params": {name: written(value) for name, value in _said(params or {}).items()}}
        if body is not None:
            said["json"] = msgspec.to_builtins(_said(body))
        if content is not None:
            said["content"] = content
        return self._asking.ask(method, path, **said)


def written(value: object) -> str:
    """A value as an address has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def in_path(value: object) -> str:
    """A value as a part of a path; nothing in it leads elsewhere."""
    return quote(written(value), safe="")


def _said(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}
