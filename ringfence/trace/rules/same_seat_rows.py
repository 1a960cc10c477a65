"""Who sat within some rows of a case on the same ride (policy 2.2).

Two ride together where one boards before the other alights. A row or carriage that nobody wrote down may be any:
whoever rode in the same carriage on an unknown seat is found too, and so is a whole carriage around a case whose own
seat is not known. Nobody wrote down the hour: a ride counts on the day of boarding and on as many after it as the
protocol says, for a night train arrives on the next.
"""

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.terms import ReasonCode, TripKind
from ringfence.trace.contacts import Question, put_in_order
from ringfence.trace.groups import count_crowd

RULE = "same_seat_rows"

ROWS = {TripKind.RAIL: "rail_rows", TripKind.AIR: "air_rows", TripKind.ROAD: "road_rows"}
"""Which of the rule's parameters says how many rows to the front and to the back."""

NEAR_SEATS = """
with ride as (
    select distinct
        n.source_no, s.person as source, l.trip, l.trip_kind, l.carriage, l.seat_row, l.board_stop, l.alight_stop, l.day
    from source_number n
    join source s on s.source_no = n.source_no
    join leg l on l.person = n.recorded
    join source_day d on d.source_no = n.source_no and d.day between l.day and l.day + $days
),
together as (
    select
        r.source_no, r.source, coalesce(a.person, l.person) as subject, greatest(r.day, l.day) as day,
        abs(l.seat_row - r.seat_row) as distance,
        case r.trip_kind when 'rail' then $rail_rows when 'air' then $air_rows when 'road' then $road_rows end as most
    from ride r
    join leg l on l.trip = r.trip
    left join alias a on a.recorded = l.person
    where (l.carriage = r.carriage or l.carriage is null or r.carriage is null)
        and (l.board_stop < r.alight_stop or l.board_stop is null or r.alight_stop is null)
        and (r.board_stop < l.alight_stop or r.board_stop is null or l.alight_stop is null)
),
nearest as (
    select source_no, subject, day, min(distance) as distance
    from together
    where subject <> source and (distance <= most or distance is null)
    group by source_no, subject, day
)
select
    n.source_no, n.subject, n.day as first_day, 0 as first_s, n.day as last_day, d.length_s as last_s, n.distance
from nearest n
join local_day d on d.day = n.day
order by n.source_no, n.subject, n.day
"""


def trace_rule(question: Question) -> pa.Table:
    """Contacts by seat (CONTACTS, sorted): one row a pair and day; `distance` in rows, empty where a seat is unknown.

    PolicyRefused where the protocol does not say how many rows or days.
    """
    numbers = {name: question.settings.parameter(RULE, name) for name in (*ROWS.values(), "days")}
    found = count_crowd(question.find(NEAR_SEATS, **numbers))
    is_known = pc.is_valid(found["distance"])
    return put_in_order(
        [
            question.answer(found.filter(is_known), rule=RULE, code=ReasonCode.NEAR_SEAT),
            question.answer(found.filter(pc.invert(is_known)), rule=RULE, code=ReasonCode.SAME_CARRIAGE),
        ]
    )
