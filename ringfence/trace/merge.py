"""One subject, several reasons, one exposure (policy 2.2, 2.3).

A reason weighs its rule's weight, times the minutes together where the rule counts them, over the square root of the
crowd where it counts that: measured on a simulated outbreak, minutes/sqrt(crowd) puts more of the truly infected among
the first hundred than minutes alone. A contact of a contact weighs the protocol's share of that. The weights of an
exposure's reasons add up, in whole millionths, so that no order of adding shows.
"""

from dataclasses import dataclass

import pyarrow as pa

from ringfence.errors import PolicyRefused
from ringfence.trace.contacts import Question
from ringfence.trace.tables import CONTACTS, EXPOSURES, REASONS

CASES = pa.schema([("signal", pa.int64()), ("case_no", pa.int64()), ("person", pa.int64())])
WEIGHTS = pa.schema([("rule", pa.string()), ("weight", pa.float64())])

READ_CASES = "select distinct signal, case_no, person from source order by signal, case_no, person"

# Whoever is in the first ring of a signal is not in its second, and a case is nobody in its own rings.
REASON = """
create or replace temp table reason as
with contact as (
    select 1 as ring, 1.0 as share, f.* from first_contact f
    union all
    select 2 as ring, $second_ring_share as share, s.*
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
    round(1000000 * c.share * w.weight * coalesce(c.seconds / 60, 1) / sqrt(coalesce(c.crowd, 1)))::bigint as millionths
from contact c
join rule_weight w on w.rule = c.rule
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
    visible.run(REASON, second_ring_share=settings.second_ring_share)
    return Traced(visible.read(READ_EXPOSURES).cast(EXPOSURES), visible.read(READ_REASONS).cast(REASONS))


def _read_weights(question: Question, *contacts: pa.Table) -> pa.Table:
    weights = question.settings.weights
    rules = {rule for table in contacts for rule in table.column("rule").unique().to_pylist()}
    missing = sorted(rules - weights.keys())
    if missing:
        raise PolicyRefused("the protocol gives no weight for the rule {rule}; add it", rule=missing[0])
    return pa.table([list(weights), list(weights.values())], schema=WEIGHTS)
