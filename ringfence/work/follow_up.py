"""Follow-up: everybody listed is watched from the last exposure until the protocol lets go (policy 2.3, 2.4).

A person has one follow-up a disease, whoever's contact they are. Exposed again it grows longer, by the edition of that
day; once a signal falls it is what the others still justify. `day_zero` is the last exposure, the ring the nearer one.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Row

from ringfence.access import check_can
from ringfence.policy import Permission, Policy, RingPlan, follow_up_window
from ringfence.signals import read_signal
from ringfence.store import Act
from ringfence.terms import Clock, Ring, SubjectKind, TaskKind, TaskStatus, to_us
from ringfence.work.standing import ABOUT

# Whether a row counts is asked in Python: as conditions here they would make PostgreSQL, which has no statistics yet of
# what was just written, expect next to nothing and pair every row with every other.
BASES_OF_SIGNAL = """
select e.subject_kind, cast(e.subject_key as bigint) as subject, e.ring, e.last_day, e.area_path, e.status as exposure,
    t.owner, t.kind, t.status as task
from task_basis b
join exposure e on e.exposure_id = b.exposure_id
join task t on t.task_id = b.task_id
where b.signal_id = :signal_id
order by e.exposure_id, t.task_id
"""

# To write a row again costs every index of it: running ones in which nothing grows are left out.
RUNNING = """
select person_no, ring, day_zero, to_day from follow_up
where person_no in :among and disease = :disease and status = 'follow_up'
"""

# Cancelled ones begin anew, and so do ended ones that would now end later.
UPSERT = """
insert into follow_up (person_no, disease, ring, day_zero, from_day, to_day, status, unit_id, area_path, recorded_at)
values (:person_no, :disease, :ring, :day_zero, :from_day, :to_day, 'follow_up', :unit_id, :area_path, :now)
on conflict (person_no, disease) do update set
    ring = case when follow_up.status = 'cancelled' or excluded.ring < follow_up.ring
        then excluded.ring else follow_up.ring end,
    day_zero = case when follow_up.status = 'cancelled' or excluded.day_zero > follow_up.day_zero
        then excluded.day_zero else follow_up.day_zero end,
    from_day = case when follow_up.status = 'follow_up' then follow_up.from_day else excluded.from_day end,
    unit_id = case when follow_up.status = 'follow_up' then follow_up.unit_id else excluded.unit_id end,
    to_day = case when follow_up.status = 'cancelled' or excluded.to_day > follow_up.to_day
        then excluded.to_day else follow_up.to_day end,
    status = 'follow_up',
    merged_into = null,
    recorded_at = excluded.recorded_at
where follow_up.status in ('follow_up', 'cancelled') or excluded.to_day > follow_up.to_day
"""

# Who is watched because of a signal, beside every exposure that still stands: one row a pair, or one without exposure.
STILL_JUSTIFIED = """
with watched as (
    select f.follow_up_id, f.person_no, f.disease from follow_up f
    join exposure e on e.subject_kind = 'person' and e.subject_key = cast(f.person_no as text)
    join signal s on s.signal_id = e.signal_id and s.disease = f.disease
    where e.signal_id = :signal_id and (f.status = 'follow_up' or f.merged_into is not null)
)
select w.follow_up_id, s.signal_id, e.ring, e.last_day
from watched w
left join exposure e on e.subject_kind = 'person' and e.subject_key = cast(w.person_no as text)
    and e.status = 'listed'
