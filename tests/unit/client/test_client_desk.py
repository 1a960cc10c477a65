"""What a steward and a county do through the client: uncertain links, files to correct, forms, orders for one's own."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from api_callers import Api
from small_town import PLACES, RESIDENTS, Town, check_in

from ringfence import stewardship
from ringfence.client import Client, LinkReviewRow, PairField
from ringfence.errors import InputRefused, NotFound, TransitionRefused
from ringfence.link import put_reviews
from ringfence.store import Act, Store
from ringfence.terms import SYSTEM, Actor, Language, RecordKind

LUNCH = ("2022-02-28 12:00", "2022-02-28 13:00")
STEWARD = Actor("data_steward")


@pytest.fixture
def api(staffed: Store, now: datetime) -> Api:
    return Api(staffed, now)


@pytest.fixture
def steward(api: Api) -> Client:
    made = Client("", token=api.token("data_steward"), http=api.http, language=Language.EN)  # type: ignore[arg-type]
    made._asking.pause = lambda _seconds: None
    return made


def settle(api: Api, folder: Path, steward: Client) -> int:
    """The town's places and residents, and a file with one good visit and one at a place nobody knows; its batch."""
    (folder / "files").mkdir()
    town = Town(api.store, folder / "files", now=api.now)
    town.receive(places=PLACES, resident_register=RESIDENTS)
    visits = [check_in("wang1", "noodles", *LUNCH), check_in("li1", "noodels", *LUNCH)]
    arrived = steward.send_file("check_ins", town.write("check_ins", visits).path)
    assert (arrived.accepted, arrived.rejected) == (1, 1)
    assert arrived.batch_no is not None
    return arrived.batch_no


def put_pairs(store: Store, batch_no: int, now: datetime) -> None:
    pairs = pa.table(
        {
            "person_no": [101, 102],
            "candidate_no": [7, 8],
            "weight": [1.5, 9.0],
            "margin": [None, 0.5],
            "probability": [0.84, 0.5],
            "model": ["han-1"] * 2,
            "weights": [[-22.0, 9.5, 14.0, 0.0, 0.5, 0.0, -0.5], None],
        }
    )

    def put(act: Act) -> None:
        put_reviews(act, pairs, batch_no=batch_no)

    store.act(put, actor=STEWARD, now=now)


def test_pairs_are_listed_looked_at_decided_taken_back_and_held_to_what_was_stated(
    api: Api, steward: Client, tmp_path: Path
) -> None:
    put_pairs(api.store, settle(api, tmp_path, steward), api.now)
    first, second = steward.link_reviews()
    assert isinstance(first, LinkReviewRow)
    assert [(one.person_no, one.probability) for one in (first, second)] == [(101, 0.84), (102, 0.5)]
    [name, *_] = steward.show_pair(first.review_no)
    assert isinstance(name, PairField)
    assert (name.field, name.row, bool(name.candidate)) == ("name", "", True), "101 was never written down, 7 was"
    steward.decide_link(first.review_no, is_same=True)
    steward.decide_link(second.review_no, is_same=False)
    assert steward.link_reviews() == []
    assert [(one.review_no, one.status, one.decided_by) for one in steward.link_decisions()] == [
        (second.review_no, "different", "data_steward"),
        (first.review_no, "same", "data_steward"),
    ]
    assert [(one.stated_from, one.pairs, one.true) for one in steward.link_calibration()] == [(0.5, 1, 0), (0.8, 1, 1)]
    with pytest.raises(TransitionRefused):
        steward.show_pair(first.review_no)
    steward.undo_link(first.review_no)
    assert [one.review_no for one in steward.link_reviews(most=1)] == [first.review_no]
    with pytest.raises(NotFound):
        steward.undo_link(99)


def test_forgetting_links_of_people_takes_their_pairs_along(api: Api, steward: Client, tmp_path: Path) -> None:
    put_pairs(api.store, settle(api, tmp_path, steward), api.now)
    stewardship.forget(api.store, RecordKind.LINK, before_day=None, people=[8], actor=SYSTEM, now=api.now)
    assert [one.person_no for one in steward.link_reviews()] == [101]


def test_rejected_rows_come_back_as_a_file_to_correct(api: Api, steward: Client, tmp_path: Path) -> None:
    batch = settle(api, tmp_path, steward)
    assert steward.write_rejects(batch, tmp_path / "back.csv") == 1
    assert "noodels" in (tmp_path / "back.csv").read_text("utf-8-sig")
    with pytest.raises(InputRefused):
        steward.write_rejects(batch, tmp_path / "back.jsonl")
    with pytest.raises(NotFound):
        steward.write_rejects(99, tmp_path / "back.csv")


def test_a_feed_is_proposed_from_a_file_and_files_come_under_its_name(
    api: Api, steward: Client, tmp_path: Path
) -> None:
    settle(api, tmp_path, steward)
    path = tmp_path / "hotel_list.csv"
    path.write_text("place_id,checked_in_at,checked_out_at,name,id_number,phone\n", "utf-8")
    found = steward.suggest_feed(path)
    assert found.format
    assert found.text.startswith('feed = "hotel_list"')
    assert "[columns]" in steward.propose_feed("sormas_contacts")
    with pytest.raises(NotFound):
        steward.send_file("nobody_declared_this", path)


def test_a_form_is_filled_in(api: Api, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "no name in here"  # type: ignore[index]
    book.save(tmp_path / "form.xlsx")
    county = Client("", token=api.token("city_officer"), http=api.http)  # type: ignore[arg-type]
    assert county.fill_form(tmp_path / "form.xlsx", tmp_path / "filled.xlsx", area="11") == 0
    assert openpyxl.load_workbook(tmp_path / "filled.xlsx").active["A1"].value == "no name in here"  # type: ignore[index]
