"""Every rule with a neighbour that keeps it and one that breaks it; the two differ in one field."""

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from epcis_xml import write_xml

from ringfence.coldchain import RULES, check, hash_events, read_document
from ringfence.terms import Language
from ringfence.terms.language import read_catalogue

NOW = datetime(2022, 3, 2, tzinfo=UTC)
PALLET, BOX, OTHER = (f"urn:epc:id:sscc:4012345.000000{number}" for number in ("0333", "0111", "0222"))
LOT, CUT = "urn:epc:class:lgtin:4012345.012345.L1", "urn:epc:class:lgtin:4012345.054321.C1"
DOOR, PARTY = "urn:epc:id:sgln:4012345.00005.0", "urn:epc:id:pgln:4012345.00225"
GONE = object()


def event(kind: str, event_id: int, hour: int, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "type": kind,
        "eventID": f"urn:uuid:{event_id}",
        "eventTime": f"2022-03-01T{hour:02d}:00:00+08:00",
        "eventTimeZoneOffset": "+08:00",
        "readPoint": {"id": DOOR},
    } | fields


RECEIVED = event(
    "ObjectEvent", 0, 8, action="ADD", bizStep="commissioning", disposition="active",
    epcList=[BOX, OTHER],
    quantityList=[{"epcClass": LOT, "quantity": 20.5, "uom": "KGM"}, {"epcClass": CUT, "quantity": 3}],
    bizTransactionList=[{"type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:4012345000009:1"}],
    sourceList=[{"type": "owning_party", "source": PARTY}], destinationList=[{"type": "location", "destination": DOOR}],
    persistentDisposition={"set": ["completeness_verified"], "unset": ["completeness_inferred"]},
    ilmd={"ex:best": "2022-05-01"}, recordTime="2022-03-01T09:00:00+08:00",
    sensorElementList=[{
        "sensorMetadata": {"startTime": "2022-03-01T06:00:00+08:00", "endTime": "2022-03-01T07:00:00+08:00",
                           "deviceID": "urn:epc:id:giai:4012345.S1"},
        "sensorReport": [
            {"type": "Temperature", "value": -18.0, "minValue": -20, "meanValue": -18.5, "maxValue": -17, "sDev": 0.4,
             "percRank": 50, "percValue": -18.4, "uom": "CEL", "time": "2022-03-01T06:30:00+08:00"},
            {"type": "RelativeHumidity", "value": 60, "uom": "P1"},
            {"exception": "ALARM_CONDITION", "type": "Dimensionless"},
            {"type": "Angle", "value": 1.5, "uom": "DD", "component": "latitude", "hexBinaryValue": "f0f0"},
        ],
    }],
)  # fmt: skip
PACKED = event("AggregationEvent", 1, 9, action="ADD", parentID=PALLET, childEPCs=[BOX])
SEEN = event("AggregationEvent", 2, 10, action="OBSERVE", parentID=PALLET)
UNPACKED = event("AggregationEvent", 3, 11, action="DELETE", parentID=PALLET)
REPACKED = event(
    "AggregationEvent", 4, 12, action="ADD", parentID="urn:epc:id:sscc:4012345.0000000555", childEPCs=[BOX]
)
TRADED = event("TransactionEvent", 5, 13, action="ADD", epcList=[BOX])
TRADED |= {"bizTransactionList": [{"type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:4012345000009:1"}]}
CUT_UP = event("TransformationEvent", 6, 14, bizStep="commissioning", inputEPCList=[BOX],
               inputQuantityList=[{"epcClass": LOT, "quantity": 20.5, "uom": "KGM"}],
               outputQuantityList=[{"epcClass": CUT, "quantity": 20, "uom": "KGM"}])  # fmt: skip
JOINED = event("AssociationEvent", 7, 15, action="ADD", parentID=PALLET, childEPCs=["urn:epc:id:giai:4012345.S1"])
DECLARED = {
    "declarationTime": "2022-03-01T16:00:00+08:00",
    "reason": "incorrect_data",
    "correctiveEventIDs": ["urn:uuid:9"],
}
WRONG = event("ObjectEvent", 7, 15, action="OBSERVE", epcList=[OTHER], errorDeclaration=DECLARED)
RIGHT = event("ObjectEvent", 9, 16, action="OBSERVE", epcList=[OTHER])
DOCUMENT = {
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": "https://ns.example.com/"}],
    "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2022-03-01T20:00:00Z",
    "epcisBody": {"eventList": [RECEIVED, PACKED, SEEN, UNPACKED, REPACKED, TRADED, CUT_UP, JOINED, WRONG, RIGHT]},
}  # fmt: skip
EVENTS = ("epcisBody", "eventList")
METADATA = ("sensorElementList", 0, "sensorMetadata")
REPORTS = ("sensorElementList", 0, "sensorReport")

