"""What a change would do, shown before anybody commits it: the shape every dry run answers with."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import TypeAlias

Line: TypeAlias = dict[str, str | int | float | None]
"""One thing a plan touches, by ids and codes only."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The difference a change would make: what it adds, what it releases, and what stands in its way.

    `basis` is the version of whatever the plan was computed against; applying it to another version is refused.
    """

    kind: str
    basis: str
    added: tuple[Line, ...] = field(default=())
    released: tuple[Line, ...] = field(default=())
    conflicting: tuple[Line, ...] = field(default=())

    @property
    def digest(self) -> str:
        """SHA-256 of the whole plan: an approval is an approval of this and nothing else."""
        parts = [self.kind, self.basis, self.added, self.released, self.conflicting]
        text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def is_empty(self) -> bool:
        """Whether applying it would change nothing."""
        return not (self.added or self.released or self.conflicting)
