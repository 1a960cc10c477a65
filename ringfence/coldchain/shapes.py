"""The shape of an event: what is left when its serial numbers, times and amounts are taken out.

Most events of a feed differ in nothing else, so what the rules say of one holds for all of its shape, provided that
what was taken out is sound by itself: identifiers well-formed and each listed once, times past and in order, amounts
above zero. An event with anything else in it has no shape here, and the rules are asked about it alone. Nothing is
judged here: a shape only says which events the rules cannot tell apart.
"""

import re
from collections.abc import Callable, Hashable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeAlias

from ringfence.coldchain.documents import RawEvent
from ringfence.coldchain.events import (
    METADATA_TEXTS,
    METADATA_TIMES,
    READERS,
    REPORT_TEXTS,
    SENSOR_TEXTS,
    TIME,
    TYPED_FIELDS,
)
from ringfence.coldchain.hashing import VERSION, kind_of
from ringfence.coldchain.identities import URI, Identity, identify
from ringfence.coldchain.sightings import Sighting

Shape: TypeAlias = tuple[Hashable, ...]
Reader: TypeAlias = Callable[[Sighting, str, Any], Hashable]

UNIT = re.compile(r"[A-Z0-9]{2,3}")
SCALARS = (str, int, float, bool)
PLACES, PARTIES = ("", "414"), ("", "414", "417")
MOST = 1e15  # an amount above it is not plain
PLAIN_VALUE = 100  # from its negative to zero, and from zero to it, no rule tells two values of a sensor apart


class NoShapeError(Exception):
    """The event holds something that only the rules can judge."""


def read_shape(event: RawEvent, *, until: float) -> tuple[Shape, Sighting] | None:
    """An event's shape and what the chain sees of it; None where it has none. `until` is now, in POSIX seconds."""
    seen = Sighting()
    shape: list[Hashable] = []
    try:
        for name, found in event.items():
            read = FIELDS.get(name)
            if read is not None:
                shape += (name, read(seen, name, found))
            elif name in READERS or name == "@context" or not isinstance(found, SCALARS):
                return None
            else:
                shape.append(name)
        _check_together(seen, until)
    except NoShapeError:
        return None
    seen.kind = kind_of(event)
    return tuple(shape), seen


def _check_together(seen: Sighting, until: float) -> None:
    """Times in order, and nothing in two parts of one event."""
    if seen.at is None or seen.at > until or seen.sensed_at > seen.at:
        raise NoShapeError
    if seen.recorded_at is not None and seen.recorded_at < seen.at:
        raise NoShapeError
    if seen.parent and seen.parent in seen.things.get("childEPCs", NOTHING)[1]:
        raise NoShapeError
    if "inputEPCList" in seen.things or "inputQuantityList" in seen.amounts:
        inputs = _links(seen, "inputEPCList", "inputQuantityList")
        if not inputs.isdisjoint(_links(seen, "outputEPCList", "outputQuantityList")):
            raise NoShapeError


NOTHING: tuple[list[str], list[str]] = ([], [])


def _links(seen: Sighting, things: str, amounts: str) -> set[str]:
    links = set(seen.things.get(things, NOTHING)[1])
    links.update(link for link, _, _ in seen.amounts.get(amounts, ()))
    return links


def _sound(found: object) -> Identity:
    """An identifier without a fault in its form."""
    if type(found) is not str:
        raise NoShapeError
    known = identify(found)
    if known.wrong or known.has_wrong_digit or not known.is_uri:
        raise NoShapeError
    return known


def _instant(found: object) -> float:
    if type(found) is not str or not TIME.fullmatch(found):
        raise NoShapeError
    try:
        return datetime.fromisoformat(found).timestamp()
    except (ValueError, OverflowError) as error:
        raise NoShapeError from error


def _text(found: object) -> str:
    if type(found) is not str or not found or found != found.strip():
        raise NoShapeError
    return found


def _records(found: object) -> list[RawEvent]:
    if type(found) is not list or not all(type(one) is dict for one in found):
        raise NoShapeError
    return found


def _read_type(_seen: Sighting, _name: str, found: object) -> Hashable:
    return _text(found)


def _read_action(seen: Sighting, _name: str, found: object) -> Hashable:
    seen.action = _text(found)
    return seen.action


def _read_step(seen: Sighting, _name: str, found: object) -> Hashable:
    seen.step = _text(found)
    return seen.step


def _read_disposition(seen: Sighting, _name: str, found: object) -> Hashable:
    seen.disposition = _text(found)
    return seen.disposition


def _read_event_time(seen: Sighting, _name: str, found: object) -> Hashable:
    seen.at = _instant(found)
    return True


def _read_record_time(seen: Sighting, _name: str, found: object) -> Hashable:
    seen.recorded_at = _instant(found)
    return True


def _read_event_id(seen: Sighting, _name: str, found: object) -> Hashable:
    """A hash as an id is compared with the event's own by the rule for it."""
    seen.event_id = _text(found)
    if not URI.fullmatch(seen.event_id) or seen.event_id.endswith(VERSION):
        raise NoShapeError
    return True


def _read_parent(seen: Sighting, _name: str, found: object) -> Hashable:
    known = _sound(found)
    if known.is_class:
        raise NoShapeError
    seen.parent = known.link
    return True


