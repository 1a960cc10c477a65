"""Events into the store: each once, what breaks a rule kept with the rule, nothing half done."""

import json
from datetime import datetime
from typing import Any

import pytest

from ringfence.coldchain import Captured, capture
from ringfence.errors import InputRefused, NotAllowed
from ringfence.intake import read_rejects
from ringfence.store import Content, Store, read_batches
from ringfence.terms import Actor, Reason, RecordKind

BOX, PALLET = "urn:epc:id:sscc:4012345.0000000111", "urn:epc:id:sscc:4012345.0000000333"
LOT = "urn:epc:class:lgtin:4012345.012345.L1"


def event(hour: int, **fields: object) -> dict[str, Any]:
    return {
        "type": "ObjectEvent",
        "eventTime": f"2022-02-28T{hour:02d}:30:00.250+08:00",
        "eventTimeZoneOffset": "+08:00",
        "action": "OBSERVE",
        "bizStep": "receiving",
        "epcList": [BOX],
        "bizLocation": {"id": "urn:epc:id:sgln:4012345.00005.0"},
    } | fields


PACKED = event(9, type="AggregationEvent", action="ADD", parentID=PALLET, childEPCs=[BOX])
PACKED["childQuantityList"] = [{"epcClass": LOT, "quantity": 2.5, "uom": "KGM"}]
del PACKED["epcList"]
FUTURE = event(8, eventTime="2999-01-01T00:00:00Z")
WAREHOUSE = Actor("warehouse")


@pytest.fixture
def taking_in(staffed: Store, now: datetime) -> Any:  # noqa: ANN401 (a function)
    def take(*events: dict[str, Any], is_whole: bool = False, actor: Actor = WAREHOUSE) -> Captured:
        content = json.dumps(list(events)).encode()
        return capture(staffed, content, is_whole=is_whole, actor=actor, now=now)

    return take


def rows(store: Store, kind: RecordKind) -> list[dict[str, Any]]:
    return list(store.lake.read(kind).to_pylist())


def test_an_event_and_the_things_in_it_lie_in_the_lake(staffed: Store, taking_in: Any) -> None:  # noqa: ANN401
    captured = taking_in(
        event(8, sourceList=[{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00225"}]), PACKED
    )
    assert (captured.events, captured.accepted, captured.rejected) == (2, 2, 0)
    first, second = rows(staffed, RecordKind.CHAIN_EVENT)
    assert first["event_hash"].startswith("ni:///sha-256;")
    assert (first["event_type"], first["step"], first["source"]) == (
        "ObjectEvent", "receiving", "https://id.gs1.org/417/4012345002256",
    )  # fmt: skip
    assert first["place"] == "https://id.gs1.org/414/4012345000054"
    assert first["event_at"] == 1_646_008_200_250_000
    assert first["day"] == staffed.clock.day_of(datetime.fromisoformat("2022-02-28T08:30:00+08:00"))
    moved = [(one["event"], one["part"], one["thing"][-22:], one["quantity"], one["unit"])
             for one in rows(staffed, RecordKind.MOVEMENT)]  # fmt: skip
    assert moved[0] == (first["event"], "object", "/00/040123450000001112", None, None)
    assert {one[1] for one in moved[1:]} == {"parent", "child"}
    assert (second["event"], "child", "01/04012345123456/10/L1"[-22:], 2.5, "KGM") in moved


def test_the_same_event_in_another_file_is_known(staffed: Store, taking_in: Any) -> None:  # noqa: ANN401
    taking_in(event(8), PACKED)
    respelt = event(
        8,
        eventTime="2022-02-28T00:30:00.25Z",
        eventID="urn:uuid:1",
        epcList=["https://id.gs1.org/00/040123450000001112"],
    )
    captured = taking_in(respelt, event(10), event(10))
    assert (captured.accepted, captured.known) == (1, 2)
    assert len(rows(staffed, RecordKind.CHAIN_EVENT)) == 3


def test_the_same_file_changes_nothing(staffed: Store, taking_in: Any) -> None:  # noqa: ANN401
    first, second = taking_in(event(8)), taking_in(event(8))
    assert (second.is_known, second.batch_no) == (True, first.batch_no)
    assert len(read_batches(staffed.desk)) == 1


def test_what_breaks_a_rule_is_kept_with_path_and_rule(staffed: Store, taking_in: Any, now: datetime) -> None:  # noqa: ANN401
    captured = taking_in(event(8), FUTURE, "no event")
    assert (captured.accepted, captured.rejected) == (1, 2)
    rejected = read_rejects(staffed, captured.batch_no, actor=Actor("data_steward"), now=now)
    first, second = rejected.rows.to_pylist()
    assert (first["row"], first["column"], first["code"]) == (2, "$[1].eventTime", "rule_broken")
    assert [Reason.from_json(one["reason"]).values["rule"] for one in (first, second)] == [
        "event_is_past", "event_type_is_known",
    ]  # fmt: skip
    assert json.loads(first["written"]) == FUTURE


def test_a_file_that_must_come_whole_stays_out_for_one_error(staffed: Store, taking_in: Any) -> None:  # noqa: ANN401
    captured = taking_in(event(8), FUTURE, is_whole=True)
    assert (captured.is_kept, captured.accepted, captured.rejected) == (False, 0, 1)
    assert rows(staffed, RecordKind.CHAIN_EVENT) == []
    assert taking_in(event(8), is_whole=True).accepted == 1


def test_a_declaration_takes_its_event_back_and_one_of_an_event_nobody_sent_is_told(
    staffed: Store,
    taking_in: Any,  # noqa: ANN401
) -> None:
    wrong = {"errorDeclaration": {"declarationTime": "2022-02-28T20:00:00+08:00", "reason": "did_not_occur"}}
    taking_in(event(8))
    captured = taking_in(event(8) | wrong, event(9) | wrong)
    assert (captured.accepted, captured.declared, captured.declared_unknown) == (2, 2, 1)
    events = rows(staffed, RecordKind.CHAIN_EVENT)
    assert [one["is_declared_wrong"] for one in events if one["event_at"] < 1_646_010_000_000_000] == [False, True]
    assert len({one["event"] for one in events}) == 2


def test_an_event_is_kept_as_it_was_sent_its_extensions_too(staffed: Store, taking_in: Any) -> None:  # noqa: ANN401
    sent = event(8) | {"https://own.example/shift": "night"}
    captured = taking_in(sent)
    [part] = staffed.vault.parts_of_batch(Content.RAW, captured.batch_no)
    [kept] = staffed.vault.read_part(part).to_pylist()
    assert (kept["row"], json.loads(kept["written"])) == (1, sent)
    assert part.retain_until_day is not None


def test_who_may_not_record_movements_captures_nothing(staffed: Store, taking_in: Any) -> None:  # noqa: ANN401
    with pytest.raises(NotAllowed):
        taking_in(event(8), actor=Actor("auditor"))
    assert read_batches(staffed.desk) == []


def test_a_file_without_events_is_refused(taking_in: Any) -> None:  # noqa: ANN401
    with pytest.raises(InputRefused):
        taking_in()
