"""Files of every format, in every container, spoilt in hundreds of ways: no crash, and the counts add up.

Every answer is either one sentence for the whole file, or each row accepted or rejected with a reason that can be said
in both languages.
"""

import io
import random
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pyarrow as pa
import pytest

from ringfence.errors import RingfenceError
from ringfence.feeds import CASE_KEYS, Known, list_formats, read_file, read_format
from ringfence.policy import read_defaults
from ringfence.terms import Area, Clock, Language, Reason, say_reason

POLICY = read_defaults()
SEEDS = range(5)

Spoil = Callable[[bytes, random.Random], bytes]


def row_of(name: str, number: int) -> dict[str, str]:
    """A plausible row of a format, by the names of its columns."""
    plausible = {
        "name": f"张{number}", "sex": "男", "birth_date": "1980-01-01", "id_number": f"14020219800101{number:04}",
        "phone": f"138{number:08}", "address": "某街1号", "area_code": "111", "place_id": "p1", "case_id": "C1",
        "entered_at": "2022-02-28 09:30", "left_at": "2022-02-28 10:15", "sample_id": f"s{number}", "pool_id": "",
        "taken_at": "2022-02-28 08:00", "reported_at": "2022-02-28 20:00", "test": "antigen", "result": "negative",
        "disease": "covid19", "classification": "confirmed", "longitude": "113.3", "latitude": "40.1",
        "date": "2022-02-28",
        "unit_id": "u1", "level": "grid", "task_kinds": "visit;call", "daily_capacity": "10", "from_time": "08:00",
        "to_time": "20:00", "leader": "officer-1", "person_id": f"r{number}", "household_id": f"h{number}",
        "trip_number": "G1", "departs_on": "2022-02-28", "carriage": "5", "seat": "12F", "stop_no": str(number + 1),
        "stop": f"站{number}", "room": "305", "arrived_on": "2022-02-27", "group_kind": "class", "group": "一班",
        "notice_id": f"n{number}", "risk_area": "某区", "risk_level": "high", "from_date": "2022-02-20",
        "site_id": "F1",
        "site_name": "门诊", "site_kind": "hospital", "syndrome": "fever", "count": "3",
        "kind": "shop" if name == "places" else "rail",
    }  # fmt: skip
    return {column: plausible.get(column, "") for column in read_format(name, policy=POLICY).names}


def as_csv(name: str) -> bytes:
    rows = [row_of(name, number) for number in range(6)]
    return "\n".join([",".join(rows[0]), *(",".join(row.values()) for row in rows), ""]).encode()


def as_json_lines(name: str) -> bytes:
    lines = []
    for number in range(6):
        pairs = ",".join(f'"{column}":"{value}"' for column, value in row_of(name, number).items())
        lines.append(f"{{{pairs}}}\n")
    return "".join(lines).encode()


def as_workbook(name: str) -> bytes:
    book = openpyxl.Workbook()
    for line in as_csv(name).decode().splitlines():
        book.active.append(line.split(","))  # type: ignore[union-attr]
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def as_air_list(_name: str) -> bytes:
    people = "".join(f"NAD+FL+++LI:FANG{n}'ATT+2++F'DTM+329:800101'DOC+P+E{n}'" for n in range(6))
    return f"UNA:+.? 'UNB+UNOA:4+A+B'UNH+1+PAXLST:D:02B:UN'TDT+20+MU1'DTM+189:220228:101'{people}UNT+9+1'".encode()


STRANGE = [
    *(b"\0", b'"', b",", b"\r\n", b"\n\n", b"\xef\xbb\xbf", b"\xff\xfe", b"'", b"{", b"}", b"+", b"?", b"=1+1"),
    *(b"1e400", b"NaN", b"null", b"9" * 400, b"\x1b[0m"),
    *("，".encode(), "\u202e".encode(), "张".encode("gb18030")),
]


