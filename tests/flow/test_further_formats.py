"""Every further format from a file to what the stores hold: legs, rooms, groups, contacts, stays, counts, sites."""

from pathlib import Path

import pyarrow as pa
import pytest
from small_town import EVENING, PLACES, RESIDENTS, Town, case, said_of

from ringfence.store import Store
from ringfence.terms import RecordKind

BRIEF = ("name", "id_number", "phone")
TRAVELLER = ("name", "sex", "birth_date", "id_number", "phone")
HOTEL = {"place_id": "hotel", "name": "宾馆", "kind": "hotel", "area_code": "111"}


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    (tmp_path / "files").mkdir()
    opened = Town(staffed, tmp_path / "files", now=EVENING)
    opened.receive(places=[*PLACES, HOTEL], resident_register=RESIDENTS)
    return opened


def records(town: Town, kind: RecordKind, *columns: str) -> list[tuple[object, ...]]:
    found: pa.Table = town.store.lake.read(kind).sort_by([("batch", "ascending"), ("row", "ascending")])
    return list(zip(*(found[column].to_pylist() for column in columns), strict=True))


def ride(person: str, seat: str, **more: str) -> dict[str, str]:
    trip = {"kind": "rail", "trip_number": "G1", "departs_on": "2022-02-28", "carriage": "5", "seat": seat}
    return trip | {"board_stop": "甲", "alight_stop": "丙"} | said_of(person, *TRAVELLER) | more


def test_passengers_sit_on_rows_of_one_numbered_trip_between_stops_of_its_timetable(town: Town) -> None:
    trip = {"kind": "rail", "trip_number": "G1", "departs_on": "2022-02-28", "stop_area": ""}
    stops = [{**trip, "stop_no": str(n), "stop": stop} for n, stop in enumerate("甲乙丙", start=1)]
    town.receive(timetables=stops)
    town.receive(
        passenger_list=[
            ride("wang1", "12F"),
            ride("li1", "13A", alight_stop="丁"),
            ride("gao1", "88", trip_number="K9"),
        ]
    )
    number = town.numbers()
    columns = ("person", "seat_row", "seat", "board_stop", "alight_stop", "trip_kind", "day")
    day = 19_051
    assert records(town, RecordKind.LEG, *columns) == [
        (number["wang1"], 12, "F", 1, 3, "rail", day),
        (number["li1"], 13, "A", 1, None, "rail", day),
        (number["gao1"], None, "88", None, None, "rail", day),
    ]
    first, second, third = (one for (one,) in records(town, RecordKind.LEG, "trip"))
    assert first == second != third


def test_guests_share_rooms_and_floors(town: Town) -> None:
    def guest(person: str, room: str, *, floor: str = "", left: str = "") -> dict[str, str]:
        stay = {"place_id": "hotel", "room": room, "floor": floor, "arrived_on": "2022-02-27", "left_on": left}
        return stay | said_of(person)

    town.receive(
        guest_register=[
            guest("wang1", "305", left="2022-02-28"),
            guest("li1", "305"),
            guest("gao1", "308"),
            guest("zhou1", "牡丹厅"),
        ]
    )
    number = town.numbers()
    kinds = {kind for (kind,) in records(town, RecordKind.MEMBERSHIP, "group_kind")}
    assert kinds == {"household", "hotel_room", "hotel_floor"}
    members: dict[tuple[str, int], set[int]] = {}
    for kind, group, person in records(town, RecordKind.MEMBERSHIP, "group_kind", "group_no", "person"):
        members.setdefault((str(kind), int(str(group))), set()).add(int(str(person)))
    rooms = sorted((set_of for (kind, _), set_of in members.items() if kind == "hotel_room"), key=len)
    floors = [set_of for (kind, _), set_of in members.items() if kind == "hotel_floor"]
    assert rooms == [{number["gao1"]}, {number["zhou1"]}, {number["wang1"], number["li1"]}]
    assert floors == [{number["wang1"], number["li1"], number["gao1"]}]


def test_groups_contacts_stays_sites_and_counts_are_kept_as_they_were_told(town: Town) -> None:
    town.receive(case_line_list=[case("wang1", "C1", "2022-03-01 18:00")])
    site = {"site_id": "F1", "site_name": "发热门诊", "site_kind": "fever_clinic", "area_code": "111"}
    town.receive(
        group_members=[
            {"place_id": "market", "group_kind": "work_group", "group": "收银", **said_of("li1", *BRIEF)},
            {"place_id": "market", "group_kind": "class", "group": "收银", **said_of("gao1", *BRIEF)},
        ],
        named_contacts=[{"case_id": "C1", "first_contact_on": "2022-02-27", "setting": "meal", **said_of("li1")}],
        risk_lists=[{"risk_area": "上海", "from_date": "2022-02-20", "to_date": "2022-02-22", **said_of("gao1")}],
        sentinel_sites=[site],
        risk_area_notices=[
            {
                "notice_id": "N1",
                "disease": "covid19",
                "risk_area": "上海",
                "risk_level": "high",
                "from_date": "2022-02-20",
            }
        ],
    )
    count = {"site_id": "F1", "date": "2022-02-28", "syndrome": "fever", "reported_at": "2022-02-28 20:00"}
    town.receive(sentinel_counts=[{**count, "count": "0"}])
    number = town.numbers()
    groups = [one for one in records(town, RecordKind.MEMBERSHIP, "group_kind", "person") if one[0] != "household"]
    assert groups == [("work_group", number["li1"]), ("class", number["gao1"])]
    assert records(town, RecordKind.NAMED_CONTACT, "person", "contact", "first_day", "last_day", "setting") == [
        (number["wang1"], number["li1"], 19_050, None, "meal")
    ]
    assert records(town, RecordKind.STAY, "person", "area", "from_day", "to_day") == [
        (number["gao1"], "上海", 19_043, 19_045)
    ]
    assert records(town, RecordKind.COUNT, "site", "syndrome", "day", "n") == [("F1", "fever", 19_051, 0)]
    assert town.rows("select site_id, area_path from sentinel_site") == [("F1", "1/11/111/")]
    [(reason,)] = town.rows("select reason from visible_observation where origin like 'batch:%'")
    assert "risk_area_noticed" in reason


def test_a_list_that_names_nobodys_trip_twice_at_once_numbers_it_once(town: Town) -> None:
    first = town.write("passenger_list", [ride("wang1", "1A")])
    second = town.write("passenger_list", [ride("li1", "2A")])
    town.send(first, second)
    assert len({one for (one,) in records(town, RecordKind.LEG, "trip")}) == 1
    assert town.rows("select count(*) from trip") == [(1,)]
