import re
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from city_on_disk import Written, digests, read_daily, read_rows, write

from ringfence.city import CityOptions, write_city
from ringfence.errors import InputRefused
from ringfence.feeds import read_format
from ringfence.feeds.paxlst import write_passengers
from ringfence.policy import read_defaults
from ringfence.terms import Level, PlaceKind, TaskKind

COLUMNS = {
    "areas": "code,name,level,parent_code",
    "places": "place_id,name,kind,area_code,longitude,latitude",
    "resident_register": "person_id,household_id,name,sex,birth_date,id_number,phone,address,area_code",
    "check_ins": "place_id,entered_at,left_at,name,id_number,phone",
    "laboratory_results": "sample_id,pool_id,taken_at,reported_at,test,result,laboratory,"
    "name,sex,birth_date,id_number,phone,address",
    "case_line_list": "case_id,name,sex,birth_date,id_number,phone,address,"
    "disease,classification,onset_date,sampled_at,reported_at,isolated_at,imported",
    "case_routes": "case_id,date,place_kind,longitude,latitude,precision_m",
    "duty_roster": "unit_id,area_code,level,task_kinds,daily_capacity,date,from_time,to_time,leader,deputy",
}
DAILY = ("check_ins", "laboratory_results", "case_line_list", "case_routes")


def test_every_format_is_written_under_its_name_and_header(usual: Written) -> None:
    expected = {f"{name}.csv": columns for name, columns in COLUMNS.items() if name not in DAILY}
    days = [usual.options.first_day + timedelta(days=day) for day in range(usual.options.days)]
    expected |= {f"{name}_{day}.csv": COLUMNS[name] for name in DAILY for day in days}
    found = {path.name: path.read_text(encoding="utf-8").split("\n", 1)[0] for path in usual.files.iterdir()}
    assert found == expected


FURTHER = {
    "case_contacts", "group_members", "guest_register", "named_contacts", "passenger_list", "risk_area_notices",
    "risk_lists", "sentinel_counts", "sentinel_sites", "timetables",
}  # fmt: skip


def test_every_department_sends_files_under_our_names_and_changes_nothing_of_the_others(
    flawless: Written, tmp_path: Path
) -> None:
    whole = write(tmp_path, carefulness="flawless", every_department=True)
    assert digests(flawless.files).items() <= digests(whole.files).items()
    added = {name for name in digests(whole.files) if name not in digests(flawless.files)}
    assert {re.sub(r"(_2022.*)?\.(csv|txt)$", "", name) for name in added} == FURTHER
    for name in added - {path.name for path in whole.files.glob("*.txt")}:
        declared = read_format(re.sub(r"(_2022.*)?\.csv$", "", name), policy=read_defaults())
        assert (whole.files / name).read_text(encoding="utf-8").split("\n", 1)[0] == ",".join(declared.names)


def test_who_is_named_sits_and_sleeps_here_is_in_the_truth(tmp_path: Path) -> None:
    whole = write(tmp_path, carefulness="flawless", every_department=True)
    register = {row["person_id"]: row for row in read_rows(whole.files / "resident_register.csv")}
    persons = {row["true_id"]: row for row in read_rows(whole.truth / "persons.csv")}
    truth = {(row["file"], row["row"]): row["true_id"] for row in read_rows(whole.truth / "identities.csv")}
    for path in sorted(whole.files.glob("named_contacts_*.csv")):
        for number, row in enumerate(read_rows(path), start=1):
            known = register.get(persons[truth[path.name, str(number)]]["person_id"])
            assert known is None or known["name"] == row["name"]
    for name in ("passenger_list", "guest_register"):
        told = [truth[path.name, str(number)] for path in sorted(whole.files.glob(f"{name}_*.csv"))
                for number, _ in enumerate(read_rows(path), start=1)]  # fmt: skip
        assert told
        assert not any(persons[one]["household"] for one in told), "travellers live elsewhere"
        assert len(set(told)) == len(told), "each came once"


def test_an_airlines_careless_list_says_the_passengers_that_a_tidy_one_says(tmp_path: Path) -> None:
    said, raw = {}, {}
    for care in ("flawless", "careless"):
        whole = write(tmp_path / care, carefulness=care, every_department=True)
        truth = Counter(row["file"] for row in read_rows(whole.truth / "identities.csv"))
        raw[care] = {path.name: path.read_bytes() for path in sorted(whole.files.glob("passenger_list_*.txt"))}
        names = ("trip_number", "departs_on", "birth_date", "sex", "board_stop")
        said[care] = {name: write_passengers(raw[care][name], names=names, file=name).decode() for name in raw[care]}
        for name, text in said[care].items():
            _, day, flight = name.removesuffix(".txt").rsplit("_", 2)
            assert text.count(f"\n{flight},{day},") == truth[name] > 0
    assert said["careless"] == said["flawless"]
    assert any(content.startswith(b"\x01") for content in raw["careless"].values()), "some went by teletype"


