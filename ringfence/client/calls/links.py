"""The calls of links. Made from the description of the API by `tools/docs.py`; do not edit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ringfence.client.room import Room, in_path
from ringfence.terms import LinkAnswer


@dataclass(frozen=True, kw_only=True)
class Band:
    """Decided pairs of a tenth of stated probability: what was stated on average, what was true."""

    stated_from: float
    pairs: int
    stated: float
    true: float


Verdict = Literal["same", "different"]


@dataclass(frozen=True, kw_only=True)
class PairField:
    """What is written of the two in one field, and its weight; field `prior` weighs before anything is compared."""

    field: str
    row: str
    candidate: str
    bits: float | None = None


@dataclass(frozen=True, kw_only=True)
class ReviewRow:
    """A pair somebody has to look at: the number of a row, and whom the model took it for."""

    review_no: int
    person_no: int
    candidate_no: int
    batch_no: int
    probability: float
    weight: float | None
    margin: float | None
    model: str


@dataclass(frozen=True, kw_only=True)
class ReviewStands:
    """How a pair stands now."""

    review_no: int
    status: str


@dataclass(frozen=True, kw_only=True)
class WhoItIs:
    """Who that is, and what the answer rests on; before an order, somebody asks unless it is certain."""

    answer: LinkAnswer
    person_no: int | None
    household_no: int | None
    probability: float | None
    how: str
    is_certain: bool
    model: str


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What the model stated, against what was decided since."""

    bands: list[Band]


@dataclass(frozen=True, kw_only=True)
class DecidedRow:
    """A decision that can be taken back."""

    review_no: int
    person_no: int
    candidate_no: int
    probability: float
    model: str
    status: Verdict
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class PairShown:
    """An open pair side by side."""

    review_no: int
    fields: list[PairField]


@dataclass(frozen=True, kw_only=True)
class Reviews:
    """The open pairs, the likeliest first."""

    rows: list[ReviewRow]


@dataclass(frozen=True, kw_only=True)
class Decided:
    """The decisions, the last first."""

    rows: list[DecidedRow]


class LinksCalls(Room):
    """The calls of links."""

    def ask_who(
        self,
        *,
        name: str = "",
        sex: str = "",
        birth_date: str = "",
        id_number: str = "",
        phone: str = "",
        address: str = "",
    ) -> WhoItIs:
        """Who one row is about, while somebody waits; the look is on record (POST /link-answers)."""
        return self._ask(
            WhoItIs,
            "POST",
            "/link-answers",
            None,
            {
                "name": name,
                "sex": sex,
                "birth_date": birth_date,
                "id_number": id_number,
                "phone": phone,
                "address": address,
            },
        )

    def list_reviews(self, *, most: int = 50) -> Reviews:
        """Pairs that somebody has to look at (GET /link-reviews)."""
        return self._ask(Reviews, "GET", "/link-reviews", {"most": most})

    def list_decided(self, *, most: int = 50) -> Decided:
        """What was decided of such pairs (GET /link-decisions)."""
        return self._ask(Decided, "GET", "/link-decisions", {"most": most})

    def show_pair(self, review_no: int) -> PairShown:
        """What is written of both, side by side; the look is on record (GET /link-reviews/{review_no})."""
        return self._ask(PairShown, "GET", f"/link-reviews/{in_path(review_no)}")

    def decide_review(self, review_no: int, *, verdict: Verdict) -> ReviewStands:
        """Whether the two are one person (POST /link-reviews/{review_no}/decide)."""
        return self._ask(ReviewStands, "POST", f"/link-reviews/{in_path(review_no)}/decide", None, {"verdict": verdict})

    def undo_review(self, review_no: int) -> ReviewStands:
        """Take a decision back (POST /link-reviews/{review_no}/undo)."""
        return self._ask(ReviewStands, "POST", f"/link-reviews/{in_path(review_no)}/undo")

    def read_calibration(self) -> Calibration:
        """What the model stated, against what was decided (GET /link-calibration)."""
        return self._ask(Calibration, "GET", "/link-calibration")
