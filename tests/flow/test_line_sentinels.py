"""From what sentinels send to signals: alarms, silence, corrections, and nothing of it twice (policy 4)."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from small_town import CHIEF, EPIDEMIOLOGIST, EVENING, GRID, SAID, Town

from ringfence import flow
from ringfence.errors import NotAllowed
from ringfence.store import Store
from ringfence.terms import Language, Reason, ReasonCode, calendar_day, say, say_reason

TODAY = 19_052  # 2022-03-01
DAYS = 70
SITES = ("F1", "F2", "F3")


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    (tmp_path / "files").mkdir()
    opened = Town(staffed, tmp_path / "files", now=EVENING)
    opened.receive(
        sentinel_sites=[
            {"site_id": site, "site_name": "发热门诊", "site_kind": "fever_clinic", "area_code": "111"}
            for site in SITES
        ]
    )
    return opened


def row(site: str, day: int, n: int, *, at: str = "20:00", syndrome: str = "fever") -> dict[str, str]:
    date = calendar_day(day).isoformat()
    told = {"site_id": site, "date": date, "syndrome": syndrome, "count": str(n)}
    return {**told, "reported_at": f"{date} {at}"}


def weeks(town: Town, *, last: dict[str, int | None]) -> None:
    """Ten weeks of every site; `last` are the counts of the last day, None for none."""
    usual = np.random.default_rng(11).poisson(6, (DAYS, len(SITES)))
    rows = [
        row(site, TODAY - DAYS + day, int(usual[day, number]))
        for number, site in enumerate(SITES)
        for day in range(DAYS)
    ]
    town.receive(sentinel_counts=[*rows, *(row(site, TODAY, n) for site, n in last.items() if n is not None)])


def watch(town: Town, *, day: int = TODAY, later: int = 0) -> tuple[int, ...]:
    now = EVENING + timedelta(hours=2, days=later)
    return flow.watch_sentinels(town.store, day=day, actor=EPIDEMIOLOGIST, now=now).signals


def signals_of(town: Town) -> list[tuple[str, str, str]]:
    found = town.rows("select kind, subject_key, disease from visible_signal order by signal_id")
    return [(kind, site, disease) for kind, site, disease in found]


def noticed(town: Town) -> list[tuple[str, ReasonCode]]:
    rows = town.rows("select subject_key, reason from visible_observation where subject_kind = 'site' order by 1, 2")
    return [(site, Reason.from_json(reason).code) for site, reason in rows]


def test_too_much_becomes_a_signal_with_its_reason_and_the_same_day_again_changes_nothing(town: Town) -> None:
    weeks(town, last={"F1": 30, "F2": 6, "F3": 5})
    raised = watch(town)
    assert signals_of(town) == [("aberration", "F1", "fever")]
    assert noticed(town) == [("F1", ReasonCode.COUNT_ABOVE_BOUND)]
    [(reason,)] = town.rows("select reason from visible_signal")
    said = Reason.from_json(reason).values
    assert (said["count"], said["day"]) == (30, "2022-03-01")
    assert 4 < float(said["expected"]) < 9 < int(said["bound"]) < 25
    assert watch(town) == raised
    assert len(noticed(town)) == 1


def test_a_wave_at_a_site_is_one_signal_while_it_stands_and_a_new_one_after_a_dismissal(town: Town) -> None:
    weeks(town, last={"F1": 30, "F2": 6, "F3": 5})
    [first] = watch(town)
    town.now = EVENING + timedelta(days=1)
    town.receive(sentinel_counts=[row("F1", TODAY + 1, 33), row("F2", TODAY + 1, 6), row("F3", TODAY + 1, 6)])
    assert watch(town, day=TODAY + 1, later=1) == ()
    flow.dismiss(town.store, first, reason=SAID, actor=EPIDEMIOLOGIST, now=EVENING + timedelta(days=1, hours=2))
    assert len(watch(town, day=TODAY + 1, later=1)) == 1
    assert noticed(town).count(("F1", ReasonCode.COUNT_ABOVE_BOUND)) == 2


def test_a_correction_reported_later_holds_and_an_older_report_sent_again_does_not(town: Town) -> None:
    weeks(town, last={"F1": 30, "F2": 6, "F3": 5})
    town.receive(sentinel_counts=[row("F1", TODAY, 7, at="21:00")])
    town.receive(sentinel_counts=[row("F1", TODAY, 29, at="19:00")])
    assert watch(town) == ()
    assert noticed(town) == []


def test_a_missing_report_is_noticed_at_once_and_the_second_is_a_signal_once_for_the_whole_silence(town: Town) -> None:
    weeks(town, last={"F1": 6, "F2": 0, "F3": None})
    assert watch(town) == ()
    assert (("F3", ReasonCode.SITE_LATE) in noticed(town), ("F2", ReasonCode.SITE_LATE) in noticed(town)) == (
        True,
        False,
    )
    town.now = EVENING + timedelta(days=1)
    town.receive(sentinel_counts=[row("F1", TODAY + 1, 6), row("F2", TODAY + 1, 5)])
    assert len(watch(town, day=TODAY + 1, later=1)) == 1
    assert signals_of(town) == [("silent_sentinel", "F3", "reporting")]
    town.now = EVENING + timedelta(days=2)
    town.receive(sentinel_counts=[row("F1", TODAY + 2, 6), row("F2", TODAY + 2, 5)])
    watch(town, day=TODAY + 2, later=2)
    assert len(signals_of(town)) == 1


def test_a_count_of_nothing_where_much_is_usual_asks_whether_all_is_counted(town: Town) -> None:
    weeks(town, last={"F1": 6, "F2": 0, "F3": 5})
    watch(town)
    assert noticed(town) == [("F2", ReasonCode.COUNT_BELOW_BOUND)]
    assert signals_of(town) == []


def test_new_sites_syndromes_and_huge_counts_break_nothing_and_are_counted_by_status(town: Town) -> None:
    weeks(town, last={"F1": 6, "F2": 5, "F3": 5})
    town.receive(
        sentinel_counts=[
            row("F1", TODAY, 1_000_000, syndrome="cough"),
            *(row("F2", TODAY - day, 0, syndrome="rash") for day in range(60)),
        ]
    )
    found = flow.watch_sentinels(town.store, day=TODAY, actor=EPIDEMIOLOGIST, now=EVENING).situation
    assert found.alarms == ()
    assert found.statuses == {"tested": 4, "short_history": 1}


def test_the_day_begun_watches_the_day_before(town: Town) -> None:
    weeks(town, last={"F1": 30, "F2": 6, "F3": 5})
    flow.follow_up(town.store, day=TODAY + 1, actor=CHIEF, now=EVENING + timedelta(hours=6))
    assert ("aberration", "F1", "fever") in signals_of(town)


@pytest.mark.parametrize("language", list(Language))
def test_the_situation_page_stands_alone_with_every_alarm_drawn_and_its_reason_said(
    town: Town, language: Language
) -> None:
    weeks(town, last={"F1": 30, "F2": 6, "F3": None})
    [raised] = watch(town)
    flow.verify(town.store, raised, reason=SAID, actor=EPIDEMIOLOGIST, now=EVENING + timedelta(hours=20))
    page = flow.report_situation(
        town.store, day=TODAY, language=language, actor=EPIDEMIOLOGIST, now=EVENING + timedelta(hours=21)
    )
    [(reason,)] = town.rows("select reason from visible_signal")
    assert say_reason(Reason.from_json(reason), language) in page
    assert page.count("<svg") == 1, "no place is known that sites could be drawn at"
    assert not [mark for mark in ("<script", "<link", "src=", "@import", 'href="http') if mark in page]
    assert say("verified", {}, language) in page
    with pytest.raises(NotAllowed):
        flow.report_situation(town.store, day=TODAY, language=language, actor=GRID, now=EVENING)
