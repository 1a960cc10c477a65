"""From windows to exposures: the whole trace, without any effect on a store (policy 2.2)."""

import pyarrow as pa

from ringfence.trace.contacts import Question
from ringfence.trace.merge import Traced, merge_contacts, read_cases
from ringfence.trace.rings import read_second_sources, trace_ring
from ringfence.trace.settings import RuleSettings
from ringfence.trace.tables import CONTACTS
from ringfence.trace.visible import Visible


def trace_exposures(
    visible: Visible, *, sources: pa.Table, settings: RuleSettings, until_day: int, until_s: int
) -> Traced:
    """Everyone at risk from some cases (SOURCES) by one protocol, each with every reason.

    Second `until_s` of `until_day` ends the time in which a contact may have passed it on: it is the second ring's
    window. InputRefused for a window that is not whole or not visible, PolicyRefused for a protocol that is not whole.
    """
    question = Question(visible, settings)
    visible.put_sources(sources)
    cases = read_cases(question)
    first = trace_ring(question, rules=tuple(settings.rules))
    second = CONTACTS.empty_table()
    if settings.second_ring_rules:
        visible.put_sources(read_second_sources(question, first, until_day=until_day, until_s=until_s))
        second = trace_ring(question, rules=settings.second_ring_rules)
    return merge_contacts(question, cases=cases, first=first, second=second)