def flip_bytes(content: bytes, dice: random.Random) -> bytes:
    spoilt = bytearray(content)
    for _ in range(dice.randint(1, 8)):
        spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
    return bytes(spoilt)


def cut_out(content: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(content))
    return content[:start] + content[start + dice.randint(1, 60) :]


def cut_short(content: bytes, dice: random.Random) -> bytes:
    return content[: dice.randrange(len(content))]


def double(content: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(content))
    piece = content[start : start + dice.randint(1, 200)]
    return content[:start] + piece + piece + content[start:]


def put_in(content: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(content) + 1)
    return content[:start] + dice.choice(STRANGE) * dice.randint(1, 3) + content[start:]


def mix_lines(content: bytes, dice: random.Random) -> bytes:
    lines = content.split(b"\n")
    dice.shuffle(lines)
    return b"\n".join(lines)


def mix_encodings(content: bytes, dice: random.Random) -> bytes:
    lines = content.split(b"\n")
    place = dice.randrange(len(lines))
    lines[place] = lines[place].decode("utf-8", "replace").encode(dice.choice(["gb18030", "utf-16", "big5"]), "replace")
    return b"\n".join(lines)


SPOILS: list[Spoil] = [flip_bytes, cut_out, cut_short, double, put_in, mix_lines, mix_encodings]
PACKED = {"csv": as_csv, "workbook": as_workbook, "json lines": as_json_lines, "air list": as_air_list}


@pytest.fixture(scope="module")
def reachable(areas: dict[str, Area]) -> Known:
    return Known(
        areas=areas,
        places=pa.table({"place_no": pa.array([7], pa.int64()), "place_id": ["p1"]}),
        cases=pa.table({"case_key": ["C1"], "person_no": pa.array([101], pa.int64())}, schema=CASE_KEYS),
        diseases=frozenset({"covid19"}),
        sites=frozenset({"F1"}),
    )


def judge(path: Path, name: str, known: Known) -> str:
    """How a file is answered: refused in one sentence, or read with so many rows of each kind."""
    declared = read_format(name, policy=POLICY)
    try:
        received = read_file(path, declared, known=known, clock=Clock(ZoneInfo("Asia/Shanghai")), today=19_052)
        part = received.read()
    except RingfenceError as refusal:
        return "refused" if str(refusal) else "silent"
    assert part.accepted.num_rows + part.rejects.num_rows == received.row_count
    lines = part.accepted["row"].to_pylist() + part.rejects["row"].to_pylist()
    assert len(set(lines)) == len(lines), "no row is answered twice"
    for reason in part.rejects["reason"].to_pylist():
        assert all(say_reason(Reason.from_json(reason), language) for language in Language)
    return "read"


@pytest.mark.parametrize("packed", PACKED)
@pytest.mark.parametrize("name", list_formats())
def test_an_unspoilt_file_of_each_format_and_container_is_read(
    tmp_path: Path, reachable: Known, name: str, packed: str
) -> None:
    path = tmp_path / "sent"
    path.write_bytes(PACKED[packed](name))
    expected = "refused" if packed == "air list" and name not in {"passenger_list", "timetables"} else "read"
    if not (packed == "air list" and name == "timetables"):
        assert judge(path, name, reachable) == expected


@pytest.mark.verify
@pytest.mark.parametrize("spoil", SPOILS, ids=lambda spoil: spoil.__name__)
@pytest.mark.parametrize("name", list_formats())
def test_a_spoilt_file_is_answered_and_its_counts_add_up(
    tmp_path: Path, reachable: Known, name: str, spoil: Spoil
) -> None:
    answers = set()
    for packed, pack in PACKED.items():
        if packed == "air list" and name != "passenger_list":
            continue
        whole = pack(name)
        for seed in SEEDS:
            path = tmp_path / f"sent-{packed}-{seed}"
            path.write_bytes(spoil(whole, random.Random(f"{name}/{packed}/{spoil.__name__}/{seed}")))
            answers.add(judge(path, name, reachable))
    assert answers <= {"read", "refused"}
