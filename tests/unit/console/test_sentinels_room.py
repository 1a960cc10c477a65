"""The room of sentinels: alarms with their picture, sites with how they report, and what was decided."""

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from console_browser import Browser

from ringfence import situation
from ringfence.areas import SiteRow, put_sites, read_hierarchy
from ringfence.policy import Policy, read_in_force
from ringfence.store import Act, Batch, Store, commit_batch
from ringfence.terms import LAYOUTS, SYSTEM, RecordKind, calendar_day, to_us

DAYS, BATCH = 80, 999


@pytest.fixture
def counted(lively: Store, now: datetime) -> Store:
    """Two fever clinics: one with five times as many on the last day, one that has been silent for a week."""
    store = lively
    last = store.clock.day_of(now) - 1
    usual = np.random.default_rng(2).poisson(6, DAYS)
    rows = [("F1", last - DAYS + day, int(n)) for day, n in enumerate(usual.tolist(), start=1)]
    rows += [("F2", day, n) for _, day, n in rows if day < last - 6]
    rows[DAYS - 1] = ("F1", last, 30)

    def put(act: Act) -> None:
        sites = [
            SiteRow(site_id=site, name="发热门诊", kind="fever_clinic", area_code="111", row=1) for site in ("F1", "F2")
        ]
        put_sites(act, sites, areas=read_hierarchy(store.desk), batch_no=None)
        commit_batch(
            act,
            Batch(batch_no=BATCH, batch_id="counts", feed="sentinel_counts", department="health",
                  purpose="surveillance", source_digest="0", rows_accepted=len(rows), rows_rejected=0,
                  retain_until_day=last + 90),
        )  # fmt: skip
        store.lake.commit(act, store.lake.stage(RecordKind.COUNT, _records(store, rows), batch_no=BATCH))

    store.act(put, actor=SYSTEM, now=now)
    rules = Policy(read_in_force(store.desk, now=now), last)
    situation.watch_sentinels(store, policy=rules, actor=SYSTEM, now=now)
    return store


def _records(store: Store, rows: list[tuple[str, int, int]]) -> pa.Table:
    at = [to_us(store.clock.midnight(day) + timedelta(hours=20)) for _, day, _ in rows]
    columns = {
        "site": [site for site, _, _ in rows],
        "day": [day for _, day, _ in rows],
        "syndrome": ["fever"] * len(rows),
        "n": [n for _, _, n in rows],
        "reported_at": at,
        "batch": [BATCH] * len(rows),
        "row": list(range(1, len(rows) + 1)),
        "recorded_at": at,
    }
    return pa.table(columns, schema=LAYOUTS[RecordKind.COUNT].schema)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_epidemiologist_sees_the_alarm_its_picture_and_the_silent_site(
    counted: Store, now: datetime, open_browser: Callable[..., Browser], language: str
) -> None:
    browser = open_browser("epidemiologist", language)
    page = browser.get("/sentinels").text
    assert ("30 with fever" if language == "en" else "fever 30") in page
    assert ("silent" if language == "en" else "沉默") in page
    day = counted.clock.day_of(now) - 1
    picture = browser.get(f"/sentinels/alarms/{day}/0").json()
    [shown] = picture["datasets"].values()
    assert (shown[-1]["day"], shown[-1]["count"]) == (calendar_day(day).isoformat(), 30)
    assert shown[-1]["bound"] < 30
    assert browser.get(f"/sentinels/map/{day}").status_code == 200
    assert browser.get(f"/sentinels/alarms/{day}/7").status_code == 404


@pytest.mark.usefixtures("counted")
def test_a_day_before_anything_was_counted_is_an_empty_page(open_browser: Callable[..., Browser]) -> None:
    page = open_browser("epidemiologist").get("/sentinels?day=2015-06-01")
    assert page.status_code == 200
    assert "No count exceeded its bound." in page.text