def test_equal_options_give_equal_bytes_in_every_file_wherever_the_truth_lies(usual: Written, tmp_path: Path) -> None:
    elsewhere = tmp_path / "deep" / "down"
    write_city(usual.options, areas_file=None, files=tmp_path / "files", truth=elsewhere)
    assert digests(tmp_path / "files") == digests(usual.files)
    assert digests(elsewhere) == digests(usual.truth)


def test_another_seed_gives_another_city(usual: Written, tmp_path: Path) -> None:
    other = write(tmp_path, seed=2)
    assert not set(digests(other.files).values()) & {
        digest for name, digest in digests(usual.files).items() if name != "areas.csv" and "case_" not in name
    }


def test_slips_change_neither_the_outbreak_nor_the_visits(usual: Written, careless: Written) -> None:
    same = [name for name in digests(usual.truth) if name.startswith(("visits", "infections", "persons"))]
    assert len(same) == usual.options.days + 2
    assert all(digests(usual.truth)[name] == digests(careless.truth)[name] for name in same)


def test_leaving_id_numbers_out_changes_nothing_else(flawless: Written, tmp_path: Path) -> None:
    bare = write(tmp_path, with_id_numbers=False, carefulness="flawless")
    for name in ("check_ins", "laboratory_results", "case_line_list"):
        numbered = read_daily(flawless.files, name)
        assert any(row["id_number"] for row in numbered)
        assert read_daily(bare.files, name) == [row | {"id_number": ""} for row in numbered]
    assert digests(bare.files)["resident_register.csv"] == digests(flawless.files)["resident_register.csv"]


def test_the_rows_counted_are_the_rows_written(usual: Written) -> None:
    for name, count in usual.summary.rows.items():
        paths = list(usual.files.glob(f"{name}_2*.csv" if name in DAILY else f"{name}.csv"))
        assert sum(path.read_bytes().count(b"\n") - 1 for path in paths) == count


def test_every_row_about_somebody_is_in_the_truth_once(usual: Written) -> None:
    told = Counter((row["file"], int(row["row"])) for row in read_rows(usual.truth / "identities.csv"))
    assert set(told.values()) == {1}
    for name in ("check_ins", "laboratory_results", "case_line_list"):
        for path in usual.files.glob(f"{name}_*.csv"):
            rows = path.read_bytes().count(b"\n") - 1
            assert {row for file, row in told if file == path.name} == set(range(1, rows + 1))
    assert {file.rsplit("_", 1)[0] for file, _ in told} == {"check_ins", "laboratory_results", "case_line_list"}


def test_the_truth_says_who_a_flawless_row_is_about(flawless: Written) -> None:
    register = {row["person_id"]: row for row in read_rows(flawless.files / "resident_register.csv")}
    persons = {row["true_id"]: row["person_id"] for row in read_rows(flawless.truth / "persons.csv")}
    truth = {(row["file"], row["row"]): row["true_id"] for row in read_rows(flawless.truth / "identities.csv")}
    compared = 0
    for path in sorted(flawless.files.glob("check_ins_*.csv")):
        for number, row in enumerate(read_rows(path), start=1):
            resident = register.get(persons[truth[path.name, str(number)]])
            if resident is not None:
                assert row["name"] == resident["name"]
                assert row["id_number"] in ("", resident["id_number"])
                compared += 1
    assert compared > 5_000


def test_files_hold_no_word_of_the_truth(usual: Written) -> None:
    for path in usual.files.iterdir():
        header = path.read_text(encoding="utf-8").split("\n", 1)[0]
        assert not re.search(r"infect|true_|kernel|shedding|household_true", header)


def test_guests_are_on_no_register_but_in_check_ins_and_laboratories(usual: Written) -> None:
    persons = read_rows(usual.truth / "persons.csv")
    guests = {row["true_id"] for row in persons if not row["household"]}
    share = len(guests) / len(persons)
    assert share == pytest.approx(usual.options.non_resident_share, abs=0.01)
    assert not any(row["person_id"] for row in persons if row["true_id"] in guests)
    seen = {
        row["file"].rsplit("_", 1)[0] for row in read_rows(usual.truth / "identities.csv") if row["true_id"] in guests
    }
    assert {"check_ins", "laboratory_results"} <= seen


def test_check_ins_are_left_behind_by_about_the_asked_share_of_visits(usual: Written, tmp_path: Path) -> None:
    assert usual.summary.rows["check_ins"] / usual.summary.visits == pytest.approx(0.4, abs=0.04)
    everything = write(tmp_path, check_in_share=1.0, carefulness="flawless")
    assert everything.summary.rows["check_ins"] == everything.summary.visits
    nothing = write(tmp_path / "none", check_in_share=0.0, days=2)
    assert nothing.summary.rows["check_ins"] == 0


def read_minute(text: str) -> datetime:
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", text)
    return datetime.fromisoformat(text)


