"""A passage: a vehicle or a walker with everybody in it, registered at once and linked to persons after (policy 1.3).

Kept are gate, lane and time, the person by number, plate or trip and seat, verdict and reason, sample time,
temperature band, and what it was checked by; never a code, a certificate or what it says. Until it is linked an
occupant's identity lies sealed under the key of its day, and goes when the number is there.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from ringfence.access import check_can
from ringfence.errors import InputRefused, KeysMissing
from ringfence.gate.plates import normalise_plate
from ringfence.gate.verdicts import Verdict
from ringfence.policy import Permission
from ringfence.store import Act, Store, seal
from ringfence.terms import Clock, PersonNo, PlaceNo, Reason, to_us

KNOWN_PASSAGES = "select passage_id from passage where passage_id in :among"

GATES_AMONG = "select place_no, area_path from place where kind = 'gate' and place_no in :among"

INSERT_PASSAGE = """
insert into passage (passage_id, gate, lane, passed_at, day, vehicle, trip, origin_area, bound_area, standards, sheet,
    area_path, registered_by, recorded_at)
values (:passage_id, :gate, :lane, :passed_at, :day, :vehicle, :trip, :origin_area, :bound_area, :standards, :sheet,
    :area_path, :actor, :now)
on conflict (passage_id) do nothing
"""

INSERT_OCCUPANT = """
insert into passage_occupant (passage_id, occupant_no, seat, verdict, reason, next_step, sampled_at, temperature,
    person, key_id, sealed, recorded_at)
values (:passage_id, :occupant_no, :seat, :verdict, :reason, :next_step, :sampled_at, :temperature, :person, :key_id,
    :sealed, :now)
on conflict (passage_id, occupant_no) do nothing
"""

Identity: TypeAlias = Mapping[str, str]
"""Who somebody says they are, by the fields that linking reads: name, id_number, birth_date, phone, ..."""

Key: TypeAlias = tuple[str, bytes]
"""A data key's id, and the key."""


class TemperatureBand(StrEnum):
    """All that is kept of a temperature."""

    NOT_MEASURED = ""
    BELOW_LIMIT = "below_limit"
    AT_LIMIT = "at_limit"


@dataclass(frozen=True, kw_only=True)
class Occupant:
    """One of those in a vehicle, and what the gate said to them; `person` where the number is known at once."""

    verdict: Verdict
    temperature: TemperatureBand = TemperatureBand.NOT_MEASURED
    sampled_at: datetime | None = None
    seat: str = ""
    person: PersonNo | None = None
    identity: Identity | None = None


@dataclass(frozen=True, kw_only=True)
class Passage:
    """One arrival at a lane. `passage_id` is the device's own UUID: sent again, it is the same passage.

    `standards` says which policy, rules and lists it was checked by; `sheet` numbers the paper it was first written on.
    """

    passage_id: str
    gate: PlaceNo
    lane: int
    passed_at: datetime
    occupants: tuple[Occupant, ...]
    vehicle: str = ""
    trip: str = ""
    origin_area: str | None = None
    bound_area: str | None = None
    standards: str = ""
    sheet: str = ""


def band_of(celsius: float | None, *, fever: float) -> TemperatureBand:
    """What is kept of a temperature."""
    if celsius is None:
        return TemperatureBand.NOT_MEASURED
    return TemperatureBand.BELOW_LIMIT if celsius < fever else TemperatureBand.AT_LIMIT


def register_passages(act: Act, passages: Sequence[Passage], *, store: Store) -> list[str]:
    """Keep passages, each once however often it is sent; the ids that were new.

    InputRefused for a gate nobody knows, a passage without occupants and one of a day to come: then none is kept.
    """
    paths = _check_may_register(act, passages)
    known = {row.passage_id for row in act.rows_among(KNOWN_PASSAGES, [one.passage_id for one in passages])}
    fresh = list({one.passage_id: one for one in passages if one.passage_id not in known}.values())
    for one in fresh:
        _check_passage(one, clock=store.clock, now=act.now)
    act.run_many(INSERT_PASSAGE, [_row(one, act, path=paths[one.gate], clock=store.clock) for one in fresh])
    act.run_many(INSERT_OCCUPANT, list(_occupant_rows(fresh, act, store=store)))
    act.note("passages.registered", count=len(fresh), known=len(passages) - len(fresh))
    return [one.passage_id for one in fresh]


