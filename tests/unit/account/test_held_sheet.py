"""The sheet *What is held about me*: complete, entitled, on record, and printable in both languages."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pyarrow as pa
import pytest
from fake_trace import EPIDEMIOLOGIST, Exposed, exposures, put_exposures, verified_signal

from ringfence import redress, stewardship
from ringfence.account import HeldKind, HeldSheet, gather_held, write_held_page
from ringfence.errors import NotAllowed, NotFound
from ringfence.policy import Policy, Tier, read_in_force
from ringfence.seal import FileSigner, make_key_files, read_signer, read_trust
from ringfence.store import Act, Batch, Store, add_people, commit_batch, merge_people
from ringfence.terms import (
    LAYOUTS,
    SYSTEM,
    Actor,
    AliasKind,
    ContestedKind,
    Language,
    Reason,
    ReasonCode,
    RecordKind,
    calendar_day,
    cell,
)
from ringfence.terms.language import read_catalogue
from ringfence.work import DISPUTE_LINK, LINKS_NAME, draft_orders, read_link, sign_order

COUNTY, CITY = Actor("county_officer@11"), Actor("city_officer")
HOUR = timedelta(hours=1)


@dataclass
class Held:
    """Somebody with a row of the vault, visits under two numbers, an exposure and a signed order."""

    store: Store
    person: int
    member: int
    order: int
    keys: Path
    now: datetime

    @property
    def signer(self) -> FileSigner:
        return read_signer(self.keys, LINKS_NAME)

    def gather(self, *, actor: Actor = COUNTY, person: int | None = None) -> HeldSheet:
        asked = self.person if person is None else person
        return gather_held(self.store, asked, signer=self.signer, actor=actor, now=self.now + HOUR)


def put_visits(act: Act, store: Store, *people: int, day: int) -> None:
    rows = [
        {"cell": cell(day - n, 9), "person": person, "enter_s": 100, "stay_s": 600, "source": 1}
        | {"batch": 77, "row": n + 1, "recorded_at": 1}
        for n, person in enumerate(people)
    ]
    staged = store.lake.stage(
        RecordKind.VISIT, pa.Table.from_pylist(rows, LAYOUTS[RecordKind.VISIT].schema), batch_no=77
    )
    named = dict.fromkeys(["batch_id", "feed", "department", "purpose", "source_digest"], "test")
    commit_batch(act, Batch(batch_no=77, rows_accepted=len(rows), rows_rejected=0, retain_until_day=None, **named))
    store.lake.commit(act, staged)


@pytest.fixture
def held(staffed: Store, now: datetime, tmp_path: Path) -> Held:
    policy = Policy(read_in_force(staffed.desk, now=now), staffed.clock.day_of(now))
    signal = verified_signal(staffed, now=now)

    def arrive(act: Act) -> tuple[int, int]:
        person = add_people(
            act, staffed.keys, [{"name": "王建国", "phone": "13800001234", "area_code": "111"}, {"name": "王建囯"}]
        )
        merge_people(
            act,
            from_no=person + 1,
            to_no=person,
            reason=Reason.of(ReasonCode.SAID_BY, actor="epidemiologist"),
            kind=AliasKind.MERGED,
        )
        put_visits(act, staffed, person, person + 1, person + 40, day=policy.day)
        put_exposures(act, exposures([Exposed(signal=signal, subject=person, last_day=policy.day)]))
        return person, person + 1

    person, member = staffed.act(arrive, actor=EPIDEMIOLOGIST, now=now)

    def draft(act: Act) -> list[int]:
        return draft_orders(
            act,
            person_no=person,
            disease="covid19",
            tier=Tier.VISIT,
            order_rules={"household"},
            policy=policy,
            clock=staffed.clock,
        )

    order = staffed.act(draft, actor=SYSTEM, now=now)[0]
    staffed.act(lambda act: sign_order(act, order, clock=staffed.clock), actor=CITY, now=now)
    keys = tmp_path / "seal"
    keys.mkdir()
    make_key_files(keys, kinds={LINKS_NAME: DISPUTE_LINK}, now=now)
    return Held(staffed, person, member, order, keys, now)


def test_it_holds_all_there_is_under_every_number_of_the_person_and_nothing_of_others(held: Held) -> None:
    sheet = held.gather()
    assert sheet.numbers == (held.person, held.member)
    assert sheet.identity["name"] == "王建国"
    assert {row.kind for row in sheet.rows} == {HeldKind.EXPOSURE, HeldKind.ORDER}
    [visits] = sheet.records
    today = held.store.clock.day_of(held.now)
    assert (visits.kind, visits.count) == (RecordKind.VISIT, 2)
    assert (visits.first_day, visits.last_day) == (calendar_day(today - 1), calendar_day(today))
    [signed] = [row for row in sheet.rows if row.number == held.order and row.kind is HeldKind.ORDER]
    assert (signed.decided_by, signed.status) == ("city_officer", "signed")
    assert signed.reason is not None


def test_asked_by_a_number_that_leads_to_the_person_it_is_the_same_sheet(held: Held) -> None:
    first, second = held.gather(), held.gather(person=held.member)
    assert (first.numbers, first.rows, first.records) == (second.numbers, second.rows, second.records)


def test_gathering_is_a_look_on_the_ledger_and_the_sheet_says_who_looked(held: Held) -> None:
    looks = held.gather().looks
    assert {(look.actor, look.purpose) for look in looks} == {("county_officer@11", "dispute")}
    again = held.gather(actor=CITY).looks
    assert {look.actor for look in again} == {"county_officer@11", "city_officer"}


def test_only_who_answers_disputes_where_the_person_is_known_gathers_it(held: Held) -> None:
    for user in ("county_officer@12", "grid_worker@111", "township_officer@111", "epidemiologist", "auditor", "clinic"):
        with pytest.raises(NotAllowed):
            held.gather(actor=Actor(user))
    lines = held.store.desk.rows("select actor from ledger where action in ('held.read', 'people.read')")
    assert lines == []


def test_nothing_is_held_about_nobody(held: Held) -> None:
    with pytest.raises(NotAllowed):  # a county officer learns nothing of who is not of the county
        held.gather(person=4_000)
    with pytest.raises(NotFound, match="nothing is held about person 4000"):
        gather_held(held.store, 4_000, signer=held.signer, actor=everywhere(held), now=held.now)


def everywhere(held: Held) -> Actor:
    from ringfence.access import add_user, grant_role  # noqa: PLC0415 - one test hires
    from ringfence.store import EVERYWHERE  # noqa: PLC0415
    from ringfence.terms import Grant, Role  # noqa: PLC0415

    def hire(act: Act) -> None:
        add_user(act, "province")
        grant_role(act, "province", Grant(role=Role.CITY_OFFICER, area_path=EVERYWHERE))

    held.store.act(hire, actor=Actor("administrator"), now=held.now)
    return Actor("province")


def test_every_order_that_waits_or_holds_can_be_contested_by_the_link_beside_it(held: Held) -> None:
    sheet = held.gather()
    trust = read_trust(held.keys, LINKS_NAME)
    contested = {row.number: read_link(link, trust=trust, now=held.now + HOUR) for row, link in sheet.links.items()}
    assert contested
    for number, thing in contested.items():
        assert (thing.kind, thing.number) == (ContestedKind.ORDER, number)


# ---------------------------------------------------------------------- the page


class Loads(HTMLParser):
    """What a page would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.words: dict[str, list[str]] = {}
        self._part = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "iframe", "img", "link", "object"}:
            self.found.append(tag)
        self.found += [name for name, _ in attrs if name in {"src", "href"} or name.startswith("on")]
        if tag == "section":
            self._part = dict(attrs)["lang"] or ""

    def handle_data(self, data: str) -> None:
        if self._part:
            self.words.setdefault(self._part, []).append(data)


