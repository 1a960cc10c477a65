"""The duty roster: which unit answers for which area on which day, with its leader and deputy (policy 7.1)."""

from ringfence.feeds.declarations import Column, Contract, Format, Kind, Order, Period, Reference, codes_of
from ringfence.terms import Level, TaskKind

_A_YEAR = 366
_MOST_A_DAY = 100_000  # tasks; a unit that does more in a day is a mistyped one


def declare() -> Format:
    """One row a unit and day; a duty whose end is earlier than its start ends on the next day."""
    return Format(
        name="duty_roster",
        contract=Contract(department="command", purpose="administration", retention="feed.duty_roster"),
        columns=(
            Column(name="unit_id", is_required=True, longest=100),
            Column(name="area_code", is_required=True, refers_to=Reference.AREA),
            Column(name="level", kind=Kind.CODE, is_required=True, codes=codes_of(Level)),
            Column(name="task_kinds", kind=Kind.CODES, is_required=True, codes=codes_of(TaskKind)),
            Column(name="daily_capacity", kind=Kind.WHOLE, is_required=True, at_least=0, at_most=_MOST_A_DAY),
            Column(name="date", kind=Kind.DAY, is_required=True, days_ahead=_A_YEAR),
            Column(name="from_time", kind=Kind.TIME_OF_DAY, is_required=True),
            Column(name="to_time", kind=Kind.TIME_OF_DAY, is_required=True),
            Column(name="leader", is_required=True, longest=100),
            Column(name="deputy", longest=100),
        ),
        periods=(Period(starts="from_time", ends="to_time", order=Order.DIFFERENT),),
    )
