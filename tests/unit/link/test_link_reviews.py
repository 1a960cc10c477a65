"""Somebody decides what was not certain, can take it back, and every decision teaches (policy 2.6; issue 5.4)."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pytest

from ringfence.errors import NotAllowed, NotFound, TransitionRefused
from ringfence.link import (
    Verdict,
    decide_review,
    deny_aliases,
    forget_past_reviews,
    list_reviews,
    put_denied,
    put_reviews,
    read_calibration,
    read_labels,
    read_review,
    restore_denied,
    undo_review,
)
from ringfence.store import Act, Aliases, Batch, Store, commit_batch
from ringfence.terms import Actor

REVIEWS = pa.table(
    {
        "person_no": [101, 102, 103],
        "candidate_no": [7, 8, 9],
        "weight": [1.5, 9.0, -1.0],
        "margin": [None, 0.0, 4.0],
        "probability": [0.84, 0.5, 0.81],
        "model": ["han-2"] * 3,
        "weights": [[-22.0, 9.5, 14.0, 0.0, 0.5, 0.0, -0.5], None, None],
    }
)


FIRST = Batch(
    batch_no=1,
    batch_id="b" * 64,
    feed="check_ins",
    department="hotels",
    purpose="outreach",
    source_digest="d" * 64,
    rows_accepted=3,
    rows_rejected=0,
    retain_until_day=20_000,
)

END_FIRST = "update batch set status = 'forgotten' where batch_no = 1"

OFFICER = Actor("data_steward")

Answer = TypeVar("Answer")


class Queue:
    """A store with three open reviews, and the officer who may decide them."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store, self.now = store, now
        self.act(self._fill)

    def act(self, do: Callable[[Act], Answer], actor: Actor = OFFICER) -> Answer:
        return self.store.act(do, actor=actor, now=self.now)

    def homes(self, *numbers: int) -> list[int]:
        """Whom each number leads to now."""
        return Aliases(self.store.desk).resolve(np.array(numbers)).tolist()

    def _fill(self, act: Act) -> None:
        commit_batch(act, FIRST)
        put_reviews(act, REVIEWS, batch_no=1)


@pytest.fixture
def queue(staffed: Store, now: datetime) -> Queue:
    return Queue(staffed, now)


def test_open_pairs_come_the_likeliest_first_and_once(queue: Queue) -> None:
    queue.act(lambda act: put_reviews(act, REVIEWS, batch_no=1))
    listed = queue.act(lambda act: list_reviews(act, most=10))
    assert [row["person_no"] for row in listed] == [101, 103, 102]
    assert [row["person_no"] for row in queue.act(lambda act: list_reviews(act, most=1))] == [101]


def test_a_pair_that_is_the_same_leads_home_until_it_is_undone(queue: Queue) -> None:
    queue.act(lambda act: decide_review(act, 1, verdict=Verdict.SAME))
    assert queue.homes(101, 102, 7) == [7, 102, 7]
    assert queue.act(lambda act: read_review(act, 1))["status"] == "same"
    queue.act(lambda act: undo_review(act, 1))
    assert queue.homes(101, 102, 7) == [101, 102, 7]
    assert len(queue.act(lambda act: list_reviews(act, most=10))) == 3


def test_a_pair_that_differs_leaves_both_who_they_are(queue: Queue) -> None:
    queue.act(lambda act: decide_review(act, 2, verdict=Verdict.DIFFERENT))
    assert queue.homes(102, 8) == [102, 8]
    assert [row["review_no"] for row in queue.act(lambda act: list_reviews(act, most=10))] == [1, 3]