def test_times_are_wall_time_to_the_minute_and_files_hold_their_own_day(flawless: Written) -> None:
    for row in read_daily(flawless.files, "check_ins"):
        entered = read_minute(row["entered_at"])
        assert f"check_ins_{entered.date()}.csv" == row["file"]
        if row["left_at"]:
            assert read_minute(row["left_at"]) > entered
    for name in ("laboratory_results", "case_line_list"):
        assert all(f"{name}_{row['reported_at'][:10]}.csv" == row["file"] for row in read_daily(flawless.files, name))


def test_careless_departments_send_broken_doubled_late_and_misdated_rows_but_not_many(careless: Written) -> None:
    broken = doubled = late = misdated = total = 0
    for path in careless.files.glob("check_ins_*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines()[1:]
        total += len(lines)
        doubled += sum(line == before for before, line in pairwise(lines))
        broken += sum(line.count(",") != COLUMNS["check_ins"].count(",") for line in lines)
        day = path.stem[-10:]
        entered = [line.split(",")[1][:10] for line in lines if line.count(",") == COLUMNS["check_ins"].count(",")]
        late += sum(one == str(date.fromisoformat(day) - timedelta(days=1)) for one in entered)
        misdated += sum(one[:4] == "2021" for one in entered)
    assert 0 < broken < 0.01 * total
    assert 0 < doubled < 0.03 * total
    assert 0 < late < 0.06 * total
    assert 0 < misdated < 0.01 * total


def test_flawless_departments_send_none(flawless: Written) -> None:
    for path in flawless.files.iterdir():
        header, *lines = path.read_text(encoding="utf-8").splitlines()
        assert {line.count(",") for line in lines} <= {header.count(",")}
        if path.name.startswith(("check_ins", "laboratory")):
            assert not any("?" in line for line in lines)


def test_places_and_roster_use_the_words_of_the_line(usual: Written) -> None:
    areas = {row["code"]: row["level"] for row in read_rows(usual.files / "areas.csv")}
    for row in read_rows(usual.files / "places.csv"):
        assert PlaceKind(row["kind"])
        assert areas[row["area_code"]] == "township"
        assert 110 < float(row["longitude"]) < 117
        assert 37 < float(row["latitude"]) < 43
    roster = read_rows(usual.files / "duty_roster.csv")
    for row in roster:
        assert {TaskKind(kind) for kind in row["task_kinds"].split(";")}
        assert re.fullmatch(r"officer-\d{4}", row["leader"])
        assert re.fullmatch(r"(officer-\d{4})?", row["deputy"])
        assert row["leader"] != row["deputy"]
        assert row["from_time"] < row["to_time"]
        date.fromisoformat(row["date"])
    units = {(row["level"], row["area_code"]) for row in roster}
    townships = {code for code, level in areas.items() if level == "township"}
    assert {area for level, area in units if level == Level.GRID} == townships
    assert {areas[area] for level, area in units if level == Level.COUNTY} == {"county"}
    assert {area for level, area in units if level == Level.CITY} == {"1499"}


def test_routes_are_told_by_cases_for_the_fortnight_before_their_report(usual: Written) -> None:
    reported = {row["case_id"]: row["reported_at"][:10] for row in read_daily(usual.files, "case_line_list")}
    routes = read_daily(usual.files, "case_routes")
    assert routes
    for row in routes:
        day, told = date.fromisoformat(row["date"]), date.fromisoformat(reported[row["case_id"]])
        assert -15 <= (day - told).days <= 1
        assert date.fromisoformat(row["file"][-14:-4]) - told in (timedelta(0), timedelta(days=1))
        assert row["place_kind"] != PlaceKind.HOME
        assert row["precision_m"] in ("50", "200", "1000")


def test_progress_goes_through_every_step_to_its_end(tmp_path: Path) -> None:
    told: dict[str, list[float]] = {}
    write_city(
        CityOptions(residents=300, days=3),
        areas_file=None,
        files=tmp_path / "files",
        truth=tmp_path / "truth",
        progress=lambda step, share: told.setdefault(step, []).append(share),
    )
    assert list(told)[:2] == ["town", "outbreak"]
    assert set(list(told)[2:]) == set(COLUMNS)
    assert all(shares == sorted(shares) and shares[-1] == 1.0 for shares in told.values())


@pytest.mark.parametrize("truth", ["files", "files/truth", "."])
def test_the_truth_never_lies_among_the_files(tmp_path: Path, truth: str) -> None:
    with pytest.raises(InputRefused, match="truth must not lie"):
        write_city(CityOptions(residents=300), areas_file=None, files=tmp_path / "files", truth=tmp_path / truth)


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "mine.txt").write_text("mine")
    with pytest.raises(InputRefused, match="is not empty"):
        write_city(CityOptions(residents=300), areas_file=None, files=tmp_path / "files", truth=tmp_path / "truth")
    assert [path.name for path in (tmp_path / "files").iterdir()] == ["mine.txt"]
