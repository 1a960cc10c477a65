"""What sentinels really send: HL7 messages, FHIR Bundles, pharmacy sales and weeks; who it was stays outside."""

import json
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ringfence.errors import FeedRejected
from ringfence.feeds import Known, Received, read_feed, read_file
from ringfence.feeds.weeks import begin_iso_week, begin_mmwr_week
from ringfence.policy import PolicySet
from ringfence.terms import Clock, day_number

TODAY = day_number(date(2022, 3, 1))
CLOCK = Clock(ZoneInfo("Asia/Shanghai"))

FEED = """
feed = "emergency"
format = "sentinel_counts"
department = "health"
purpose = "surveillance"
retention = "feed.sentinel_counts"
basis = "sentinel surveillance"
time_zone = "Asia/Shanghai"
[columns]
site_id = "site"
date = "day"
syndrome = "what"
count = "n"
reported_at = "sent"
[words.site_id]
"Hosp" = "F1"
[words.syndrome]
"R50" = "fever"
"J1" = "respiratory"
"J10" = "influenza"
"8310-5>=37.3" = "fever"
"*" = "all"
"""


def adt(trigger: str, stay: str, *codes: str, at: str = "20220228093000", temperature: str = "") -> str:
    lines = [
        f"MSH|^~\\&|HIS|Hosp|RF|CITY|{at}||ADT^{trigger}^ADT_A01|{stay}{trigger}|P|2.5.1",
        f"EVN|{trigger}|{at}",
        "PID|1||140202198001011234^^^NI||张^伟||19800101|M|||和平路1号||13800000001",
        f"PV1|1|E|ED^1^2||||||||||||||||{stay}",
        *(f"DG1|{number}||{code}^^I10" for number, code in enumerate(codes, start=1)),
    ]
    if temperature:
        lines.append(f"OBX|1|NM|8310-5^Body temperature^LN||{temperature}|Cel")
    return "\r".join(lines) + "\r"


Send = Callable[..., Received]


@pytest.fixture
def send(tmp_path: Path, shipped: PolicySet, known: Known) -> Send:
    def send(content: str | bytes, feed: str = FEED) -> Received:
        path = tmp_path / "sent"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_file(path, read_feed(feed, policy=shipped), known=known, clock=CLOCK, today=TODAY)

    return send


def counts(received: Received) -> dict[tuple[str, str], int]:
    part = received.read()
    assert part.rejects.to_pylist() == []
    return {(str(row["date"]), row["syndrome"]): row["count"] for row in part.accepted.to_pylist()}


def test_arrivals_are_counted_once_in_each_syndrome_and_the_longest_code_decides(send: Send) -> None:
    sent = adt("A04", "1", "R50.9", "J10.1") + adt("A01", "2", "J18") + adt("A01", "3", "S82", temperature="38.1")
    assert counts(send(sent)) == {
        ("2022-02-28", "all"): 3,
        ("2022-02-28", "fever"): 2,
        ("2022-02-28", "influenza"): 1,
        ("2022-02-28", "respiratory"): 1,
    }


def test_later_messages_correct_what_somebody_has_and_bring_nobody(send: Send) -> None:
    sent = adt("A01", "1", "R50") + adt("A08", "1", "J10") + adt("A03", "2", "J10") + adt("A03", "1")
    sent += adt("A04", "3", "R50") + adt("A11", "3") + adt("A04", "1", "R50")
    assert counts(send(sent)) == {
        ("2022-02-28", "all"): 1,
        ("2022-02-28", "fever"): 0,
        ("2022-02-28", "influenza"): 1,
        ("2022-02-28", "respiratory"): 0,
    }


def test_frames_line_ends_and_offsets_of_a_transport_change_nothing(send: Send) -> None:
    framed = "\x0b" + adt("A04", "1", "R50", at="20220227230000+0000") + "\x1c\r"
    framed += "\x0b" + adt("A04", "2", "R50").replace("\r", "\r\n") + "\x1c\r"
    assert counts(send(framed))["2022-02-28", "fever"] == 2


def test_a_file_in_the_encoding_of_the_country_is_read(send: Send) -> None:
    assert counts(send(adt("A04", "1", "R50").encode("gb18030")))["2022-02-28", "fever"] == 1


def test_nothing_of_who_it_was_is_among_the_rows(send: Send) -> None:
    part = send(adt("A04", "visit-77", "R50") + adt("A04", "2", "R50", at="20229999")).read()
    assert part.rejects.num_rows > 0, "a time that is none"
    written = str(part.accepted.to_pylist()) + str(part.rejects.to_pylist())
    assert not [
        one for one in ("张", "伟", "140202198001011234", "13800000001", "和平路", "visit-77") if one in written
    ]