def test_who_says_at_the_door_it_is_not_they_undoes_the_decision_and_teaches(queue: Queue) -> None:
    queue.act(lambda act: decide_review(act, 1, verdict=Verdict.SAME))
    alias_no = queue.act(lambda act: read_review(act, 1))["alias_no"]
    assert queue.act(lambda act: deny_aliases(act, [alias_no], denied_by=5)) == [1]
    assert queue.homes(101) == [101]
    assert queue.act(lambda act: read_review(act, 1))["status"] == "different"
    assert queue.act(lambda act: restore_denied(act, denied_by=5)) == [1]
    assert queue.homes(101) == [7], "what was denied and is true after all leads home again"


def test_a_certain_link_that_was_wrong_is_a_label_and_no_part_of_the_queues_report(queue: Queue) -> None:
    wrong = {"person_no": 200, "candidate_no": 7, "batch_no": 1, "answer": "person", "weight": None, "margin": None}
    wrong |= {"probability": 0.9999, "model": "han-2", "said": [17]}
    queue.act(lambda act: put_denied(act, [wrong], denied_by=5))
    assert queue.act(read_calibration) == []
    [label] = queue.act(read_labels)
    assert (label["person_no"], label["answer"], label["status"]) == (200, "person", "different")
    assert len(queue.act(lambda act: list_reviews(act, most=10))) == 3
    undone = label["review_no"]
    queue.act(lambda act: undo_review(act, undone))
    queue.act(lambda act: decide_review(act, undone, verdict=Verdict.SAME))
    assert queue.homes(200) == [7], "it can be taken back like any other decision"


def test_what_was_stated_is_held_against_what_was_decided(queue: Queue) -> None:
    for number, verdict in ((1, Verdict.SAME), (2, Verdict.DIFFERENT), (3, Verdict.SAME)):
        queue.act(lambda act, number=number, verdict=verdict: decide_review(act, number, verdict=verdict))
    low, high = queue.act(read_calibration)
    assert (low.stated_from, low.pairs, low.stated, low.true) == (0.5, 1, 0.5, 0.0)
    assert (high.stated_from, high.pairs, high.true) == (0.8, 2, 1.0)
    assert high.stated == pytest.approx(0.825)


def test_a_decision_is_made_once_and_only_a_decision_can_be_undone(queue: Queue) -> None:
    with pytest.raises(TransitionRefused, match="review 1 is open"):
        queue.act(lambda act: undo_review(act, 1))
    queue.act(lambda act: decide_review(act, 1, verdict=Verdict.SAME))
    with pytest.raises(TransitionRefused, match="review 1 is decided: same"):
        queue.act(lambda act: decide_review(act, 1, verdict=Verdict.DIFFERENT))
    with pytest.raises(NotFound, match="no review 99"):
        queue.act(lambda act: decide_review(act, 99, verdict=Verdict.SAME))


def test_only_who_may_review_links_decides(queue: Queue) -> None:
    with pytest.raises(NotAllowed, match=r"link\.review"):
        queue.act(lambda act: decide_review(act, 1, verdict=Verdict.SAME), Actor("grid_worker"))


def test_pairs_go_with_the_file_that_brought_them_and_those_of_other_files_stay(queue: Queue) -> None:
    later = Batch(**{**vars(FIRST), "batch_no": 2, "batch_id": "c" * 64, "retain_until_day": 30_000})
    others = REVIEWS.slice(0, 1).set_column(0, "person_no", pa.array([104]))
    queue.act(lambda act: (commit_batch(act, later), put_reviews(act, others, batch_no=2)))
    wrong = {"person_no": 200, "candidate_no": 7, "batch_no": 1, "answer": "person", "weight": None, "margin": None}
    wrong |= {"probability": 0.9999, "model": "han-2", "said": [17]}
    queue.act(lambda act: put_denied(act, [wrong], denied_by=5))
    assert queue.act(forget_past_reviews) == 0, "while they are kept"
    queue.act(lambda act: (act.run(END_FIRST), act.note("batch.ended")))
    assert queue.act(forget_past_reviews) == 4
    assert queue.store.desk.rows("select person_no from link_review")[0].person_no == 104
    assert queue.store.desk.rows("select count(*) as n from link_denied_line")[0].n == 0
