"""Results of laboratory tests, alone or ten in one tube (policy 2.1, 2.4)."""

from enum import StrEnum

from ringfence.feeds.declarations import Column, Contract, Format, Kind, Order, Period, codes_of
from ringfence.feeds.formats import _who


class Test(StrEnum):
    """What is looked for in a sample."""

    NUCLEIC_ACID = "nucleic_acid"
    ANTIGEN = "antigen"
    ANTIBODY = "antibody"


class Result(StrEnum):
    """What a test came to (WHO's and the field's words)."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    INDETERMINATE = "indeterminate"
    PENDING = "pending"
    NOT_DONE = "not_done"


def declare() -> Format:
    """One row a person and sample; the rows of a tube share `pool_id` and result, without one a sample is single."""
    return Format(
        name="laboratory_results",
        contract=Contract(
            department="health",
            purpose="verification",
            retention="feed.laboratory_results",
            basis="result of a laboratory test",
        ),
        columns=(
            Column(name="sample_id", is_required=True, longest=100),
            Column(name="pool_id", longest=100),
            Column(name="taken_at", kind=Kind.INSTANT, is_required=True),
            Column(name="reported_at", kind=Kind.INSTANT, is_required=True),
            Column(name="test", kind=Kind.CODE, is_required=True, codes=codes_of(Test, 核酸=Test.NUCLEIC_ACID)),
            Column(
                name="result",
                kind=Kind.CODE,
                is_required=True,
                codes=codes_of(Result, 阳性=Result.POSITIVE, 阴性=Result.NEGATIVE),
            ),
            Column(name="laboratory"),
            *_who.IN_FULL,
        ),
        periods=(Period(starts="taken_at", ends="reported_at", order=Order.NOT_BEFORE),),
    )
