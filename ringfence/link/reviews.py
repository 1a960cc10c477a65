"""The clerical queue: pairs not sure enough to act on, decided by somebody and undone as easily (policy 2.6).

A row that is for review has a number of its own until somebody says whose it is. To say that it is the candidate draws
an alias from that number, and every reader of the lake, a task or an order follows it; to take the decision back takes
the alias back, and everything reads as it did. Each decision is a label: what the model stated is held against it.

A link that was certain and turns out wrong at the door becomes a decided pair too: the number that its rows got, and
whom they were linked to. It teaches as a label, and can be taken back like any other.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pyarrow as pa

from ringfence.access import check_can
from ringfence.errors import NotFound, TransitionRefused
from ringfence.link.model import read_model
from ringfence.link.weights import weight_parts
from ringfence.policy import Permission
from ringfence.store import EVERYWHERE, Act, merge_people, undo_alias
from ringfence.terms import AliasKind, PersonNo, Reason, ReasonCode, to_us

TOP_AREAS = "select area_path from area where parent_code = '' order by area_path"

INSERT_REVIEW = """
insert into link_review
    (person_no, candidate_no, batch_no, weight, margin, probability, model, weights, answer, status, recorded_at)
values (:person_no, :candidate_no, :batch_no, :weight, :margin, :probability, :model, :weights, 'review', 'open',
    :recorded_at)
on conflict (person_no, candidate_no) do nothing
"""

OPEN_REVIEWS = """
select r.review_no, r.person_no, r.candidate_no, r.batch_no, r.weight, r.margin, r.probability, r.model, r.status
from link_review r join batch b on b.batch_no = r.batch_no
where r.status = 'open' and b.status = 'committed'
order by r.probability desc, r.review_no
limit :most
"""
"""What a batch brought that was withdrawn or forgotten since is nobody's to decide."""

LAST_DECIDED = """
select review_no, person_no, candidate_no, batch_no, probability, model, status, decided_by, decided_at
from link_review
where status <> 'open'
order by decided_at desc, review_no desc
limit :most
"""

ONE_REVIEW = """
select review_no, person_no, candidate_no, batch_no, weight, margin, probability, model, weights, status, alias_no
from link_review
where review_no = :review_no
"""

INSERT_DENIED_LINE = """
insert into link_denied_line (said, person_no, candidate_no, recorded_at)
values (:said, :person_no, :candidate_no, :now)
on conflict (said, person_no, candidate_no) do nothing
"""

FORGET_LINES = """
delete from link_denied_line
where not exists (
    select 1 from link_review r
    where r.person_no = link_denied_line.person_no and r.candidate_no = link_denied_line.candidate_no
)
"""

FORGET_REVIEWS_OF = "delete from link_review where person_no = :person_no or candidate_no = :person_no"

FORGET_REVIEWS_PAST = """
delete from link_review where batch_no in (select batch_no from batch where status = 'forgotten')
"""

REVIEW_OF_ALIAS = "select review_no from link_review where alias_no = :alias_no and status = 'same'"

INSERT_DENIED = """
insert into link_review
    (person_no, candidate_no, batch_no, weight, margin, probability, model, answer, status, denied_by, decided_by,
    decided_at, recorded_at)
values (:person_no, :candidate_no, :batch_no, :weight, :margin, :probability, :model, :answer, 'different', :denied_by,
    :decided_by, :now, :now)
on conflict (person_no, candidate_no) do nothing
"""

DENIED_BY = """
select review_no from link_review where denied_by = :denied_by and status = 'different' order by review_no
"""

DECIDE_REVIEW = """
update link_review
set status = :status, alias_no = :alias_no, denied_by = :denied_by, decided_by = :decided_by, decided_at = :decided_at
where review_no = :review_no and status = :before
"""

# Each tenth is a range of the index over status and probability; the last holds what was stated as certain too. Of
# certain links only those are decided that were denied, so they are left out.
DECIDED_BY_TENTHS = """
with band (tenth) as (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9))
select b.tenth, count(*) as pairs, avg(r.probability) as stated,
    avg(case when r.status = 'same' then 1.0 else 0.0 end) as same
from band b
join link_review r on r.status in ('same', 'different') and r.answer = 'review'
    and r.probability >= b.tenth / 10.0 and (r.probability < (b.tenth + 1) / 10.0 or b.tenth = 9)
group by b.tenth
order by b.tenth
"""

LABELS = """
select review_no, person_no, candidate_no, weight, margin, probability, model, answer, status
from link_review
where status <> 'open'
order by review_no
"""

BANDS = 10
"""The calibration report tells tenths of probability apart."""


class Verdict(StrEnum):
    """What somebody said of a pair."""

    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, kw_only=True)
