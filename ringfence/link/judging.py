"""What rules and weights come to for one row: TIERS, JUDGE and HOUSEHOLDS, without a statement (policy 2.1, 2.3)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from operator import itemgetter
from typing import Any

from ringfence.link.answers import How
from ringfence.link.model import Model
from ringfence.link.reading import Normal
from ringfence.link.tiers import Tier
from ringfence.terms import LinkAnswer

Person = dict[str, Any]
Answer = dict[str, Any]

RANKS = {tier: rank for rank, tier in enumerate(Tier, 1)}
OVERRULING = {Tier.ID_AND_NAME, Tier.NAME_BIRTH_DATE_RELATIVE, Tier.ID_NUMBER_ALONE}
"""Rules that hold although the row's number is somebody's."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A known person beside the row: the weight in bits, and what the model says of the pair."""

    known_id: int
    household_id: int | None
    weight: float
    is_near: bool
    is_slip: bool
    is_namesake: bool
    has_other_name: bool
    has_other_id: bool
    parts: Sequence[float]


def find_tier(sought: Normal, people: Collection[Person]) -> Answer | None:
    """The answer of the strongest rule that exactly one person fits, None where there is none (TIERS)."""
    fitting: dict[Tier, list[Person]] = defaultdict(list)
    for known in people:
        for tier in _fits(sought, known):
            fitting[tier].append(known)
    fitting[Tier.NAME_BIRTH_DATE_RELATIVE] = _find_relatives(sought, people)
    is_held = any(_is_holder(sought, known) and known["is_id_valid"] for known in people)
    for tier in sorted(Tier, key=RANKS.__getitem__):
        if len(fitting[tier]) == 1 and (tier in OVERRULING or not is_held):
            [known] = fitting[tier]
            return _name(LinkAnswer.PERSON, known["unique_id"], known["household_id"], how=tier)
    return None