left join signal s on s.signal_id = e.signal_id and s.disease = w.disease and s.status in ('raised', 'verified')
order by w.follow_up_id
"""

CANCEL = """
update follow_up set status = 'cancelled', merged_into = null, recorded_at = :now where follow_up_id = :follow_up_id
"""

REVISE = """
update follow_up set ring = :ring, day_zero = :day_zero, to_day = :to_day, recorded_at = :now
where follow_up_id = :follow_up_id
"""


def start_follow_up(act: Act, signal_id: int, *, policy: Policy, clock: Clock) -> int:
    """Watch everybody listed for a signal from today on, or for longer where they are watched already; how many.

    The unit that owns a person's task watches them. Said twice it changes nothing more.
    """
    signal = read_signal(act, signal_id)
    check_can(act, Permission.SIGNAL_RESPOND, area_path=signal.area_path)
    last_day = cache(lambda day, ring: find_last_day(day, Ring(ring), disease=signal.disease, policy=policy))
    common = {"disease": signal.disease, "from_day": clock.day_of(act.now), "now": to_us(act.now)}
    people = {
        row.subject: {
            "person_no": row.subject,
            "ring": row.ring,
            "day_zero": row.last_day,
            "to_day": last_day(row.last_day, row.ring),
            "unit_id": row.owner,
            "area_path": row.area_path,
            **common,
        }
        for row in act.rows(BASES_OF_SIGNAL, signal_id=signal_id)
        if _is_to_be_watched(row)
    }
    watched = {row.person_no: row for row in act.rows_among(RUNNING, people, disease=signal.disease)}
    growing = [one for person, one in people.items() if person not in watched or _grows(one, watched[person])]
    act.run_many(UPSERT, growing)
    act.note("follow_up.started", subject=f"signal:{signal_id}", count=len(people), ids=people)
    return len(people)


def revise_follow_up(act: Act, signal_id: int, *, policy: Policy) -> int:
    """Cancel what a fallen signal or its retracted exposures alone justified, shorten the rest; how many are cancelled.

    To be called when the signal was withdrawn, or exposures of it were retracted: whoever decided that had the right.
    """
    disease, now = read_signal(act, signal_id).disease, to_us(act.now)
    exposures: dict[int, list[tuple[Ring, int]]] = {}
    for row in act.rows(STILL_JUSTIFIED, signal_id=signal_id):
        standing = exposures.setdefault(row.follow_up_id, [])
        if row.signal_id is not None:
            standing.append((Ring(row.ring), row.last_day))
    cancelled = [{"follow_up_id": number, "now": now} for number, standing in exposures.items() if not standing]
    revised = [
        {
            "follow_up_id": number,
            "ring": min(ring for ring, _ in standing),
            "day_zero": max(day for _, day in standing),
            "to_day": max(find_last_day(day, ring, disease=disease, policy=policy) for ring, day in standing),
            "now": now,
        }
        for number, standing in exposures.items()
        if standing
    ]
    act.run_many(CANCEL, cancelled)
    act.run_many(REVISE, revised)
    act.note("follow_up.revised", subject=f"signal:{signal_id}", count=len(cancelled), kept=len(revised))
    return len(cancelled)


def find_last_day(last_exposure: int, ring: Ring, *, disease: str, policy: Policy) -> int:
    """The last day of follow-up after an exposure, by the edition of the protocol in force on the day of exposure.

    It is that day itself where the edition asks nothing of the ring.
    """
    plan = read_plan(last_exposure, ring, disease=disease, policy=policy)
    return last_exposure if plan is None else follow_up_window(last_exposure, plan=plan).last_day


def read_plan(last_exposure: int, ring: Ring, *, disease: str, policy: Policy) -> RingPlan | None:
    """What the edition of the day of exposure asks of a ring; None for a second ring where it traces none.

    The case may have been reported under a later edition, which drew one.
    """
    protocol = policy.protocol(disease, on=last_exposure)
    return protocol.second_ring if ring is Ring.SECOND else protocol.first_ring


def _grows(found: Mapping[str, Any], running: Row[Any]) -> bool:
    """Whether a running follow-up becomes longer or nearer by what was found."""
    return bool(
        found["to_day"] > running.to_day or found["day_zero"] > running.day_zero or found["ring"] < running.ring
    )


def _is_to_be_watched(row: Row[Any]) -> bool:
    """Whether a basis is a listed person's whom somebody is asked to reach."""
    return (
        row.subject_kind == SubjectKind.PERSON
        and row.exposure == "listed"
        and ABOUT[TaskKind(row.kind)] is TaskKind.VISIT
        and row.task != TaskStatus.WITHDRAWN
    )
