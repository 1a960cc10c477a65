"""Who was near a published point of a case's route, in place and day (policy 2.2).

Routes tell a day, not an hour, and may be a day off: two points match up to `days` days apart in either order and up to
`metres` apart, and whoever visited a place that lies so near a point matches with its day. A protocol may ask places to
lie nearer, within `place_metres`. Everybody is exposed for the whole of that day. A point known less precisely than
`metres`, outside the map, or at (0, 0), where geocoders put what they did not find, matches nothing.

Distance is the haversine great-circle distance on the sphere of the earth's mean radius (R. W. Sinnott, Virtues of the
haversine, Sky and Telescope 68 (2), 1984, 159). Points meet in an equi-join: seen from the earth's centre each lies in
a cube, and two points within an edge of each other lie in the same cube or in touching ones, on every map.
"""

import pyarrow as pa

from ringfence.terms import CELL_BITS, ReasonCode
from ringfence.trace.contacts import Question

RULE = "near_in_place_and_day"

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius R1 of the WGS 84 ellipsoid (IUGG; H. Moritz, Geodetic Reference System 1980)."""

ROUNDING_M = 1
"""Cubes are so much wider than the distance asked for: far more than floating point can be off on the earth."""

LOCATED = """
create or replace temp table located as
with given as (
    select person, null::bigint as place, day::bigint as day, longitude, latitude
    from route_point
    where precision_m is null or precision_m <= $metres
    union all
    select null, place_no, null, longitude, latitude
    from place
),
known as (
    select *, radians(latitude) as phi, radians(longitude) as theta
    from given
    where latitude between -90 and 90 and longitude between -180 and 180 and not (latitude = 0 and longitude = 0)
)
select
    person, place, day, phi, theta,
    floor($earth_m / $edge_m * cos(phi) * cos(theta))::integer as x,
    floor($earth_m / $edge_m * cos(phi) * sin(theta))::integer as y,
    floor($earth_m / $edge_m * sin(phi))::integer as z
from known
"""

BESIDE = """
create or replace temp table beside as
with step as (
    select unnest([-1, 0, 1]) as by
),
cube as (
    select d.source_no, d.direction = 'forward' as is_forward, p.day, p.phi, p.theta, p.x + i.by as x, p.y + j.by as y,
        p.z + k.by as z
    from source_number n
    join located p on p.person = n.recorded
    join source_day d on d.source_no = n.source_no and d.day = p.day
    cross join step i
    cross join step j
    cross join step k
),
pair as (
    select
        c.source_no, c.is_forward, c.day as source_day, p.person, p.place, p.day,
        2 * $earth_m * asin(sqrt(least(1,
            sin((p.phi - c.phi) / 2) ** 2 + cos(c.phi) * cos(p.phi) * sin((p.theta - c.theta) / 2) ** 2
        ))) as distance
    from cube c
    join located p on p.x = c.x and p.y = c.y and p.z = c.z
)
select * from pair where distance <= if(place is null, $metres, $place_metres)
"""

NEAR_CELLS = """
create or replace temp table near_cell as
with near_place as (
    select source_no, is_forward, source_day, place, min(distance) as distance
    from beside
    where place is not null
    group by source_no, is_forward, source_day, place
)
select
    n.source_no, n.is_forward, n.source_day, n.place, n.distance, d.day, (d.day << $cell_bits) + n.place as cell
from near_place n
join local_day d on d.day between n.source_day - $days and n.source_day + $days
"""

CELLS = "select distinct cell from near_cell order by cell"

NO_VISITS_BESIDE = """
create or replace temp table visit_beside (
    source_no bigint, is_forward boolean, source_day bigint, person bigint, place bigint, day bigint, distance double
)
"""

VISITS_BESIDE = """
insert into visit_beside
select n.source_no, n.is_forward, n.source_day, v.person, n.place, n.day, n.distance
from near_cell n
join record_there v on v.cell = n.cell
where v.enter_s >= 0 and v.stay_s > 0
"""

NEAREST = """
with beside_person as (
    select source_no, is_forward, source_day, person, place, day, distance
    from beside
    where person is not null and day between source_day - $days and source_day + $days
    union all
    select source_no, is_forward, source_day, person, place, day, distance
    from visit_beside
),
named as (
    select
        b.source_no, coalesce(a.person, b.person) as subject, b.place, b.day as point_day, b.distance,
        if(b.is_forward, b.day, b.source_day) as day, abs(b.day - b.source_day) as days_apart
    from beside_person b
    join source s on s.source_no = b.source_no
    left join alias a on a.recorded = b.person
    where coalesce(a.person, b.person) <> s.person
),
crowd as (
    select source_no, place, point_day, count(distinct subject) as persons
    from named
    where place is not null
    group by source_no, place, point_day
),
nearest as (
    select distinct on (n.source_no, n.subject, n.place, n.day)
        n.source_no, n.subject, n.place, n.day, n.distance, n.days_apart, c.persons as crowd
    from named n
    left join crowd c on c.source_no = n.source_no and c.place = n.place and c.point_day = n.point_day
    order by n.source_no, n.subject, n.place, n.day, n.distance, n.days_apart, c.persons
)
select
    n.source_no, n.subject, n.place, n.day as first_day, 0 as first_s, n.day as last_day, d.length_s as last_s,
    n.distance, n.days_apart, n.crowd
from nearest n
join local_day d on d.day = n.day
order by n.source_no, n.subject, n.place nulls first, n.day
"""


def trace_rule(question: Question) -> pa.Table:
    """Contacts near a route point (CONTACTS, sorted): the nearest match a person, place and day; `distance` in metres.

    `place` is empty where two routes met. PolicyRefused where the protocol gives no `metres` or `days`.
    """
    visible, settings = question.visible, question.settings
    metres, days = settings.parameter(RULE, "metres"), settings.parameter(RULE, "days")
    place_metres = settings.rules[RULE].get("place_metres", metres)
    edge_m = max(metres, place_metres) + ROUNDING_M
    visible.run(LOCATED, metres=metres, edge_m=edge_m, earth_m=EARTH_RADIUS_M)
    visible.run(BESIDE, metres=metres, place_metres=place_metres, earth_m=EARTH_RADIUS_M)
    visible.run(NEAR_CELLS, days=days, cell_bits=CELL_BITS)
    visible.run(NO_VISITS_BESIDE)
    for _ in visible.look_up("visit_by_cell", CELLS, found="record_there"):
        visible.run(VISITS_BESIDE)
    found = question.find(NEAREST, days=days)
    return question.answer(found, rule=RULE, code=ReasonCode.NEAR_IN_PLACE_AND_DAY)
