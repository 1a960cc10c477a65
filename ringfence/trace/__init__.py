"""Trace: from a signal to everyone at risk, ranked, each with the reason (policy 2.2)."""

from ringfence.terms import Direction
from ringfence.trace.below_cut import Before, below_cut_rows, count_below_cut, date_below, read_before
from ringfence.trace.chain_drawing import Chains, check_shows_chains, draw_chains
from ringfence.trace.chains import (
    CHAIN_CASES,
    GENERATIONS,
    INFECTORS,
    MEETINGS,
    find_generations,
    find_infectors,
    likely_pairs,
)
from ringfence.trace.contacts import Question
from ringfence.trace.days import visible_days
from ringfence.trace.evidence import EVIDENCE, find_evidence, read_ways
from ringfence.trace.exposures import trace_exposures
from ringfence.trace.keeping import count_exposures, put_exposures, retract_exposures
from ringfence.trace.listings import SIGNAL_EXPOSURES
from ringfence.trace.looking import look, read_facts
from ringfence.trace.merge import Traced, merge_contacts, read_cases
from ringfence.trace.outbreak import INFECTED, LINE_LIST, Outbreak, read_outbreak
from ringfence.trace.protocols import missing_rules, read_settings, read_weighing
from ringfence.trace.rank import RANKED, Ranking, rank
from ringfence.trace.reasons import read_reasons
from ringfence.trace.reproduction import REPRODUCTION, estimate_reproduction
from ringfence.trace.retracting import leave_out_upheld, retract_some
from ringfence.trace.rings import read_second_sources, trace_ring
from ringfence.trace.settings import RuleSettings, Weighing
from ringfence.trace.spread import ATTACK_RATES, Estimate, Spread, attack_rates, estimate_spread
from ringfence.trace.tables import (
    ALIASES,
    CONTACTS,
    EXPOSURES,
    FENCED_AREAS,
    FENCED_GROUPS,
    FENCED_PLACES,
    FENCED_STOPS,
    FENCES,
    ONSETS,
    PLACES,
    REASONS,
    SOURCES,
)
from ringfence.trace.urgency import Urgency, expect_missed, find_chances, put_urgency, read_urgency
from ringfence.trace.visible import VIEWS, Records, Visible

__all__ = [
    "ALIASES",
    "ATTACK_RATES",
    "CHAIN_CASES",
    "CONTACTS",
    "EVIDENCE",
    "EXPOSURES",
    "FENCED_AREAS",
    "FENCED_GROUPS",
    "FENCED_PLACES",
    "FENCED_STOPS",
    "FENCES",
    "GENERATIONS",
    "INFECTED",
    "INFECTORS",
    "LINE_LIST",
    "MEETINGS",
    "ONSETS",
    "PLACES",
    "RANKED",
    "REASONS",
    "REPRODUCTION",
    "SIGNAL_EXPOSURES",
    "SOURCES",
    "VIEWS",
    "Before",
    "Chains",
    "Direction",
    "Estimate",
    "Outbreak",
    "Question",
    "Ranking",
    "Records",
    "RuleSettings",
    "Spread",
    "Traced",
    "Urgency",
    "Visible",
    "Weighing",
    "attack_rates",
    "below_cut_rows",
    "check_shows_chains",
    "count_below_cut",
    "count_exposures",
    "date_below",
    "draw_chains",
    "estimate_reproduction",
    "estimate_spread",
    "expect_missed",
    "find_chances",
    "find_evidence",
    "find_generations",
    "find_infectors",
    "leave_out_upheld",
    "likely_pairs",
    "look",
    "merge_contacts",
    "missing_rules",
    "put_exposures",
    "put_urgency",
    "rank",
    "read_before",
    "read_cases",
    "read_facts",
    "read_outbreak",
    "read_reasons",
    "read_second_sources",
    "read_settings",
    "read_urgency",
    "read_ways",
    "read_weighing",
    "retract_exposures",
    "retract_some",
    "trace_exposures",
    "trace_ring",
    "visible_days",
]
