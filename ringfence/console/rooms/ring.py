"""The ring of a signal: who is at risk, where and why; what the day has room for; its dispatch (policy 2.2, 2.3)."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Row

from ringfence import account, flow, policy, signals, trace
from ringfence.console import charts
from ringfence.console.asked import Asked
from ringfence.console.lists import Shown, read_list
from ringfence.console.room import Done, Room, View
from ringfence.console.visitor import Visitor
from ringfence.errors import NotFound
from ringfence.store import Scope
from ringfence.terms import RecordKind

SEED = 20_220_301
"""What ties are drawn with; it is kept with the response, and with it the same order comes again."""

COUNTS = """
with listed as (
    select count(*) filter (where status = 'listed') as listed,
        count(*) filter (where status = 'retracted') as retracted,
        min(weight) filter (where status = 'listed') as least
    from visible_exposure where signal_id = :number
),
uncut as (
    select coalesce(sum(b.row_count) filter (where b.status = 'counted'), 0) as below,
        coalesce(sum(b.row_count) filter (where b.status = 'retracted'), 0) as retracted
    from exposure_below_cut b join visible_signal s on s.signal_id = b.signal_id
    where b.signal_id = :number
)
select :number as signal_id, l.listed, l.least, u.below, l.retracted as taken_off,
    l.retracted + u.retracted as retracted
from listed l cross join uncut u
"""

LISTED = "select weight from visible_exposure where signal_id = :number and status = 'listed'"

BELOW = """
select coalesce(b.owner, '') as owner, cast(sum(b.row_count) as bigint) as people, min(b.found_at) as found_at,
    min(b.message_proposed_at) as message_proposed_at
from exposure_below_cut b join visible_signal s on s.signal_id = b.signal_id
where b.signal_id = :number and b.status = 'counted'
group by b.owner
order by people desc, b.owner
"""

BELOW_BATCHES = """
select distinct b.batch_no
from exposure_below_cut b join visible_signal s on s.signal_id = b.signal_id
where b.signal_id = :number and b.status = 'counted'
"""

REASONS = """
select r.exposure_id, r.reason, r.source_kind, r.source_key, r.first_at, p.kind as place_kind, p.name as place_name
from exposure_reason r
join visible_exposure e on e.exposure_id = r.exposure_id
left join place p on p.place_no = r.place_no
where r.exposure_id in :among
order by r.exposure_id, r.weight desc, r.reason_no
"""

RULES = """
select e.ring, r.rule, count(distinct e.exposure_id) as people
from visible_exposure e join exposure_reason r on r.exposure_id = e.exposure_id
where e.signal_id = :number and e.status = 'listed'
group by e.ring, r.rule
order by e.ring, people desc, r.rule
"""

ONE_SIGNAL = """
select signal_id, kind, subject_kind, subject_key, disease, area_path, status, raised_at, decided_by, decided_at,
    decision, responded_at, case_id