def test_codes_without_a_declared_syndrome_are_refused_and_so_are_messages_in_another_feed(send: Send) -> None:
    with pytest.raises(FeedRejected, match="which codes make which syndrome"):
        send(adt("A04", "1", "R50"), FEED.split("[words.syndrome]", maxsplit=1)[0])
    other = FEED.replace("sentinel_counts", "places").split("[columns]", maxsplit=1)[0] + (
        '[columns]\nplace_id = "p"\nname = "n"\nkind = "k"\narea_code = "a"\n'
    )
    with pytest.raises(FeedRejected, match="name its own feed"):
        send(adt("A04", "1", "R50"), other)
    with pytest.raises(FeedRejected, match="no ADT message"):
        send("MSH|^~\\&|HIS|Hosp|RF|CITY|20220228||ORU^R01|1|P|2.5.1\r")


def bundle(*resources: dict[str, object]) -> str:
    entries = [{"resource": one} for one in resources]
    told = {"resourceType": "Bundle", "timestamp": "2022-03-01T00:10:00+08:00", "type": "collection", "entry": entries}
    return json.dumps(told)


def encounter(number: int, code: str, *, status: str = "finished") -> dict[str, object]:
    return {
        "resourceType": "Encounter",
        "id": str(number),
        "status": status,
        "subject": {"display": "张伟"},
        "serviceProvider": {"reference": "Organization/Hosp"},
        "period": {"start": "2022-02-28T20:00:00Z"},
        "reasonCode": [{"coding": [{"code": code}]}],
    }


def test_encounters_of_a_bundle_are_counted_with_what_others_say_of_them(send: Send) -> None:
    condition = {
        "resourceType": "Condition",
        "encounter": {"reference": "http://his/Encounter/2"},
        "code": {"coding": [{"code": "J10.0"}]},
    }
    warm = {
        "resourceType": "Observation",
        "encounter": {"reference": "Encounter/2"},
        "code": {"coding": [{"code": "8310-5"}]},
        "valueQuantity": {"value": 38.4},
    }
    sent = bundle(encounter(1, "R50"), encounter(2, "S82"), encounter(3, "R50", status="cancelled"), condition, warm)
    expected = {"all": 2, "fever": 2, "influenza": 1, "respiratory": 0}
    assert counts(send(sent)) == {("2022-03-01", name): many for name, many in expected.items()}
    lines = "\n".join(json.dumps(entry["resource"]) for entry in json.loads(sent)["entry"])
    assert counts(send(lines))["2022-03-01", "fever"] == 2, "a resource a line, as bulk exports have them"


def test_a_measure_report_is_a_count_already(send: Send) -> None:
    report = {
        "resourceType": "MeasureReport",
        "status": "complete",
        "measure": "http://city/Measure/ili|1.0",
        "date": "2022-03-01T06:00:00+08:00",
        "reporter": {"identifier": {"value": "Hosp"}},
        "period": {"start": "2022-02-28", "end": "2022-02-28"},
        "group": [{"population": [{"code": {"coding": [{"code": "numerator"}]}, "count": 0}]}],
    }
    assert counts(send(bundle(report))) == {("2022-02-28", "ili"): 0}, "a zero is a report"
    with pytest.raises(FeedRejected, match="neither an Encounter nor"):
        send(bundle({"resourceType": "Patient", "name": [{"family": "张"}]}))


@pytest.mark.parametrize(
    ("layout", "written", "begun"),
    [
        ("iso_week", "2022-W08", "2022-02-21"),
        ("iso_week", "2022年第8周", "2022-02-21"),
        ("mmwr_week", "202208", "2022-02-20"),
        ("mmwr_week", "2022-W01", "2022-01-02"),
        ("mmwr_week", "2020/53", "2020-12-27"),
    ],
)
def test_a_week_is_kept_as_its_first_day(send: Send, layout: str, written: str, begun: str) -> None:
    feed = FEED + f'[layouts]\ndate = "{layout}"\n'
    assert counts(send(f"site,day,what,n,sent\nHosp,{written},R50,4,2022-03-01 08:00\n", feed)) == {(begun, "fever"): 4}


@pytest.mark.parametrize("written", ["2021-W53", "2022-W60", "2022-W00", "week 8"])
def test_a_week_that_a_year_does_not_have_is_rejected(send: Send, written: str) -> None:
    feed = FEED + '[layouts]\ndate = "mmwr_week"\n'
    part = send(f"site,day,what,n,sent\nHosp,{written},R50,4,2022-03-01 08:00\n", feed).read()
    assert (part.accepted.num_rows, part.rejects.num_rows) == (0, 1)


def test_weeks_of_both_kinds_follow_on_another_without_a_gap() -> None:
    for begin, weekday in ((begin_iso_week, 1), (begin_mmwr_week, 7)):
        begun = []
        for year in range(2000, 2031):
            for week in range(1, 54):
                try:
                    begun.append(begin(year, week))
                except ValueError:
                    assert week == 53
        assert {(later - earlier).days for earlier, later in pairwise(begun)} == {7}
        assert begun[0].isoweekday() == weekday
    assert begin_mmwr_week(2014, 53) == date(2014, 12, 28)