def write(held: Held) -> tuple[str, Loads]:
    page = write_held_page(held.gather(), address="https://city.example/contest#", clock=held.store.clock)
    read = Loads()
    read.feed(page)
    return page, read


def test_the_page_speaks_both_languages_and_loads_nothing(held: Held) -> None:
    page, read = write(held)
    assert set(read.words) == {"zh", "en"}
    english, chinese = (" ".join(read.words[language]) for language in ("en", "zh"))
    assert "What is held about me" in english
    assert "有关我的信息" in chinese
    for shown in ("王建国", "city_officer", "county_officer@11"):
        assert shown in english
        assert shown in chinese
    assert [one for one in read.found if one != "href"] == []
    assert page.count("<svg") == 2 * len(held.gather().links)


def test_a_name_that_looks_like_markup_stays_a_name(held: Held) -> None:
    def rename(act: Act) -> int:
        act.note("test.renamed")
        return add_people(act, held.store.keys, [{"name": "<script>alert(1)</script>", "area_code": "111"}])

    other = held.store.act(rename, actor=EPIDEMIOLOGIST, now=held.now)
    said = Reason.of(ReasonCode.SAID_BY, actor="x")

    def merge(act: Act) -> None:
        merge_people(act, from_no=held.person, to_no=other, reason=said, kind=AliasKind.MERGED)

    held.store.act(merge, actor=EPIDEMIOLOGIST, now=held.now)
    page, read = write(held)
    assert "script" not in read.found
    assert "&lt;script&gt;" in page


def test_every_sentence_and_word_of_the_page_has_its_chinese(held: Held) -> None:
    template = (files("ringfence.account") / "templates" / "held.html").read_text(encoding="utf-8")
    asked = set(re.findall(r'words\("([^"]+)"', template))
    sheet = held.gather()
    codes = {*sheet.identity, *HeldKind, *(kind for kind in RecordKind if LAYOUTS[kind].person_columns)}
    asked |= {str(code).replace("_", " ") for code in codes}
    catalogue = read_catalogue(Language.ZH)
    missing = [one for one in asked if (found := catalogue.get(one)) is None or not found.string]
    assert len(asked) > 20
    assert not missing


def test_the_flow_reads_the_deployments_own_keys(tmp_path: Path, now: datetime) -> None:
    from ringfence.store import open_store  # noqa: PLC0415 - one test makes a deployment with keys

    stewardship.make_deployment(
        tmp_path / "home",
        zone="Asia/Shanghai",
        database="",
        administrator="admin",
        password="a long enough one",
        now=now,
    )
    opened = open_store(tmp_path / "home")
    try:
        with pytest.raises(NotAllowed):  # the administrator sees nobody
            redress.gather_held(opened, 1, actor=Actor("admin"), now=now)
    finally:
        opened.close()