from visible_signal where signal_id = :number
"""

ONE_CASE = """
select case_id, person_no, classification, onset_day, sampled_at, reported_at, isolated_at, is_imported
from visible_case_episode where case_id = :case
"""

WINDOW_DAYS = 60
"""How far back the epidemic curve goes."""


def declare() -> Room:
    """Open to whoever traces: epidemiologists with the paths, the command with the numbers."""
    return Room(
        key="ring",
        title="Ring",
        clause="2.2",
        place=30,
        purposes=("tracing",),
        table="exposure",
        pages={"": show_all, "/{number:int}": show},
        actions={"/{number:int}/dispatch": dispatch},
        drawings={
            "/{number:int}/curve": draw_curve,
            "/{number:int}/map": draw_map,
        },
    )


def show_all(visitor: Visitor, asked: Asked) -> View:
    """The verified signals: those that have a ring, or are to get one."""
    scope = visitor.scope("tracing")
    verified = read_list(visitor, asked, signals.SIGNALS, scope=scope, always={"status": "verified"})
    return View(template="rings.html", values={"list": verified})


def show(visitor: Visitor, asked: Asked) -> View:
    """One ring."""
    scope, number = visitor.scope("tracing"), asked.number("number")
    desk = visitor.store.desk
    signal = _read_signal(visitor, scope, number)
    [exact] = desk.rows(COUNTS, scope=scope, number=number)
    ranked = read_list(
        visitor, asked, trace.SIGNAL_EXPOSURES, scope=scope, always={"signal": number, "status": "listed"}
    )
    sees_paths = may_see_paths(scope)
    told = None if sees_paths else account.read_below_cut(desk, policy=visitor.policy)
    units = desk.rows(BELOW, scope=scope, number=number)
    counts = exact._asdict() if told is None else _tell(told, exact)
    values = {
        "signal": signal,
        "case": next(iter(desk.rows(ONE_CASE, scope=scope, case=signal["case_id"])), None) if sees_paths else None,
        "counts": counts,
        "below": units if told is None else _tell_units(told, number, units),
        "missed": None if counts["below"] is None else _expect_missed(visitor, scope, number),
        "rules": desk.rows(RULES, scope=scope, number=number) if sees_paths else [],
        "list": ranked,
        "reasons": _read_reasons(visitor, scope, ranked) if sees_paths else {},
        "sees_paths": sees_paths,
        **(_read_chains(visitor, signal["disease"]) if sees_paths else {"chains": None}),
        "offset": asked.number("row") if asked.has("row") else 0,
    }
    return View(values=values)


def _tell(told: account.BelowCut, exact: Row[Any]) -> Mapping[str, object]:
    """The counts of a ring for whoever may not trace: they cannot list who lies below the cut."""
    taken_back = told.of_signals([exact.signal_id], status="retracted")
    return {
        **exact._asdict(),
        "below": told.of_signals([exact.signal_id], status="counted"),
        "retracted": None if taken_back is None else exact.taken_off + taken_back,
    }


def _tell_units(told: account.BelowCut, number: int, units: Sequence[Row[Any]]) -> list[Mapping[str, Any]]:
    """For how many below the cut each unit answers; by name, for the order of how many would tell what is not told."""
    shown = [{**row._asdict(), "people": told.of_unit(number, row.owner)} for row in units]
    return sorted(shown, key=lambda row: str(row["owner"]))


def dispatch(visitor: Visitor, asked: Asked) -> Done:
    """Everybody in the ring onto a list, or into the count below the cut."""
    number = asked.number("number")
    waiting = flow.detect(visitor.store, purpose_key="tracing", actor=visitor.actor, now=visitor.now)
    chosen = [one for one in waiting if one.signal_id == number]
    if not chosen:
        raise NotFound("there is no open signal {signal_id} in your areas", signal_id=number)
    done = flow.respond(visitor.store, chosen, actor=visitor.actor, now=visitor.now, seed=SEED)
    return Done(
        to=f"/ring/{number}",
        sentence=(
            "{listed} are on a list, too few to be told below the cut; {tasks} tasks."
            if any(one.below is None for one in done)
            else "Found {found}: {listed} are on a list, {below} below the cut; {tasks} tasks."
        ),
        values={name: sum(getattr(one, name) or 0 for one in done) for name in ("found", "listed", "below", "tasks")},
    )


def draw_curve(visitor: Visitor, asked: Asked) -> Mapping[str, object]:
    """Cases by day of onset, for the disease of the signal."""
    scope = visitor.scope("tracing")
    signal = _read_signal(visitor, scope, asked.number("number"))
    since = visitor.today - WINDOW_DAYS
    return charts.draw_curve(visitor, scope, disease=signal["disease"], since=since)


def draw_map(visitor: Visitor, asked: Asked) -> Mapping[str, object]:
    """The places where people of the ring were exposed; for whoever sees the paths."""
    scope = visitor.scope("tracing")
    signal = _read_signal(visitor, scope, asked.number("number"))
    check_sees_paths(scope)
    return charts.draw_map(visitor, scope, signal=signal["signal_id"])


def may_see_paths(scope: Scope) -> bool:
    """Whether reasons, sources and places are open: chains and maps with persons are for epidemiologists (6.4)."""
    return bool(scope.paths.get("exposure_reason"))


def check_sees_paths(scope: Scope) -> None:
    """NotFound for whoever does not: to them there is no such figure."""
    if not may_see_paths(scope):
        raise NotFound("this figure shows persons; it is for epidemiologists")


def _read_signal(visitor: Visitor, scope: Scope, number: int) -> Mapping[str, Any]:
    rows = visitor.store.desk.rows(ONE_SIGNAL, scope=scope, number=number)
    if not rows:
        raise NotFound("there is no signal {signal_id} in your areas", signal_id=number)
    return dict(rows[0]._mapping)  # noqa: SLF001 - public, named so by namedtuple


def _read_chains(visitor: Visitor, disease: str) -> Mapping[str, object]:
    """The chains of the disease and their figures, drawn into the page: one page, one look on the ledger."""
    if disease not in visitor.policy.policy_set.protocols:
        return {"chains": None}
    chains = flow.read_chains(
        visitor.store, disease=disease, purpose_key="tracing", actor=visitor.actor, now=visitor.now
    )
    figures = {"chain": charts.draw_chain(visitor, chains), "reproduction": charts.draw_reproduction(visitor, chains)}
    return {"chains": chains, "figures": {name: json.dumps(figure) for name, figure in figures.items()}}


def _read_reasons(visitor: Visitor, scope: Scope, ranked: Shown) -> dict[int, list[Any]]:
    """The reasons of the exposures on this page, the heaviest first."""
    reasons: dict[int, list[Any]] = defaultdict(list)
    among = [row["exposure_id"] for row in ranked.rows]
    for row in visitor.store.desk.rows_among(REASONS, among, scope=scope):
        reasons[row.exposure_id].append(row)
    return reasons


def _expect_missed(visitor: Visitor, scope: Scope, number: int) -> float:
    """The share of the case's infections that today's lists are expected to miss; no person is read."""
    in_force = policy.read_in_force(visitor.store.desk, now=visitor.now)
    weighing = trace.read_weighing(policy.Policy(in_force, visitor.today))
    weights = [row.weight for row in visitor.store.desk.rows(LISTED, scope=scope, number=number)]
    batches = [row.batch_no for row in visitor.store.desk.rows(BELOW_BATCHES, scope=scope, number=number)]
    kept = visitor.store.lake.files(RecordKind.EXPOSURE_BELOW_CUT) if batches else []
    below = [visitor.store.lake.read_file(file) for file in kept if file.batch_no in batches]
    return trace.expect_missed(
        listed=_sum_chances(pa.chunked_array([weights], pa.float64()), weighing),
        below=sum(_sum_chances(one.filter(pc.equal(one["signal"], number))["weight"], weighing) for one in below),
        weighing=weighing,
    )


def _sum_chances(weights: pa.ChunkedArray, weighing: trace.Weighing) -> float:
    return float(trace.find_chances(weights, weighing=weighing).sum())
