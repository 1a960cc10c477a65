from collections import defaultdict
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow.parquet as pq
from city_on_disk import Row, Written, read_daily, read_rows

from ringfence.city.samples import form_pools
from ringfence.city.town import Town

POOL_OF = 10


def pools(written: Written) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in read_daily(written.files, "laboratory_results"):
        if row["pool_id"]:
            found[row["pool_id"]].append(row)
    return found


def identity(written: Written) -> dict[tuple[str, str], str]:
    return {(row["file"], row["row"]): row["true_id"] for row in read_rows(written.truth / "identities.csv")}


def swabs(written: Written) -> list[Row]:
    truth = identity(written)
    found = []
    for path in sorted(written.files.glob("laboratory_results_*.csv")):
        for number, row in enumerate(read_rows(path), start=1):
            found.append(row | {"true_id": truth[path.name, str(number)]})
    return found


def test_a_pool_has_up_to_ten_members_with_one_result_and_one_report(flawless: Written) -> None:
    found = pools(flawless)
    assert len(found) > 50
    for rows in found.values():
        assert 1 <= len(rows) <= POOL_OF
        assert len({(row["result"], row["reported_at"], row["laboratory"]) for row in rows}) == 1


def test_families_queue_together_and_only_a_sites_last_tube_is_not_full(town: Town) -> None:
    people = np.flatnonzero(town.people.age > 1)
    queue, pool, second = form_pools(town, np.random.default_rng(1), people, first_pool=500)
    assert np.array_equal(np.sort(queue), people)
    site = town.people.township[queue]
    sizes = np.bincount(pool - 500)
    for one in np.unique(site):
        tubes = np.unique(pool[site == one])
        assert (sizes[tubes[:-1] - 500] == POOL_OF).all()
        assert 1 <= sizes[tubes[-1] - 500] <= POOL_OF
        assert (np.diff(second[site == one]) >= 0).all()
    household = town.people.household[queue]
    assert (household[1:] == household[:-1])[household[1:] >= 0].mean() > 0.5
    assert 7 * 3600 <= second.min() <= second.max() <= 19 * 3600


def test_results_are_reported_after_the_swab_and_sample_ids_are_unique(flawless: Written) -> None:
    rows = read_daily(flawless.files, "laboratory_results")
    assert len({row["sample_id"] for row in rows}) == len(rows)
    for row in rows:
        taken, reported = (datetime.fromisoformat(row[name]) for name in ("taken_at", "reported_at"))
        assert timedelta(hours=2) < reported - taken < timedelta(days=3)
        assert row["test"] == "nucleic_acid"
        assert row["result"] in ("positive", "negative")


def test_members_of_a_positive_pool_are_swabbed_alone_on_the_next_day(flawless: Written) -> None:
    rows = swabs(flawless)
    isolated = confirmed(flawless)
    alone = defaultdict(set)
    for row in rows:
        if not row["pool_id"]:
            alone[row["true_id"]].add(row["taken_at"][:10])
    last = flawless.options.first_day + timedelta(days=flawless.options.days - 1)
    recalled = 0
    for row in rows:
        day = date.fromisoformat(row["reported_at"][:10]) + timedelta(days=1)
        if row["pool_id"] and row["result"] == "positive" and day < last and row["true_id"] not in isolated:
            has_left = guest_left(flawless, row["true_id"], day)
            assert str(day) in alone[row["true_id"]] or has_left
            recalled += not has_left
    assert recalled >= 3


def confirmed(written: Written) -> set[str]:
    truth = identity(written)
    return {
        truth[path.name, str(number)]
        for path in written.files.glob("case_line_list_*.csv")
        for number, _ in enumerate(read_rows(path), start=1)
    }


def guest_left(written: Written, true_id: str, day: date) -> bool:
    person = next(row for row in read_rows(written.truth / "persons.csv") if row["true_id"] == true_id)
    days = (day + timedelta(days=one) for one in range((written.options.first_day - day).days + written.options.days))
    seen = any(
        int(true_id) in set(pq.read_table(written.truth / f"visits_{one}.parquet")["true_id"].to_pylist())
        for one in days
    )
    return not person["household"] and not seen


def test_every_case_was_found_by_a_single_swab_that_was_positive_before_its_report(flawless: Written) -> None:
    positive = defaultdict(list)
    for row in swabs(flawless):
        if row["result"] == "positive" and not row["pool_id"]:
            positive[row["true_id"]].append(row)
    truth = identity(flawless)
    found = 0
    for path in flawless.files.glob("case_line_list_*.csv"):
        for number, case in enumerate(read_rows(path), start=1):
            decisive = positive[truth[path.name, str(number)]]
            assert any(
                row["taken_at"] == case["sampled_at"] and row["reported_at"] <= case["reported_at"] for row in decisive
            )
            assert case["sampled_at"] < case["isolated_at"]
            assert case["classification"] == "confirmed"
            assert case["imported"] in ("yes", "no")
            found += 1
    assert found == flawless.summary.confirmed
    assert len(positive) >= found


def test_only_the_infected_are_found_alone(flawless: Written) -> None:
    infected = {row["true_id"]: row for row in read_rows(flawless.truth / "infections.csv")}
    for row in swabs(flawless):
        if row["result"] == "positive" and not row["pool_id"]:
            assert infected[row["true_id"]]["infected_at"] < row["taken_at"]


def test_a_case_tells_an_onset_near_the_true_one_or_none(flawless: Written) -> None:
    truth = identity(flawless)
    infections = {row["true_id"]: row for row in read_rows(flawless.truth / "infections.csv")}
    told = 0
    for path in flawless.files.glob("case_line_list_*.csv"):
        for number, case in enumerate(read_rows(path), start=1):
            onset = infections[truth[path.name, str(number)]]["onset_date"]
            if case["onset_date"]:
                assert abs((date.fromisoformat(case["onset_date"]) - date.fromisoformat(onset)).days) <= 1
                assert case["onset_date"] <= case["reported_at"][:10]
                told += 1
    assert told >= 3