def _read_transformation(seen: Sighting, _name: str, found: object) -> Hashable:
    seen.transformation = _sound(found).link
    return True


def _read_things(seen: Sighting, name: str, found: object) -> Hashable:
    if type(found) is not list:
        raise NoShapeError
    links = []
    for epc in found:
        known = _sound(epc)
        if known.is_class:
            raise NoShapeError
        links.append(known.link)
    if len(set(links)) != len(links):
        raise NoShapeError
    seen.things[name] = (found, links)
    return bool(links)


def _read_amounts(seen: Sighting, name: str, found: object) -> Hashable:
    amounts = []
    for record in _records(found):
        known = _sound(record.get("epcClass"))
        quantity, uom = record.get("quantity"), record.get("uom")
        if known.is_class is False or len(record) != 1 + (quantity is not None) + (uom is not None):
            raise NoShapeError
        if not _is_plain_amount(quantity, uom):
            raise NoShapeError
        amounts.append((known.link, quantity, uom))
    seen.amounts[name] = amounts
    return bool(amounts)


def _is_plain_amount(quantity: object, uom: object) -> bool:
    if quantity is None:
        return uom is None
    if type(quantity) not in {int, float} or not 0 < quantity < MOST:  # type: ignore[operator]  # a number by now
        return False
    return quantity == int(quantity) if uom is None else type(uom) is str and _is_unit(uom)  # type: ignore[call-overload]


@lru_cache(maxsize=1 << 10)
def _is_unit(uom: str) -> bool:
    return UNIT.fullmatch(uom) is not None


def _read_typed(seen: Sighting, name: str, found: object) -> Hashable:
    element, among, types = TYPED_FIELDS[name], None if name == "bizTransactionList" else PARTIES, []
    parties = seen.parties[name] = []
    for record in _records(found):
        known, kind = _sound(record.get(element)), record.get("type")
        if len(record) != 1 + (kind is not None) or (among and known.ai not in among):
            raise NoShapeError
        types.append(kind if kind is None else _text(kind))
        parties.append((kind or "", known.link))
    return tuple(types)


def _read_place(seen: Sighting, name: str, found: object) -> Hashable:
    if type(found) is not dict or len(found) != 1:
        raise NoShapeError
    known = _sound(found.get("id"))
    if known.ai not in PLACES:
        raise NoShapeError
    if name == "bizLocation" or not seen.place:
        seen.place = known.link
    return True


def _read_master_data(_seen: Sighting, _name: str, found: object) -> Hashable:
    if type(found) is not dict or not all(isinstance(one, SCALARS) for one in found.values()):
        raise NoShapeError
    return tuple(found)


def _read_sensors(seen: Sighting, _name: str, found: object) -> Hashable:
    shape: list[Hashable] = []
    for element in _records(found):
        if element.keys() - {"sensorMetadata", "sensorReport"}:
            raise NoShapeError
        shape.append(_read_metadata(seen, element.get("sensorMetadata", {})))
        for report in _records(element.get("sensorReport")):
            shape.append(tuple([(name, _read_report(seen, name, one)) for name, one in report.items()]))  # noqa: PERF401 (its elements come one after the other)
    return tuple(shape)


def _read_metadata(seen: Sighting, found: object) -> Hashable:
    if type(found) is not dict:
        raise NoShapeError
    for name, one in found.items():
        if name in METADATA_TIMES:
            seen.sensed_at = max(seen.sensed_at, _instant(one))
        elif name in METADATA_TEXTS:
            _text(one)
        else:
            raise NoShapeError
    if "startTime" in found and "endTime" in found and _instant(found["endTime"]) < _instant(found["startTime"]):
        raise NoShapeError
    return tuple(found)


def _read_report(seen: Sighting, name: str, found: object) -> Hashable:
    """A field of a report; whole words of the standard stand in the shape as they are."""
    if name == "time":
        seen.sensed_at = max(seen.sensed_at, _instant(found))
        return True
    if name == "value":
        if type(found) not in {int, float} or not -PLAIN_VALUE <= found <= PLAIN_VALUE:  # type: ignore[operator]  # a number by now
            raise NoShapeError
        return found < 0  # type: ignore[operator]  # a number by now
    if name not in REPORT_TEXTS:
        raise NoShapeError
    return bool(_text(found)) if name in SENSOR_TEXTS else _text(found)


FIELDS: Mapping[str, Reader] = (
    dict.fromkeys(("type", "@type", "isA", "eventTimeZoneOffset"), _read_type)
    | {"action": _read_action, "bizStep": _read_step, "disposition": _read_disposition}
    | {"eventTime": _read_event_time, "recordTime": _read_record_time, "eventID": _read_event_id}
    | {"parentID": _read_parent, "transformationID": _read_transformation, "ilmd": _read_master_data}
    | dict.fromkeys(("epcList", "childEPCs", "inputEPCList", "outputEPCList"), _read_things)
    | dict.fromkeys(("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"), _read_amounts)
    | dict.fromkeys(TYPED_FIELDS, _read_typed)
    | dict.fromkeys(("readPoint", "bizLocation"), _read_place)
    | {"sensorElementList": _read_sensors}
)