def _check_may_register(act: Act, passages: Sequence[Passage]) -> dict[PlaceNo, str]:
    """The area path of each gate."""
    gates = {one.gate for one in passages}
    paths = {row.place_no: row.area_path for row in act.rows_among(GATES_AMONG, gates)}
    if unknown := gates - paths.keys():
        raise InputRefused("place {gate} is no gate of this city; register the gate first", gate=min(unknown))
    for path in set(paths.values()):
        check_can(act, Permission.PASSAGE_RECORD, area_path=path)
    return paths


def _check_passage(passage: Passage, *, clock: Clock, now: datetime) -> None:
    if not passage.occupants:
        raise InputRefused("passage {passage} has nobody in it; count the driver too", passage=passage.passage_id)
    if clock.day_of(passage.passed_at) > clock.day_of(now) + 1:  # a device may be a little ahead around midnight
        raise InputRefused(
            "passage {passage} lies in a day to come; set the device's clock right", passage=passage.passage_id
        )


def _row(passage: Passage, act: Act, *, path: str, clock: Clock) -> dict[str, Any]:
    return {
        "passage_id": passage.passage_id,
        "gate": passage.gate,
        "lane": passage.lane,
        "passed_at": to_us(passage.passed_at),
        "day": clock.day_of(passage.passed_at),
        "vehicle": normalise_plate(passage.vehicle),
        "trip": passage.trip,
        "origin_area": passage.origin_area,
        "bound_area": passage.bound_area,
        "standards": passage.standards,
        "sheet": passage.sheet,
        "area_path": path,
        "actor": act.actor.actor_id,
        "now": to_us(act.now),
    }


def _occupant_rows(passages: Iterable[Passage], act: Act, *, store: Store) -> Iterable[dict[str, Any]]:
    keys: dict[int, Key] = {}
    for passage in passages:
        day = store.clock.day_of(passage.passed_at)
        for number, occupant in enumerate(passage.occupants, start=1):
            key = None
            if occupant.identity is not None:
                key = keys.get(day) or keys.setdefault(day, _key_of(act, day, store=store))
            yield _occupant_row(passage.passage_id, number, occupant, act=act, key=key)


def _occupant_row(passage_id: str, number: int, occupant: Occupant, *, act: Act, key: Key | None) -> dict[str, Any]:
    reason, next_step = occupant.verdict.reason, occupant.verdict.next_step
    return {
        "passage_id": passage_id,
        "occupant_no": number,
        "seat": occupant.seat,
        "verdict": occupant.verdict.decision,
        "reason": reason.to_json() if isinstance(reason, Reason) else "",
        "next_step": next_step or "",
        "sampled_at": None if occupant.sampled_at is None else to_us(occupant.sampled_at),
        "temperature": occupant.temperature,
        "person": occupant.person,
        "key_id": key[0] if key else None,
        "sealed": _sealed(occupant.identity, key, place=place_of(passage_id, number)),
        "now": to_us(act.now),
    }


def place_of(passage_id: str, number: int) -> str:
    """Where an occupant's sealed identity is kept, which it is bound to."""
    return f"passage_occupant/{passage_id}/{number}"


def key_use(day: int) -> str:
    """What the key of a local day's identities is called."""
    return f"gate identity {day}"


def _sealed(identity: Identity | None, key: Key | None, *, place: str) -> bytes | None:
    if identity is None or key is None:
        return None
    return seal(key[1], json.dumps(dict(identity), ensure_ascii=False).encode(), place=place)


def _key_of(act: Act, day: int, *, store: Store) -> Key:
    try:
        found = store.keys.newest(key_use(day), ask=act.rows)
    except KeysMissing:  # the first of the day
        found = store.keys.make(act, key_use(day))
    return found.key_id, found.key
