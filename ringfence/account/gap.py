"""What a gap check answers: something that should be so and is not (policy 7.2)."""

from dataclasses import dataclass
from datetime import datetime

from ringfence.terms import Level, Reason, Subject, SubjectKind


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A gap with its clause and reason; no person's number stands in one, for inspectors read findings.

    Whoever answers for it is `unit` where that is known, else the nearest unit of at least `level` at `owner_path` (by
    itself the gap's own area) or above. `seen_at` is when it was there.
    """

    subject: Subject
    clause: str
    reason: Reason
    area_path: str
    seen_at: datetime
    unit: str = ""
    level: Level = Level.TOWNSHIP
    owner_path: str = ""

    @property
    def key(self) -> str:
        """The same for the same gap, whenever it is found: what is missing, and of what."""
        return f"{self.reason.code}/{self.subject}"


def area_subject(area_path: str) -> Subject:
    """The area of a path."""
    return Subject(SubjectKind.AREA, area_path.rstrip("/").rpartition("/")[2])


def above(area_path: str) -> str:
    """The path of the area that an area lies in; empty for the top."""
    return "".join(f"{code}/" for code in area_path.split("/")[:-2])
