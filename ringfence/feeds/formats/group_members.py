"""Who works, learns or lies together, and who is on a clinic's register of pregnancies (policy 2.2).

Workplaces send their groups, schools their classes, hospitals and care homes their wards. The register of pregnancies
finds nobody: it only says whom to reach first.
"""

from ringfence.feeds.declarations import Column, Contract, Format, Kind, Order, Period, Reference, codes_of
from ringfence.feeds.formats import _who
from ringfence.terms import GroupKind

_YEARS_AHEAD = 4 * 366


def declare() -> Format:
    """One row a member of a group at a place; empty days are as far back, or ahead, as anybody asks."""
    kinds = (GroupKind.WORK_GROUP, GroupKind.CLASS, GroupKind.WARD, GroupKind.ANTENATAL)
    words = {
        "班组": GroupKind.WORK_GROUP,
        "班级": GroupKind.CLASS,
        "病区": GroupKind.WARD,
        "孕产妇": GroupKind.ANTENATAL,
    }
    return Format(
        name="group_members",
        contract=Contract(department="education and industry", purpose="tracing", retention="feed.group_members"),
        columns=(
            Column(name="place_id", is_required=True, refers_to=Reference.PLACE),
            Column(name="group_kind", kind=Kind.CODE, is_required=True, codes=codes_of(kinds, **words)),
            Column(name="group", is_required=True, longest=100),
            Column(name="from_date", kind=Kind.DAY),
            Column(name="to_date", kind=Kind.DAY, days_ahead=_YEARS_AHEAD),
            *_who.IN_BRIEF,
        ),
        periods=(Period(starts="from_date", ends="to_date", order=Order.NOT_BEFORE),),
        rows_stand_alone=True,
    )