# The rule, the place of the one field that is changed, and what it is changed to.
BROKEN: list[tuple[str, tuple[Any, ...], Any]] = [
    ("events_are_listed", EVENTS, []),
    ("schema_version_is_known", ("schemaVersion",), "1.2"),
    ("creation_is_dated", ("creationDate",), "yesterday"),
    ("event_type_is_known", (0, "type"), "QuantityEvent"),
    ("event_type_is_known", (0,), "no event"),
    ("values_fit_their_fields", (0, "epcList"), BOX),
    ("values_fit_their_fields", (0, "eventTime"), "2022-03-01"),
    ("values_fit_their_fields", (0, "quantityList", 0, "quantity"), "much"),
    ("values_fit_their_fields", (1, "parentID"), [PALLET]),
    ("values_fit_their_fields", (0, "readPoint"), DOOR),
    ("values_fit_their_fields", (0, *REPORTS, 0, "value"), "cold"),
    ("event_time_is_said", (0, "eventTime"), GONE),
    ("time_zone_is_said", (0, "eventTimeZoneOffset"), GONE),
    ("time_zone_is_said", (0, "eventTimeZoneOffset"), "+15:00"),
    ("event_is_past", (0, "eventTime"), "2999-03-01T08:00:00+08:00"),
    ("record_follows_event", (0, "recordTime"), "2022-03-01T07:00:00+08:00"),
    ("event_id_is_a_uri", (0, "eventID"), "number one"),
    ("event_hash_is_its_own", (0, "eventID"), f"ni:///sha-256;{'0' * 64}?ver=CBV2.0"),
    ("prefixes_are_declared", (0, "nobody:field"), "1"),
    ("prefixes_are_declared", (0, "ilmd", "nobody:field"), "1"),
    ("fields_are_known", (0, "bizstep"), "shipping"),
    ("fields_are_of_the_type", (0, "parentID"), PALLET),
    ("fields_are_of_the_type", (1, "ilmd"), {"ex:best": "2022-05-01"}),
    ("action_is_said", (0, "action"), GONE),
    ("action_is_said", (0, "action"), "MOVE"),
    ("transformation_has_no_action", (6, "action"), "ADD"),
    ("master_data_comes_at_the_beginning", (0, "action"), "OBSERVE"),
    ("identifiers_are_uris", (0, "epcList", 0), "box 1"),
    ("urns_are_well_formed", (0, "epcList", 0), "urn:epc:id:sgtin:4012345.12345.1"),
    ("check_digits_are_right", (0, "epcList", 0), "https://id.gs1.org/01/04012345123457/21/1"),
    ("single_things_are_listed_as_such", (0, "epcList", 0), LOT),
    ("single_things_are_listed_as_such", (0, "epcList", 0), "https://id.gs1.org/8003/04012345000221"),
    ("classes_are_listed_as_such", (0, "quantityList", 0, "epcClass"), "urn:epc:id:sgtin:4012345.012345.1"),
    ("parent_is_a_single_thing", (1, "parentID"), LOT),
    ("things_are_listed_once", (0, "epcList", 1), "https://id.gs1.org/00/040123450000001112"),
    ("places_are_locations", (0, "readPoint", "id"), PALLET),
    ("parties_are_parties", (0, "sourceList", 0, "source"), PALLET),
    ("quantities_are_not_negative", (0, "quantityList", 0, "quantity"), -20.5),
    ("quantities_are_something", (0, "quantityList", 0, "quantity"), 0),
    ("units_belong_to_quantities", (0, "quantityList", 0, "quantity"), GONE),
    ("units_are_codes", (0, "quantityList", 0, "uom"), "kilograms"),
    ("counts_are_whole", (0, "quantityList", 1, "quantity"), 2.5),
    ("business_step_is_known", (0, "bizStep"), "comissioning"),
    ("business_step_is_known", (0, "bizStep"), "urn:epcglobal:cbv:bizstep:comissioning"),
    ("disposition_is_known", (0, "disposition"), "frozen"),
    ("disposition_is_known", (0, "persistentDisposition", "set", 0), "frozen"),
    ("dispositions_are_set_or_unset", (0, "persistentDisposition", "unset", 0), "cbv:Disp-completeness_verified"),
    ("transaction_types_are_known", (0, "bizTransactionList", 0, "type"), "order"),
    ("party_types_are_known", (0, "sourceList", 0, "type"), "seller"),
    ("parties_have_a_type", (0, "destinationList", 0, "type"), GONE),
    ("transaction_names_its_transactions", (5, "bizTransactionList"), []),
    ("declaration_is_dated", (8, "errorDeclaration", "declarationTime"), GONE),
    ("declaration_follows_event", (8, "errorDeclaration", "declarationTime"), "2022-03-01T14:00:00+08:00"),
    ("error_reason_is_known", (8, "errorDeclaration", "reason"), "typo"),
    ("event_does_not_correct_itself", (8, "errorDeclaration", "correctiveEventIDs", 0), "urn:uuid:7"),
    ("object_event_is_about_something", (9, "epcList"), []),
    ("holding_needs_a_parent", (1, "parentID"), GONE),
    ("packing_needs_children", (1, "childEPCs"), []),
    ("sight_needs_something", (2, "parentID"), GONE),
    ("nothing_holds_itself", (1, "childEPCs", 0), "https://id.gs1.org/00/040123450000003338"),
    ("nothing_holds_itself", (7, "childEPCs", 0), PALLET),
    ("transaction_is_about_something", (5, "epcList"), []),
    ("transformation_has_both_ends", (6, "outputQuantityList"), []),
    ("nothing_becomes_itself", (6, "outputQuantityList", 0, "epcClass"), LOT),
    ("reports_say_something", (0, *REPORTS, 2, "exception"), GONE),
    ("values_have_a_type", (0, *REPORTS, 1, "type"), GONE),
    ("values_have_a_unit", (0, *REPORTS, 0, "uom"), GONE),
    ("units_fit_what_is_measured", (0, *REPORTS, 0, "uom"), "KGM"),
    ("units_fit_what_is_measured", (0, *REPORTS, 1, "uom"), "CEL"),
    ("temperatures_can_be", (0, *REPORTS, 0, "minValue"), -300),
    ("humidity_can_be", (0, *REPORTS, 1, "value"), 101),
    ("least_mean_and_most_are_in_order", (0, *REPORTS, 0, "meanValue"), -21),
    ("least_mean_and_most_are_in_order", (0, *REPORTS, 0, "maxValue"), -19),
    ("deviation_is_not_negative", (0, *REPORTS, 0, "sDev"), -0.4),
    ("percentiles_come_in_pairs", (0, *REPORTS, 0, "percRank"), GONE),
    ("percentiles_come_in_pairs", (0, *REPORTS, 0, "percRank"), 150),
    ("binary_values_are_hexadecimal", (0, *REPORTS, 3, "hexBinaryValue"), "f0f"),
    ("sensor_words_are_known", (0, *REPORTS, 1, "type"), "gs1:Dampness"),
    ("sensor_words_are_known", (0, *REPORTS, 2, "exception"), "ALARM"),
    ("components_are_known", (0, *REPORTS, 3, "component"), "up"),
    ("sensors_saw_it_before_the_event", (0, *REPORTS, 0, "time"), "2022-03-01T08:30:00+08:00"),
    ("sensors_saw_it_before_the_event", (0, *METADATA, "endTime"), "2022-03-01T08:30:00+08:00"),
    ("periods_end_after_they_start", (0, *METADATA, "endTime"), "2022-03-01T05:00:00+08:00"),
    ("devices_are_named_once", (0, *REPORTS, 0, "deviceID"), "urn:epc:id:giai:4012345.S2"),
    ("elements_have_reports", (0, *REPORTS), []),
    ("event_ids_are_unique", (1, "eventID"), "urn:uuid:0"),
    ("corrections_are_here", (8, "errorDeclaration", "correctiveEventIDs", 0), "urn:uuid:unknown"),
    ("things_have_one_parent", (3, "action"), "OBSERVE"),
    ("what_is_gone_stays_gone", (9, "epcList", 0), BOX),
    ("things_begin_once", (9, "action"), "ADD"),
    ("nothing_is_seen_before_it_begins", (0, "eventTime"), "2022-03-01T17:30:00+08:00"),
]  # fmt: skip
# The change is in one event, what contradicts it in another.
TOLD_ELSEWHERE = {"things_have_one_parent"}


