"""Chains of an outbreak: who probably infected whom, how many each day's cases infected, where (policy 2.2, 7.3)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.errors import NotAllowed
from ringfence.policy import Policy
from ringfence.store import Desk, Lake, Scope
from ringfence.terms import Clock, Purpose, RecordKind
from ringfence.trace.chains import find_generations, find_infectors, likely_pairs
from ringfence.trace.outbreak import read_outbreak
from ringfence.trace.reproduction import estimate_reproduction
from ringfence.trace.spread import Spread, attack_rates, estimate_spread

TABLES = ("signal", "case_episode", "exposure", "exposure_reason")

_MOST_SEEN = 0.95
"""Cases of whose infectees fewer than this share can have fallen ill yet say nothing of how unevenly it spreads."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Chains:
    """What the cases of a disease say of its spread, from a local day until another (both included).

    `cases` is a LINE_LIST, `infectors` INFECTORS, `generations` GENERATIONS, `reproduction` REPRODUCTION,
    `attack_rates` ATTACK_RATES. `spread` counts pairs that are more likely than not, of cases whose infectees have had
    time to fall ill; None where there is none. `linked` is how many cases have such an infector.
    """

    disease: str
    first_day: int
    until_day: int
    cases: pa.Table
    infectors: pa.Table
    generations: pa.Table
    reproduction: pa.Table
    attack_rates: pa.Table
    spread: Spread | None
    linked: int


def check_shows_chains(scope: Scope, purpose: Purpose, *, policy: Policy) -> None:
    """NotAllowed for a reader, or a purpose, that does not open cases, who exposed whom, and those below the cut."""
    declared = policy.policy_set.purposes[purpose.key]
    opens_all = all(scope.paths.get(table) for table in TABLES)
    if not opens_all or RecordKind.EXPOSURE_BELOW_CUT not in declared.records:
        raise NotAllowed("chains show persons; they are for epidemiologists, for the purpose of tracing")


def draw_chains(desk: Desk, lake: Lake, *, scope: Scope, disease: str, policy: Policy, clock: Clock) -> Chains:
    """The chains of a disease's cases that a scope opens, until the policy's day, by the protocol of that day."""
    first_day = policy.day - policy.days("trace.chain_days")
    interval = policy.protocol(disease, on=policy.day).serial_interval
    background = policy.integer("trace.unseen_contact_weight")
    found = read_outbreak(desk, lake, scope=scope, disease=disease, since_day=first_day, clock=clock)
    infectors = find_infectors(found.cases, found.meetings, interval=interval, background=background)
    reproduction = estimate_reproduction(
        found.cases, found.meetings, interval=interval, background=background, until_day=policy.day
    )
    pairs = likely_pairs(infectors)
    return Chains(
        disease=disease,
        first_day=first_day,
        until_day=policy.day,
        cases=found.cases,
        infectors=infectors,
        generations=find_generations(infectors),
        reproduction=reproduction,
        attack_rates=attack_rates(found.exposed),
        spread=estimate_spread(_offspring(found.cases, pairs, reproduction)),
        linked=pairs.num_rows,
    )


def _offspring(cases: pa.Table, pairs: pa.Table, reproduction: pa.Table) -> npt.NDArray[np.int64]:
    """How many each case infected, of cases early enough for it to be seen."""
    early = reproduction.filter(pc.greater_equal(reproduction["share_seen"], _MOST_SEEN))["day"]
    seen = cases.filter(pc.is_in(cases["onset_day"], value_set=early.combine_chunks()))["case_no"].to_numpy()
    infected = pairs["infector"].to_numpy()
    return np.array([(infected == number).sum() for number in seen], dtype=np.int64)
