"""A look at who would be at risk, without any effect but the look on the ledger (policy 2.2, 6.4).

What is no verified case yet is looked at as if it were reported now: a person, each held member of a positive tube, and
whoever was at a place on the days that such a case could have infected others there, or have been infected.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum

import pyarrow as pa

from ringfence import areas, policy, signals, trace
from ringfence.access import check_can, read_purpose
from ringfence.errors import NotFound
from ringfence.policy import CaseDays, Permission, Policy
from ringfence.response.ring import Ring, Standing, draw_ring, read_standing
from ringfence.store import EVERYWHERE, Act, Store
from ringfence.terms import (
    Actor,
    Case,
    Classification,
    Signal,
    SignalKind,
    SignalStatus,
    Subject,
    SubjectKind,
)


class Traceable(StrEnum):
    """What can be traced."""

    SIGNAL = "signal"
    CASE = "case"
    PERSON = "person"
    PLACE = "place"


WINDOWS = {trace.Direction.FORWARD: policy.infectious_window, trace.Direction.BACKWARD: policy.source_window}

# Who was there on some days, longest first; nobody is traced to or from the others.
AT_PLACE = """
with present as (
    select coalesce(a.person, v.person) as subject, d.day, v.stay_s
    from local_day d
    join visit_by_cell v on v.cell = (d.day << 32) | $place
    left join alias a on a.recorded = v.person
    where d.day between $first_day and $last_day
)
select
    $place as signal, 'person' as subject_kind, subject, 1 as ring, 'same_place' as rules, $directions as directions,
    min(day) as first_day, max(day) as last_day, sum(stay_s) // 60 as minutes, sum(stay_s) / 60 as weight,
    0 as reasons, false as is_case
from present
group by subject
order by weight desc, subject
"""


def preview(
    store: Store,
    what: Traceable,
    number: int,
    *,
    directions: Sequence[trace.Direction],
    disease: str,
    actor: Actor,
    now: datetime,
) -> Ring:
    """The ring of what is looked at; `disease` is the one a person or place is looked at for.

    NotFound where there is no such thing, NotAllowed for who may not trace where it is.
    """
    if what is Traceable.PLACE:
        return _look_at_place(store, number, directions=directions, disease=disease, actor=actor, now=now)
    find: Callable[[Act], list[Standing]] = {
        Traceable.SIGNAL: lambda act: _of_signal(act, number),
        Traceable.CASE: lambda act: [_as_if(act, signals.read_case(act, number), path=_top(store))],
        Traceable.PERSON: lambda act: [_as_if(act, _of_person(act, number, disease=disease), path=_top(store))],
    }[what]

    def look(act: Act) -> list[Standing]:
        standing = find(act)
        for one in standing:
            check_can(act, Permission.TRACE_RUN, area_path=one.signal.area_path)
        act.note("ring.previewed", subject=f"{what}:{number}")
        return standing

    standing = store.act(look, actor=actor, now=now)
    purpose = read_purpose(store.desk, "tracing", now=now)
    return draw_ring(store, standing, directions=directions, purpose=purpose, actor=actor, now=now)


def _of_signal(act: Act, signal_id: int) -> list[Standing]:
    """A signal with its case; a positive tube with each member who waits, as if reported now."""
    signal = signals.read_signal(act, signal_id)
    if signal.kind is not SignalKind.POSITIVE_POOL:
        return read_standing(act, [signal_id])
    held = signals.read_held(act, signal_id)
    return [Standing(signal, _reported_now(act, one.person_no, disease=signal.disease)) for one in held]


def _of_person(act: Act, person_no: int, *, disease: str) -> Case:
    """The person's last episode of a disease, else a case as if it were reported now."""
    episodes = signals.read_episodes(act, person_no, disease=disease)
    return episodes[-1] if episodes else _reported_now(act, person_no, disease=disease)


def _reported_now(act: Act, person_no: int, *, disease: str) -> Case:
    return Case(
        case_id=person_no,
        person_no=person_no,
        disease=disease,
        episode=1,
        classification=Classification.NOT_CLASSIFIED,
        reported_at=act.now,
    )


def _as_if(act: Act, case: Case, *, path: str) -> Standing:
    """A case with the signal it would raise where everything is worked on."""
    return Standing(
        Signal(
            signal_id=case.case_id,
            kind=SignalKind.REPORT,
            subject=Subject(SubjectKind.PERSON, str(case.person_no)),
            disease=case.disease,
            area_path=path,
            status=SignalStatus.RAISED,
            raised_at=act.now,
            raised_by=act.actor.actor_id,
        ),
        case,
    )


def _look_at_place(
    store: Store,
    place_no: int,
    *,
    directions: Sequence[trace.Direction],
    disease: str,
    actor: Actor,
    now: datetime,
) -> Ring:
    place = areas.read_place(store.desk, place_no)
    if place is None:
        raise NotFound("there is no place {place}; look at the list of places", place=place_no)
    path = areas.path_of(areas.read_hierarchy(store.desk), place.area_code)

    def look(act: Act) -> None:
        check_can(act, Permission.TRACE_RUN, area_path=path)
        act.note("ring.previewed", subject=f"place:{place_no}")

    store.act(look, actor=actor, now=now)
    days = _days_as_if(store, directions, disease=disease, now=now)
    purpose = read_purpose(store.desk, "tracing", now=now)
    with trace.look(store, days=days, purpose=purpose, actor=actor, now=now) as visible:
        found = visible.read(
            AT_PLACE,
            place=place_no,
            first_day=days.start,
            last_day=days.stop - 1,
            directions=",".join(sorted(directions)),
        ).cast(trace.EXPOSURES)
    exposed = found.append_column("area_path", pa.array([path] * found.num_rows, pa.string()))
    return Ring(exposed, trace.REASONS.empty_table(), ())


def _days_as_if(store: Store, directions: Sequence[trace.Direction], *, disease: str, now: datetime) -> range:
    """The days of the windows of a case reported today, until today."""
    today = store.clock.day_of(now)
    protocol = Policy(policy.read_in_force(store.desk, now=now), today).protocol(disease)
    windows = [WINDOWS[one](CaseDays(reported_day=today), protocol=protocol).window for one in directions]
    first = min((window.first_day for window in windows if window is not None), default=today)
    return range(min(first, today), today + 1)


def _top(store: Store) -> str:
    """Where persons and cases without a signal are traced: they may have been anywhere."""
    tops = areas.top_paths(areas.read_hierarchy(store.desk))
    return tops[0] if len(tops) == 1 else EVERYWHERE