def changed(place: tuple[Any, ...], found: Any) -> dict[str, Any]:  # noqa: ANN401
    """The document with one field changed; a place that begins with a number begins at that event."""
    document = copy.deepcopy(DOCUMENT)
    at: Any = document
    *way, last = (*EVENTS, *place) if isinstance(place[0], int) else place
    for step in way:
        at = at[step]
    if found is GONE:
        del at[last]
    else:
        at[last] = found
    return document


def problems(document: Any) -> list[Any]:  # noqa: ANN401
    content = document if isinstance(document, str) else json.dumps(document)
    return check(read_document(content.encode()), now=NOW)


def test_the_neighbour_that_keeps_every_rule_has_no_problem() -> None:
    assert problems(DOCUMENT) == []


def test_the_same_document_in_xml_has_no_problem_either() -> None:
    assert problems(write_xml(DOCUMENT)) == []


@pytest.mark.parametrize(
    ("rule", "place", "found"), BROKEN, ids=[f"{rule}-{n}" for n, (rule, _, _) in enumerate(BROKEN)]
)
def test_one_changed_field_breaks_its_rule(rule: str, place: tuple[Any, ...], found: Any) -> None:  # noqa: ANN401
    told = problems(changed(place, found))
    assert rule in {problem.rule.name for problem in told}
    if isinstance(place[0], int) and rule not in TOLD_ELSEWHERE:
        assert place[0] in {problem.event for problem in told if problem.rule.name == rule}


