"""Rules about what an event is about: identifiers, check digits, quantities and units (EPCIS 2.0, 7.3.3; TDS)."""

import re
from collections import Counter
from collections.abc import Iterator

from ringfence.coldchain.events import Event, Quantity
from ringfence.coldchain.identities import identify
from ringfence.coldchain.rules.rule import Asked, Found, Level, rule

UNIT = re.compile(r"[A-Z0-9]{2,3}")
LOCATION, PARTIES = {"414"}, {"414", "417"}


def same(uri: str) -> str:
    """What two ways of writing one identifier have in common."""
    return identify(uri).link


def identifiers(event: Event) -> Iterator[Found]:
    """Every identifier of an event with its path."""
    for name in ("parentID", "transformationID"):
        if name in event.texts:
            yield f".{name}", event.texts[name]
    for name, epcs in event.epcs.items():
        yield from ((f".{name}[{place}]", epc) for place, epc in enumerate(epcs))
    for path, quantity in quantities(event):
        yield f"{path}.epcClass", quantity.epc_class
    for name, typed in event.typed.items():
        field = name.removesuffix("List")
        yield from ((f".{name}[{place}].{field}", one.uri) for place, one in enumerate(typed))
    for name, found in event.places.items():
        yield f".{name}.id", found.uri


def quantities(event: Event) -> Iterator[tuple[str, Quantity]]:
    """Every quantity of an event with its path."""
    for name, many in event.quantities.items():
        yield from ((f".{name}[{place}]", one) for place, one in enumerate(many))


@rule("6.4 Identifier representation")
def identifiers_are_uris(event: Event, _asked: Asked) -> Iterator[Found]:
    """Whatever an event names, it names by a URI."""
    yield from ((path, uri) for path, uri in identifiers(event) if not identify(str(uri)).is_uri)


@rule("TDS 2.0, 6 EPC URI")
def urns_are_well_formed(event: Event, _asked: Asked) -> Iterator[Found]:
    """An EPC URN has the fields, lengths and characters of its class."""
    for path, uri in identifiers(event):
        wrong = identify(str(uri)).wrong
        if wrong:
            yield path, wrong


@rule("GS1 General Specifications, 7.9 Check digit")
def check_digits_are_right(event: Event, _asked: Asked) -> Iterator[Found]:
    """The check digit of a key in a Digital Link is the one that follows from its other digits."""
    yield from ((path, uri) for path, uri in identifiers(event) if identify(str(uri)).has_wrong_digit)


@rule("7.3.3.2 Instance-level identification")
def single_things_are_listed_as_such(event: Event, _asked: Asked) -> Iterator[Found]:
    """A list of single things names no class or lot."""
    for name, epcs in event.epcs.items():
        yield from ((f".{name}[{place}]", epc) for place, epc in enumerate(epcs) if identify(epc).is_class)


@rule("7.3.3.3 Class-level identification")
def classes_are_listed_as_such(event: Event, _asked: Asked) -> Iterator[Found]:
    """A list of quantities names classes and lots, no single thing."""
    for path, one in quantities(event):
        if identify(one.epc_class).is_class is False:
            yield f"{path}.epcClass", one.epc_class


@rule("7.4.3 AggregationEvent, parentID")
def parent_is_a_single_thing(event: Event, _asked: Asked) -> Iterator[Found]:
    """What holds other things is one thing, no class or lot."""
    parent = event.texts.get("parentID")
    if parent and identify(parent).is_class:
        yield ".parentID", parent


@rule("7.3.3.2 Instance-level identification", level=Level.WARNING)
def things_are_listed_once(event: Event, _asked: Asked) -> Iterator[Found]:
    """A list names a thing once."""
    for name, epcs in event.epcs.items():
        yield from ((f".{name}", epc) for epc, times in Counter(map(same, epcs)).items() if times > 1)


@rule("7.3.4 Location types")
def places_are_locations(event: Event, _asked: Asked) -> Iterator[Found]:
    """A GS1 key that names a place is that of a location."""
    for name, found in event.places.items():
        if identify(found.uri).ai not in {"", *LOCATION}:
            yield f".{name}.id", found.uri


@rule("CBV 2.0, 7.4 Source and destination types")
def parties_are_parties(event: Event, _asked: Asked) -> Iterator[Found]:
    """A GS1 key that names a source or destination is that of a party or location."""
    for name in ("sourceList", "destinationList"):
        for place, one in enumerate(event.typed.get(name, ())):
            if identify(one.uri).ai not in {"", *PARTIES}:
                yield f".{name}[{place}].{name.removesuffix('List')}", one.uri


@rule("7.3.3.3 QuantityElement")
def quantities_are_not_negative(event: Event, _asked: Asked) -> Iterator[Found]:
    """No quantity is below zero."""
    for path, one in quantities(event):
        if one.quantity is not None and one.quantity < 0:
            yield f"{path}.quantity", one.quantity


@rule("7.3.3.3 QuantityElement", level=Level.WARNING)
def quantities_are_something(event: Event, _asked: Asked) -> Iterator[Found]:
    """A quantity that is said is more than nothing."""
    for path, one in quantities(event):
        if one.quantity == 0:
            yield f"{path}.quantity", one.quantity


@rule("7.3.3.3 QuantityElement")
def units_belong_to_quantities(event: Event, _asked: Asked) -> Iterator[Found]:
    """A unit is said only with the quantity that it measures."""
    for path, one in quantities(event):
        if one.uom is not None and one.quantity is None:
            yield f"{path}.uom", one.uom


@rule("7.3.3.3.1 Unit of measure")
def units_are_codes(event: Event, _asked: Asked) -> Iterator[Found]:
    """A unit is a common code of UN/CEFACT Recommendation 20: two or three capitals and digits."""
    for path, one in quantities(event):
        if one.uom is not None and not UNIT.fullmatch(one.uom):
            yield f"{path}.uom", one.uom


@rule("7.3.3.3 QuantityElement")
def counts_are_whole(event: Event, _asked: Asked) -> Iterator[Found]:
    """A quantity without a unit counts pieces, and is whole."""
    for path, one in quantities(event):
        if one.uom is None and one.quantity is not None and not one.quantity.is_integer():
            yield f"{path}.quantity", one.quantity
