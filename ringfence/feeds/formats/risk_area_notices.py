"""Notices of other cities and superiors which areas are at risk (policy 6.2)."""

from ringfence.feeds.declarations import Column, Contract, Format, Kind, Order, Period, Reference, codes_of
from ringfence.terms import RiskLevel

_A_YEAR = 366


def declare() -> Format:
    """One row a notice; what it says is no fence of ours until two officers publish one."""
    words = {"低风险": RiskLevel.LOW, "中风险": RiskLevel.MEDIUM, "高风险": RiskLevel.HIGH}
    return Format(
        name="risk_area_notices",
        contract=Contract(department="command", purpose="verification", retention="feed.risk_area_notices"),
        columns=(
            Column(name="notice_id", is_required=True, longest=100),
            Column(name="disease", is_required=True, refers_to=Reference.DISEASE),
            Column(name="risk_area", is_required=True, longest=200),
            Column(name="risk_level", kind=Kind.CODE, is_required=True, codes=codes_of(RiskLevel, **words)),
            Column(name="from_date", kind=Kind.DAY, is_required=True),
            Column(name="to_date", kind=Kind.DAY, days_ahead=_A_YEAR),
            Column(name="issued_by", longest=100),
        ),
        periods=(Period(starts="from_date", ends="to_date", order=Order.NOT_BEFORE),),
    )