def test_every_rule_is_broken_by_some_neighbour() -> None:
    assert {rule for rule, _, _ in BROKEN} == set(RULES)


def test_an_event_that_is_its_own_hash_is_told_right_from_wrong() -> None:
    named = changed((9, "eventID"), GONE)
    *_, own = hash_events(read_document(json.dumps(named).encode()))
    assert "event_hash_is_its_own" not in {problem.rule.name for problem in problems(changed((9, "eventID"), own))}


def test_a_problem_says_where_it_is_and_what_stands_there() -> None:
    [problem] = problems(changed((0, "quantityList", 0, "quantity"), -20.5))
    assert (problem.event, problem.event_id) == (0, "urn:uuid:0")
    assert problem.path == "$.epcisBody.eventList[0].quantityList[0].quantity"
    assert problem.found == "-20.5"


def test_a_transformation_with_an_id_may_be_told_in_parts() -> None:
    document = copy.deepcopy(DOCUMENT)
    whole = document["epcisBody"]["eventList"][6]
    whole["transformationID"] = "urn:epc:id:gdti:4012345.55555.1234"
    outputs = whole.pop("outputQuantityList")
    second = whole | {"eventID": "urn:uuid:6b", "outputQuantityList": outputs}
    document["epcisBody"]["eventList"].append(second)
    assert problems(document) == []


@pytest.mark.parametrize("value", [None, 7, "", "x", [], {}, [None], [7], [{}], {"id": 7}, True, "\x00", [[[]]]])
def test_no_value_in_any_field_stops_the_check(value: object) -> None:
    for place, one in enumerate(DOCUMENT["epcisBody"]["eventList"]):
        for name in one:
            problems(changed((place, name), value))


def test_a_file_of_one_huge_event_is_checked_and_hashed_whole() -> None:
    epcs = [f"urn:epc:id:sscc:4012345.{number:010d}" for number in range(200_000)]
    document = read_document(json.dumps([event("ObjectEvent", 1, 8, action="OBSERVE", epcList=[*epcs, LOT])]).encode())
    assert [problem.path for problem in check(document, now=NOW)] == ["$[0].epcList[200000]"]
    assert len(list(hash_events(document))) == 1


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_every_rule_is_said_in_chinese_and_names_its_section(rule: Any) -> None:  # noqa: ANN401
    message = read_catalogue(Language.ZH).get(rule.sentence)
    assert message, rule.sentence
    assert message.string
    assert rule.sentence.endswith((".", ")."))
    assert rule.section