class Band:
    """Decided pairs whose stated probability lies from `stated_from` up: what was stated on average, what was true."""

    stated_from: float
    pairs: int
    stated: float
    true: float


def put_reviews(act: Act, reviews: pa.Table, *, batch_no: int) -> int:
    """Keep what a batch brought for review (person_no, candidate_no, and of LINK_SCHEMA what was weighed); how many."""
    weighed = reviews.select(["person_no", "candidate_no", "weight", "margin", "probability", "model", "weights"])
    kept = {"batch_no": batch_no, "recorded_at": to_us(act.now)}
    rows = [row | kept | {"weights": _name_parts(row["weights"])} for row in weighed.to_pylist()]
    act.run_many(INSERT_REVIEW, rows)
    if rows:
        act.note("link.reviews_put", subject=f"batch:{batch_no}", count=len(rows))
    return len(rows)


def list_reviews(act: Act, *, most: int) -> Sequence[Mapping[str, Any]]:
    """The open pairs, the likeliest first."""
    _check_may(act)
    rows = [dict(row._mapping) for row in act.rows(OPEN_REVIEWS, most=most)]  # noqa: SLF001 - SQLAlchemy's public name
    act.note("link.reviews_listed", count=len(rows))
    return rows


def list_decided(act: Act, *, most: int) -> Sequence[Mapping[str, Any]]:
    """The decided pairs with who decided and when, the last first."""
    _check_may(act)
    rows = [dict(row._mapping) for row in act.rows(LAST_DECIDED, most=most)]  # noqa: SLF001 - SQLAlchemy's public name
    act.note("link.decided_listed", count=len(rows))
    return rows


def read_review(act: Act, review_no: int) -> Mapping[str, Any]:
    """One pair; NotFound when there is none of the number."""
    _check_may(act)
    return _read(act, review_no)


def read_open_review(act: Act, review_no: int) -> Mapping[str, Any]:
    """A pair that waits to be decided; TransitionRefused for one that is, which needs nobody's look any more."""
    _check_may(act)
    return _read_open(act, review_no)


def decide_review(act: Act, review_no: int, *, verdict: Verdict) -> None:
    """Say whether two numbers are one person; TransitionRefused when that is decided already."""
    _check_may(act)
    _decide(act, _read_open(act, review_no), verdict)


def undo_review(act: Act, review_no: int) -> None:
    """Take a decision back: the pair is open again and its numbers are who they were."""
    _check_may(act)
    review = _read(act, review_no)
    if review["status"] == "open":
        raise TransitionRefused("review {review_no} is open; there is nothing to undo", review_no=review_no)
    if review["alias_no"] is not None:
        undo_alias(act, review["alias_no"])
    _write(act, review_no, before=review["status"], status="open", alias_no=None)


def deny_aliases(act: Act, alias_nos: Sequence[int], *, denied_by: int) -> list[int]:
    """Numbers that were led to a person are not theirs: each alias is undone, and its pair becomes `different`.

    The pairs that were turned. `denied_by` is the dispute; the rights are checked by who calls this, for whoever hears
    somebody at the door needs none of the queue's.
    """
    turned = []
    for alias_no in alias_nos:
        pairs = [row.review_no for row in act.rows(REVIEW_OF_ALIAS, alias_no=alias_no)]
        undo_alias(act, alias_no)
        for review_no in pairs:
            _write(act, review_no, before="same", status=Verdict.DIFFERENT, alias_no=None, denied_by=denied_by)
        turned += pairs
    return turned


def put_denied(act: Act, denied: Sequence[Mapping[str, Any]], *, denied_by: int) -> None:
    """Keep links that were certain and wrong as decided pairs.

    Each says whose number its rows have now (person_no), who they were linked to (candidate_no), batch_no, answer,
    weight, margin, probability and model; and what its lines said (`said`), so that they never lead there again.
    """
    told = {"denied_by": denied_by, "decided_by": act.actor.actor_id, "now": to_us(act.now)}
    act.run_many(INSERT_DENIED, [{**one, **told} for one in denied])
    act.run_many(INSERT_DENIED_LINE, [{**one, **told, "said": said} for one in denied for said in one["said"]])
    act.note("link.denied", subject=f"dispute:{denied_by}", count=len(denied))


def has_denied(act: Act, *, denied_by: int) -> bool:
    """Whether a dispute undid a link."""
    return bool(act.rows(DENIED_BY, denied_by=denied_by))


def restore_denied(act: Act, *, denied_by: int) -> list[int]:
    """What a dispute denied was right after all: its pairs are `same` again; their numbers."""
    restored = [int(row.review_no) for row in act.rows(DENIED_BY, denied_by=denied_by)]
    for review_no in restored:
        _decide(act, _read(act, review_no), Verdict.SAME)
    return restored


