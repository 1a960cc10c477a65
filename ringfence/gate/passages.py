"""A passage: a vehicle or a walker with everybody in it, registered at once and linked to persons after (policy 1.3).

Kept are gate, lane and time, the person by number, plate or trip and seat, verdict and reason, sample time,
temperature band, and what it was checked by; never a code, a certificate or what it says. Until it is linked an
occupant's identity lies sealed under the key of its day, and goes when the number is there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

import msgspec

from ringfence.access import check_has, may
from ringfence.errors import InputRefused, KeysMissing
from ringfence.gate.plates import normalise_plate
from ringfence.gate.verdicts import Verdict
from ringfence.policy import Permission
from ringfence.store import Act, Store, seal
from ringfence.terms import Actor, PersonNo, PlaceNo, Reason, to_us

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
    return register_together(act, [(act.actor, passages)], store=store)


def register_together(act: Act, sent: Sequence[tuple[Actor, Sequence[Passage]]], *, store: Store) -> list[str]:
    """The same for what several accounts sent, each in their own name: what a desk is asked once is asked for all."""
    passages = [one for _, own in sent for one in own]
    paths = _read_paths(act, passages)
    for actor, own in sent:
        _check_gates(replace(act, actor=actor), {one.gate for one in own}, paths=paths)
    known = {row.passage_id for row in act.rows_among(KNOWN_PASSAGES, [one.passage_id for one in passages])}
    fresh: dict[str, tuple[Actor, Passage]] = {}
    for actor, own in sent:
        new = {one.passage_id: (actor, one) for one in own if one.passage_id not in known}
        known |= new.keys()
        fresh |= new
        replace(act, actor=actor).note("passages.registered", count=len(new), known=len(own) - len(new))
    _insert(act, list(fresh.values()), paths=paths, store=store)
    return list(fresh)


def _read_paths(act: Act, passages: Sequence[Passage]) -> dict[PlaceNo, str]:
    """The area path of each gate."""
    gates = {one.gate for one in passages}
    paths = {row.place_no: row.area_path for row in act.rows_among(GATES_AMONG, gates)}
    if unknown := gates - paths.keys():
        raise _no_gate(min(unknown))
    return paths


def _check_gates(act: Act, gates: Iterable[PlaceNo], *, paths: Mapping[PlaceNo, str]) -> None:
    """A gate of another area is answered like none."""
    check_has(act, Permission.PASSAGE_RECORD)
    for gate in gates:
        if not may(act, Permission.PASSAGE_RECORD, area_path=paths[gate]):
            raise _no_gate(gate)


def _no_gate(gate: PlaceNo) -> InputRefused:
    return InputRefused("place {gate} is no gate of this city; register the gate first", gate=gate)


def _insert(act: Act, fresh: Sequence[tuple[Actor, Passage]], *, paths: Mapping[PlaceNo, str], store: Store) -> None:
    passages = [passage for _, passage in fresh]
    days = {one.passage_id: store.clock.day_of(one.passed_at) for one in passages}
    today, now = store.clock.day_of(act.now), to_us(act.now)
    for one in passages:
        _check_passage(one, day=days[one.passage_id], today=today)
    rows = [
        _row(one, day=days[one.passage_id], path=paths[one.gate]) | {"actor": actor.actor_id, "now": now}
        for actor, one in fresh
    ]
    act.run_many(INSERT_PASSAGE, rows)
    keys = {day: _key_of(act, day, store=store) for day in _days_of_identities(passages, days)}
    occupants = [row for one in passages for row in _occupant_rows(one, keys.get(days[one.passage_id]))]
    act.run_many(INSERT_OCCUPANT, [row | {"now": now} for row in occupants])


def _days_of_identities(passages: Iterable[Passage], days: Mapping[str, int]) -> set[int]:
    return {days[one.passage_id] for one in passages if any(person.identity is not None for person in one.occupants)}


def _check_passage(passage: Passage, *, day: int, today: int) -> None:
    if not passage.occupants:
        raise InputRefused("passage {passage} has nobody in it; count the driver too", passage=passage.passage_id)
    if day > today + 1:  # a device may be a little ahead around midnight
        raise InputRefused(
            "passage {passage} lies in a day to come; set the device's clock right", passage=passage.passage_id
        )


def _row(passage: Passage, *, day: int, path: str) -> dict[str, Any]:
    return {
        "passage_id": passage.passage_id,
        "gate": passage.gate,
        "lane": passage.lane,
        "passed_at": to_us(passage.passed_at),
        "day": day,
        "vehicle": normalise_plate(passage.vehicle),
        "trip": passage.trip,
        "origin_area": passage.origin_area,
        "bound_area": passage.bound_area,
        "standards": passage.standards,
        "sheet": passage.sheet,
        "area_path": path,
    }


def _occupant_rows(passage: Passage, key: Key | None) -> Iterable[dict[str, Any]]:
    for number, occupant in enumerate(passage.occupants, start=1):
        yield _occupant_row(passage.passage_id, number, occupant, key=None if occupant.identity is None else key)


def _occupant_row(passage_id: str, number: int, occupant: Occupant, *, key: Key | None) -> dict[str, Any]:
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
    return seal(key[1], msgspec.json.encode(identity), place=place)


def _key_of(act: Act, day: int, *, store: Store) -> Key:
    try:
        found = store.keys.newest(key_use(day), ask=act.rows)
    except KeysMissing:  # the first of the day
        found = store.keys.make(act, key_use(day))
    return found.key_id, found.key
