"""One subject, several reasons, one exposure (policy 2.2, 2.3).

A reason weighs its rule's weight, times a power of the minutes together where the rule counts them, over a power of
the crowd where it counts that, times the factor of the kind of place, times how infectious the case was on the days it
counts (`Weighing`, fitted: docs/ranking.md). A contact of a contact weighs the protocol's share of that. The weights of
an exposure's reasons add up, in whole millionths, so that no order of adding shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

import pyarrow as pa

from ringfence.errors import PolicyRefused
from ringfence.trace.contacts import Question
from ringfence.trace.settings import Weighing
from ringfence.trace.tables import CONTACTS, EXPOSURES, REASONS

CASES = pa.schema([("signal", pa.int64()), ("case_no", pa.int64()), ("person", pa.int64())])
WEIGHTS = pa.schema([("rule", pa.string()), ("weight", pa.float64())])
KINDS = pa.schema([("kind", pa.string()), ("factor", pa.float64())])
UNTIL = pa.schema([("since", pa.int64()), ("factor", pa.float64())])
"""By days since the onset, what all days from `FARTHEST` days before it until then count together."""

FARTHEST = 400

READ_CASES = "select distinct signal, case_no, person from source order by signal, case_no, person"

# Whoever is in the first ring of a signal is not in its second, and a case is nobody in its own rings. Days count by
# the onset only where the case itself may have infected: of a contact nobody knows when it could, and whoever may have
# infected the case was infectious by an onset of their own.
REASON = """
create or replace temp table reason as
with contact as (
    select 1 as ring, 1.0 as share, o.onset_day, f.*
    from first_contact f
    left join onset o on o.signal = f.signal and o.case_no = f.case_no and f.direction = 'forward'
    union all
    select 2 as ring, $second_ring_share as share, null as onset_day, s.*
    from second_contact s
    anti join first_contact f
        on f.signal = s.signal and f.subject_kind = s.subject_kind and f.subject = s.subject
    anti join traced_case t
        on t.signal = s.signal and t.case_no = s.case_no and t.person = s.subject and s.subject_kind = 'person'
)
select
    c.signal, c.subject_kind, c.subject, c.ring, c.rule, c.code, c.direction, c.case_no, c.source, c.place,
    c.first_day, c.last_day,
    (f.starts_s + c.first_s) * 1000000 as first_at, (l.starts_s + c.last_s) * 1000000 as last_at,
    coalesce(c.seconds, 0) as seconds, c.distance, c.days_apart, c.crowd,
    round(
        1000000 * c.share * w.weight * coalesce(k.factor, 1)
        * coalesce(c.seconds / 60, 1) ** $minutes_power / coalesce(c.crowd, 1) ** $crowd_power
        * case
            when not $days_count then 1
            when c.onset_day is null then $onset_unknown * (c.last_day - c.first_day + 1)
            else u.factor - b.factor
        end
    )::bigint as millionths
from contact c
join rule_weight w on w.rule = c.rule
left join place p on p.place_no = c.place
left join kind_factor k on k.kind = p.kind
left join infectious_until u on u.since = greatest(least(c.last_day - c.onset_day, $farthest), -$farthest)
left join infectious_until b on b.since = greatest(least(c.first_day - 1 - c.onset_day, $farthest), -$farthest)
join local_day f on f.day = c.first_day
join local_day l on l.day = c.last_day
"""

READ_REASONS = """
select
    signal, subject_kind, subject, ring, rule, code, direction, case_no, source, place, first_day, last_day,
    first_at, last_at, seconds // 60 as minutes, distance, days_apart, crowd, millionths / 1000000 as weight
from reason
order by signal, subject_kind, subject, direction, rule, case_no, source, place nulls first, first_day
"""

READ_EXPOSURES = """
select
    r.signal, r.subject_kind, r.subject, min(r.ring) as ring,
    string_agg(distinct r.rule, ',' order by r.rule) as rules,
    string_agg(distinct r.direction, ',' order by r.direction) as directions,
    coalesce(min(r.first_day) filter (where r.direction = 'forward'), min(r.first_day)) as first_day,
    coalesce(max(r.last_day) filter (where r.direction = 'forward'), max(r.last_day)) as last_day,
    sum(r.seconds) // 60 as minutes, sum(r.millionths) / 1000000 as weight, count(*) as reasons,
    r.subject_kind = 'person' and r.subject in (select person from traced_case) as is_case
from reason r
group by r.signal, r.subject_kind, r.subject
order by r.signal, r.subject_kind, r.subject
"""


@dataclass(frozen=True)
class Traced:
    """Who is at risk (EXPOSURES) and why (REASONS), both sorted."""

    exposures: pa.Table
    reasons: pa.Table


def read_cases(question: Question) -> pa.Table:
    """The cases among the visible sources (CASES), by the persons' numbers of today."""
    return question.visible.read(READ_CASES).cast(CASES)


def merge_contacts(question: Question, *, cases: pa.Table, first: pa.Table, second: pa.Table) -> Traced:
    """Contacts of two rings (CONTACTS) as exposures; PolicyRefused for a rule that the protocol gives no weight."""
    visible, settings = question.visible, question.settings
    visible.put("traced_case", cases, CASES)
    visible.put("first_contact", first, CONTACTS)
    visible.put("second_contact", second, CONTACTS)
    visible.put("rule_weight", _read_weights(question, first, second), WEIGHTS)
    weighing = settings.weighing
    visible.put("kind_factor", _pairs(weighing.kinds, KINDS), KINDS)
    visible.put("infectious_until", _pairs(_infectious_until(weighing), UNTIL), UNTIL)
    visible.run(
        REASON,
        second_ring_share=settings.second_ring_share,
        minutes_power=weighing.minutes_power,
        crowd_power=weighing.crowd_power,
        onset_unknown=weighing.onset_unknown,
        days_count=bool(weighing.since_onset),
        farthest=FARTHEST,
    )
    return Traced(visible.read(READ_EXPOSURES).cast(EXPOSURES), visible.read(READ_REASONS).cast(REASONS))


def _read_weights(question: Question, *contacts: pa.Table) -> pa.Table:
    weights = question.settings.weights
    rules = {rule for table in contacts for rule in table.column("rule").unique().to_pylist()}
    missing = sorted(rules - weights.keys())
    if missing:
        raise PolicyRefused("the protocol gives no weight for the rule {rule}; add it", rule=missing[0])
    return _pairs(weights, WEIGHTS)


def _infectious_until(weighing: Weighing) -> dict[int, float]:
    """What the days until each day since the onset count together (UNTIL)."""
    if not weighing.since_onset:
        return {}
    first, last = min(weighing.since_onset), max(weighing.since_onset)
    days = range(-FARTHEST, FARTHEST + 1)
    return dict(zip(days, accumulate(weighing.since_onset[min(max(day, first), last)] for day in days), strict=True))


def _pairs(numbers: Mapping[str, float] | Mapping[int, float], schema: pa.Schema) -> pa.Table:
    return pa.table([list(numbers), list(numbers.values())], schema=schema)
