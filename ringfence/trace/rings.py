"""Rings around a case: its contacts by every rule, and theirs by the rules that may go on (policy 2.2).

By venue a second ring would reach a third of a city and help nobody, so the protocol names the rules that carry it.
"""

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.errors import PolicyRefused
from ringfence.plugins import find_plugins
from ringfence.terms import Direction
from ringfence.trace.contacts import Question
from ringfence.trace.tables import CONTACTS, SOURCES

RULES = "ringfence.trace.rules"

SECOND_SOURCES = """
with exposed as (
    select signal, case_no, subject as person, min({'day': first_day, 's': first_s}) as first
    from first_contact
    where direction = 'forward' and subject_kind = 'person' and rule in (select unnest($close_rules))
    group by signal, case_no, subject
)
select
    signal, case_no, person, 'forward' as direction, first.day as first_day, first.s as first_s,
    $until_day as last_day, $until_s as last_s
from exposed
order by signal, case_no, person
"""


def trace_ring(question: Question, *, rules: tuple[str, ...]) -> pa.Table:
    """Contacts of the visible sources by some rules (CONTACTS); PolicyRefused for a rule that does not exist."""
    known = find_plugins(RULES, "trace_rule")
    for rule in rules:
        if rule not in known:
            raise PolicyRefused(
                "no rule {rule} exists; the protocol may name {known}", rule=rule, known=", ".join(known)
            )
    answers = ((known[rule](question), question.settings.one_way.get(rule)) for rule in rules)
    return pa.concat_tables([CONTACTS.empty_table(), *(_only(found, way) for found, way in answers)])


def _only(found: pa.Table, way: Direction | None) -> pa.Table:
    return found if way is None else found.filter(pc.equal(found["direction"].cast(pa.string()), way.value))


def read_second_sources(question: Question, first: pa.Table, *, until_day: int, until_s: int) -> pa.Table:
    """Whoever a case may have infected, as sources (SOURCES) from their first exposure to second `until_s` of a day.

    Only close contacts have a second ring: who was merely near on the same day has none (`close_rules`).
    """
    question.visible.put("first_contact", first, CONTACTS)
    close = question.settings.close_rules
    close_rules = list(question.settings.rules if close is None else close)
    rows = question.visible.read(SECOND_SOURCES, until_day=until_day, until_s=until_s, close_rules=close_rules)
    return rows.cast(SOURCES)
