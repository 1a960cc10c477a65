"""The calls of areas. Made from the description of the API by `tools/docs.py`; do not edit."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ringfence.client.room import Room


@dataclass(frozen=True, kw_only=True)
class Area:
    """One row of the list of areas."""

    area_code: str
    name: str
    level: str
    parent_code: str
    area_path: str


@dataclass(frozen=True, kw_only=True)
class AreasPublished:
    """How many areas were added or renamed."""

    added: int


class AreasCalls(Room):
    """The calls of areas."""

    def list_areas(
        self,
        *,
        sort: Literal["area_path", "-area_path"] = "area_path",
        level: str | None = None,
        parent: str | None = None,
    ) -> Iterator[Area]:
        """The hierarchy of areas (GET /areas)."""
        return self._walk(Area, "/areas", {"sort": sort, "level": level, "parent": parent})

    def publish_areas(self, content: bytes, *, name: str = "upload.csv") -> AreasPublished:
        """Put an area file in (PUT /areas)."""
        return self._ask(AreasPublished, "PUT", "/areas", {"name": name}, None, content)
