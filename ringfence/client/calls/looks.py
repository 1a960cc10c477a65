"""The calls of looks. Made from the description of the API by `tools/docs.py`; do not edit."""

from dataclasses import dataclass
from datetime import datetime

from ringfence.client.calls.shared import Count, Done
from ringfence.client.room import Room, in_path


@dataclass(frozen=True, kw_only=True)
class LookRow:
    """A look that waits for its review; whom it was at stays sealed in the ledger."""

    review_id: int
    chain: int
    seq: int
    looked_by: str
    looked_at: datetime
    action: str
    purpose: str


@dataclass(frozen=True, kw_only=True)
class Looks:
    """The looks that wait, the oldest draw first."""

    rows: list[LookRow]


class LooksCalls(Room):
    """The calls of looks."""

    def plant_canaries(self, *, names: list[str]) -> Count:
        """Plant canary persons (POST /canaries)."""
        return self._ask(Count, "POST", "/canaries", None, {"names": names})

    def list_reviews(self) -> Looks:
        """The looks that wait for a review (GET /look-reviews)."""
        return self._ask(Looks, "GET", "/look-reviews")

    def draw_reviews(self, *, seed: int) -> Count:
        """Draw the looks of the last whole week that are to be reviewed (POST /look-reviews/draws)."""
        return self._ask(Count, "POST", "/look-reviews/draws", None, {"seed": seed})

    def answer_review(self, review_id: int, *, is_justified: bool) -> Done:
        """Say whether somebody else's look was justified (POST /look-reviews/{review_id}/answer)."""
        return self._ask(
            Done, "POST", f"/look-reviews/{in_path(review_id)}/answer", None, {"is_justified": is_justified}
        )