def read_labels(act: Act) -> list[dict[str, Any]]:
    """Every decided pair with what was stated of it: what a model is held against, and trained on anew."""
    _check_may(act)
    labels = [dict(row._mapping) for row in act.rows(LABELS)]  # noqa: SLF001 - SQLAlchemy's public name
    act.note("link.labels_read", count=len(labels))
    return labels


def forget_reviews_of(act: Act, people: Iterable[PersonNo]) -> int:
    """Let go of every pair that one of some people's numbers stands in; how many. What it decided stays decided."""
    numbers = list(people)
    gone = act.run_many(FORGET_REVIEWS_OF, [{"person_no": number} for number in numbers])
    act.run(FORGET_LINES)
    act.note("link.reviews_forgotten", count=gone, ids=numbers)
    return gone


def forget_past_reviews(act: Act) -> int:
    """Let go of the pairs that files brought whose retention has ended; how many."""
    gone = act.run(FORGET_REVIEWS_PAST)
    act.run(FORGET_LINES)
    act.note("link.reviews_forgotten", count=gone)
    return gone


def read_calibration(act: Act) -> list[Band]:
    """What the model stated of pairs that were decided since, against the decisions, by tenths of probability."""
    _check_may(act)
    tenths = act.rows(DECIDED_BY_TENTHS)
    act.note("link.calibration_read", count=sum(row.pairs for row in tenths))
    return [
        Band(stated_from=row.tenth / BANDS, pairs=row.pairs, stated=float(row.stated), true=float(row.same))
        for row in tenths
    ]


def show_pair(review: Mapping[str, Any], people: pa.Table) -> list[dict[str, Any]]:
    """What is written of the two side by side, with its weight in bits (field, row, candidate, bits).

    `people` are as the vault gave them. The last line, of field `prior`, is what weighs before anything is compared.
    """
    by_number = {person["person_no"]: person for person in people.to_pylist()}
    one, other = by_number.get(review["person_no"], {}), by_number.get(review["candidate_no"], {})
    fields = ("name", "sex", "birth_date", "id_number", "phone", "address")
    bits = json.loads(review["weights"] or "{}")
    pair = [
        {
            "field": name,
            "row": str(one.get(name) or ""),
            "candidate": str(other.get(name) or ""),
            "bits": bits.get(name),
        }
        for name in fields
    ]
    return [*pair, {"field": "prior", "row": "", "candidate": "", "bits": bits["prior"]}] if bits else pair


def _name_parts(weights: Sequence[float] | None) -> str | None:
    """The parts of a weight as they are kept: rounded, under the names of the fields that were compared."""
    if weights is None:
        return None
    fields = ["address" if name == "community" else name for name in weight_parts(read_model("han"))]
    return json.dumps({name: round(bits, 2) for name, bits in zip(fields, weights, strict=True)})


def _decide(act: Act, review: Mapping[str, Any], verdict: Verdict) -> None:
    alias_no = None
    if verdict is Verdict.SAME:
        alias_no = merge_people(
            act,
            from_no=PersonNo(review["person_no"]),
            to_no=PersonNo(review["candidate_no"]),
            reason=Reason(ReasonCode.LINK_CONFIRMED, {"review_no": review["review_no"]}),
            kind=AliasKind.PROVISIONAL,
        )
    _write(act, review["review_no"], before=review["status"], status=verdict, alias_no=alias_no)


def check_may_review(act: Act) -> None:
    """NotAllowed for who may not say who rows are about, everywhere."""
    act.note("link.review_asked")
    _check_may(act)


def _check_may(act: Act) -> None:
    for path in [row.area_path for row in act.rows(TOP_AREAS)] or [EVERYWHERE]:
        check_can(act, Permission.LINK_REVIEW, area_path=path)


def _read_open(act: Act, review_no: int) -> Mapping[str, Any]:
    review = _read(act, review_no)
    if review["status"] != "open":
        raise TransitionRefused(
            "review {review_no} is decided: {status}; undo that first", review_no=review_no, status=review["status"]
        )
    return review


def _read(act: Act, review_no: int) -> Mapping[str, Any]:
    rows = act.rows(ONE_REVIEW, review_no=review_no)
    if not rows:
        raise NotFound("there is no review {review_no}; `ringfence link review list` shows them", review_no=review_no)
    return dict(rows[0]._mapping)  # noqa: SLF001 - SQLAlchemy's public name


def _write(
    act: Act, review_no: int, *, before: str, status: str, alias_no: int | None, denied_by: int | None = None
) -> None:
    act.run(
        DECIDE_REVIEW,
        review_no=review_no,
        before=before,
        status=status,
        alias_no=alias_no,
        denied_by=denied_by,
        decided_by=act.actor.actor_id,
        decided_at=to_us(act.now),
    )
    act.note(f"link.{'reopened' if status == 'open' else status}", subject=f"review:{review_no}")