class Judge:
    """A model's bands, and how often each kind of answer was right."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._certainty: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
        for line in sorted(model.certainty, key=itemgetter("from_odds")):
            self._certainty[line["how"], line["answer"]].append((line["from_odds"], line["probability"]))

    def answer(self, weighed: Sequence[Weighed], households: Mapping[How, int | None]) -> Answer:
        """JUDGE, then `households` (that of the door, phone or number, the best first), else nobody."""
        judged = self._judge(weighed)
        if judged is not None and judged["answer"] != LinkAnswer.NONE:
            return judged
        for how, household in households.items():
            if household is not None:
                return _name(LinkAnswer.HOUSEHOLD, None, household, how=how)
        return judged or _name(LinkAnswer.NONE, None, None, how=How.SPLINK)

    def state(self, answer: Mapping[str, Any]) -> float | None:
        """The probability that an answer is right, as LINKS states it."""
        weight, margin = answer["weight"], answer["margin"]
        odds = 0.0 if weight is None else weight - log2(1 + (0 if margin is None else 2 ** (weight - margin)))
        shares = [share for first, share in self._certainty[answer["how"], answer["answer"]] if first <= odds]
        return shares[-1] if shares else None

    def _judge(self, weighed: Sequence[Weighed]) -> Answer | None:
        if not weighed:
            return None
        best, *others = sorted(weighed, key=lambda one: (-one.weight, one.known_id))
        margin = best.weight - others[0].weight if others else None
        answer = self._decide(best, weighed, margin)
        person = best.known_id if answer in {LinkAnswer.PERSON, LinkAnswer.REVIEW} else None
        household = None if answer is LinkAnswer.NONE else best.household_id
        return _name(answer, person, household, how=How.SPLINK) | {
            "weight": best.weight,
            "margin": margin,
            "weights": list(best.parts) if answer is LinkAnswer.REVIEW else None,
        }

    def _decide(self, best: Weighed, weighed: Sequence[Weighed], margin: float | None) -> LinkAnswer:
        model, is_heavy = self._model, best.weight >= self._model.person_weight
        is_near = best.is_near or (best.is_slip and not any(one.is_namesake for one in weighed))
        is_contradicted = best.has_other_id or any(one.has_other_name for one in weighed)
        is_ahead = margin is None or margin >= model.least_margin
        if is_heavy and is_near and not is_contradicted and is_ahead:
            return LinkAnswer.PERSON
        households = {one.household_id for one in weighed if one.weight >= model.person_weight}
        if is_heavy and len(households) == 1 and None not in households:
            return LinkAnswer.HOUSEHOLD
        if is_heavy or (best.weight >= model.review_weight and is_near):
            return LinkAnswer.REVIEW
        return LinkAnswer.NONE


def _fits(sought: Normal, known: Person) -> list[Tier]:
    """TIER_PAIRS."""
    found = _fits_number(sought, known) if _is_holder(sought, known) else []
    if not _is(sought, known, "name") or _has_other_id(sought, known):
        return found
    is_phone, is_born = _is(sought, known, "phone"), _is(sought, known, "birth_date")
    is_door = _is(sought, known, "address_key") and _may_be(sought, known, "county")
    if is_phone and is_born:
        found.append(Tier.NAME_PHONE_BIRTH_DATE)
    if is_phone and is_door and _may_be_born(sought, known):
        found.append(Tier.NAME_PHONE_ADDRESS)
    if is_born and is_door:
        found.append(Tier.NAME_BIRTH_DATE_ADDRESS)
    return found


def _find_relatives(sought: Normal, people: Collection[Person]) -> list[Person]:
    """RELATIVE_PAIRS."""
    lenders = {
        known["household_id"]
        for known in people
        if _is_holder(sought, known) and _differs(sought, known, "sounds") and _differs(sought, known, "birth_date")
    }
    return [
        known
        for known in people
        for household in lenders
        if known["household_id"] == household is not None
        and _is(sought, known, "name")
        and _is(sought, known, "birth_date")
    ]


def _fits_number(sought: Normal, known: Person) -> list[Tier]:
    """By a number that is the person's: the name sounds the same, is cut short, or is nothing but the surname."""
    one, other = str(known["name"] or ""), str(sought["name"] or "")
    is_born, is_sex = _may_be(sought, known, "birth_date"), _may_be(sought, known, "sex")
    if min(len(one), len(other)) <= 1:
        is_alone = (not one or not other or one[0] == other[0]) and is_born and is_sex
        return [Tier.ID_NUMBER_ALONE] if is_alone else []
    if _is(sought, known, "sounds"):
        return [Tier.ID_AND_NAME] if is_born or is_sex else []
    is_cut = (one.startswith(other) or other.startswith(one)) and is_born and is_sex
    return [Tier.ID_AND_NAME] if is_cut else []


def _may_be_born(sought: Normal, known: Person) -> bool:
    """Whether the year is the same, or month and day."""
    one, other = str(sought["birth_date"]), str(known["birth_date"])
    is_alike = one[:4] == other[:4] or one[-5:] == other[-5:]
    return is_alike or None in (sought["birth_date"], known["birth_date"])


def _is_holder(sought: Normal, known: Person) -> bool:
    return bool(sought["is_id_valid"]) and _is(sought, known, "id_number")


def _has_other_id(sought: Normal, known: Person) -> bool:
    return bool(sought["is_id_valid"] and known["is_id_valid"]) and sought["id_number"] != known["id_number"]


def _is(sought: Normal, known: Person, column: str) -> bool:
    return sought[column] is not None and sought[column] == known[column]


def _differs(sought: Normal, known: Person, column: str) -> bool:
    return None not in (sought[column], known[column]) and sought[column] != known[column]


def _may_be(sought: Normal, known: Person, column: str) -> bool:
    return None in (sought[column], known[column]) or sought[column] == known[column]


def _name(answer: LinkAnswer, person: int | None, household: int | None, *, how: str) -> Answer:
    return {"answer": answer, "person_id": person, "household_id": household, "how": how}
