"""The line list of cases, as disease control keeps it (policy 2.2)."""

from enum import StrEnum

from ringfence.feeds.declarations import Column, Contract, Format, Kind, Order, Period, Reference, codes_of
from ringfence.feeds.formats import _who
from ringfence.terms import Classification


class Answer(StrEnum):
    """Yes or no; an empty field is not known."""

    YES = "yes"
    NO = "no"


def declare() -> Format:
    """One row a case; the same `case_id` in a later file says what has become known of it."""
    return Format(
        name="case_line_list",
        contract=Contract(
            department="disease control",
            purpose="verification",
            retention="feed.case_line_list",
            basis="report of a notifiable disease",
        ),
        columns=(
            Column(name="case_id", is_required=True, longest=100),
            *_who.IN_FULL,
            Column(name="disease", is_required=True, refers_to=Reference.DISEASE),
            Column(name="classification", kind=Kind.CODE, is_required=True, codes=codes_of(Classification)),
            Column(name="onset_date", kind=Kind.DAY),
            Column(name="sampled_at", kind=Kind.INSTANT),
            Column(name="reported_at", kind=Kind.INSTANT, is_required=True),
            Column(name="isolated_at", kind=Kind.INSTANT),
            Column(name="imported", kind=Kind.CODE, codes=codes_of(Answer, 是=Answer.YES, 否=Answer.NO)),
        ),
        periods=(Period(starts="sampled_at", ends="reported_at", order=Order.NOT_BEFORE),),
    )
