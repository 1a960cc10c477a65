"""Which rows of which batches made somebody exposed, and how they were linked to them (policy 2.2, 2.6)."""

from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa

from ringfence.store import Act, Store
from ringfence.terms import Actor, PersonNo, Purpose, from_us
from ringfence.trace.looking import look
from ringfence.trace.proof import show_records

REASONS_OF = """
select exposure_id, rule, place_no, first_at, last_at
from exposure_reason
where exposure_id in :among
order by exposure_id, reason_no
"""

WAYS = pa.schema([("rule", pa.string()), ("place", pa.int64()), ("first_day", pa.int32()), ("last_day", pa.int32())])
"""How somebody was exposed: by which rule, where (where the rule says so), and on which local days."""

EVIDENCE = pa.schema(
    [
        ("batch", pa.int64()),
        ("person", pa.int64()),
        ("answer", pa.string()),
        ("weight", pa.float64()),
        ("margin", pa.float64()),
        ("probability", pa.float64()),
        ("model", pa.string()),
        ("said", pa.list_(pa.int64())),
    ]
)
"""What a batch says of a number, with the least certain of its links, and what its lines said (`link.Denials`).

Rows that nobody was linked by are left out.
"""

FIND_EVIDENCE = """
with number as (
    select $person as person
    union
    select recorded from alias where person = $person
)
select
    t.batch,
    t.person,
    arg_min(l.answer, l.probability) as answer,
    arg_min(l.weight, l.probability) as weight,
    arg_min(l.margin, l.probability) as margin,
    min(l.probability) as probability,
    arg_min(l.model, l.probability) as model,
    list_sort(list_distinct(list(l.said))) as said
from told t
join number n on n.person = t.person
join link l on l.source_batch = t.batch and l.source_row = t.row and l.person = t.person
join rule_reads r on r.kind = t.kind
join way w
    on w.rule = r.rule
    and coalesce(t.from_day, w.first_day) <= w.last_day
    and coalesce(t.to_day, w.last_day) >= w.first_day
    and coalesce(t.place = w.place, true)
where t.person <> $person or l.answer in ('person', 'household')
group by t.batch, t.person
order by t.batch, t.person
"""


def read_ways(act: Act, exposure_ids: Sequence[int], *, store: Store) -> pa.Table:
    """How somebody came to some exposures (table of WAYS)."""
    day_of = store.clock.day_of
    ways = [
        (row.rule, row.place_no, day_of(from_us(row.first_at)), day_of(from_us(row.last_at)))
        for row in act.rows_among(REASONS_OF, exposure_ids)
    ]
    return pa.table(list(zip(*ways, strict=True)) or [()] * len(WAYS), schema=WAYS)


def find_evidence(
    store: Store, person: PersonNo, *, ways: pa.Table, purpose: Purpose, actor: Actor, now: datetime
) -> pa.Table:
    """The batches that put a person where they were exposed (table of EVIDENCE), by every number that leads to them.

    Only what linking gave them: what a register says of its own people is not among it. The look is on record.
    """
    if not ways.num_rows:
        return EVIDENCE.empty_table()
    days = range(min(ways["first_day"].to_pylist()) - 1, max(ways["last_day"].to_pylist()) + 1)
    with look(store, days=days, purpose=purpose, actor=actor, now=now) as visible:
        visible.put("way", ways, WAYS)
        show_records(visible)
        return visible.read(FIND_EVIDENCE, person=person).select(EVIDENCE.names).cast(EVIDENCE)
