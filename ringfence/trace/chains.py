"""Chains: who probably infected whom, generation by generation, and how unevenly it spreads (policy 2.2, 7.3).

The posterior of an infector is the serial interval's density at the days between the two onsets, times the evidence
that they met, over all candidates and nobody known (Wallinga and Teunis, Am J Epidemiol 2004; 160, 509, with evidence
in place of equal shares). Evidence is what trace found, by what a reason weighs; a pair that nobody saw together keeps
a background, for most meetings leave no record.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.policy import SerialInterval
from ringfence.trace.intervals import Numbers, interval_density

CHAIN_CASES = pa.schema([("case_no", pa.int64()), ("onset_day", pa.int32()), ("is_imported", pa.bool_())])
"""Cases, each once, with the local day of onset, or of the date that stands for it.

Who was infected elsewhere (`is_imported`) may have infected others here, and was infected by none of them.
"""

MEETINGS = pa.schema(
    [("infector", pa.int64()), ("case_no", pa.int64()), ("rule", pa.string()), ("weight", pa.float64())]
)
"""What trace found between cases, one row a reason: `case_no` was exposed to `infector`."""

INFECTORS = pa.schema(
    [
        ("case_no", pa.int64()),
        ("infector", pa.int64()),
        ("probability", pa.float64()),
        ("interval_days", pa.int32()),
        ("rule", pa.string()),
    ]
)
"""The candidates of each case, the most probable first; `infector` is empty for nobody known. `rule` is that of the
heaviest reason between the two, empty where nobody saw them together."""

GENERATIONS = pa.schema([("case_no", pa.int64()), ("cluster", pa.int64()), ("generation", pa.int32())])
"""The tree of most probable infectors: `cluster` is the case it begins with, of generation 0."""

_SURE = 0.5


def find_infectors(cases: pa.Table, meetings: pa.Table, *, interval: SerialInterval, background: float) -> pa.Table:
    """The candidates of every case (INFECTORS) whose probability is at least one in a thousand.

    `cases` has the columns of CHAIN_CASES, `meetings` those of MEETINGS. Nobody known counts as one case without
    evidence whose onset lay at the likeliest interval before. The cost is that of comparing every two cases, case by
    case in memory for one.
    """
    number, onset = cases["case_no"].to_numpy(), cases["onset_day"].to_numpy()
    density = interval_density(interval, days=int(np.ptp(onset)) + 1 if onset.size else 1)
    evidence, rules = _gather(meetings)
    rows = [
        row
        for each, day, is_imported in zip(number.tolist(), onset.tolist(), imported(cases).tolist(), strict=True)
        for row in (
            [(each, None, 1.0, None)]
            if is_imported
            else _weigh(each, day, number, onset, density=density, met=evidence.get(each, {}), background=background)
        )
    ]
    columns = list(zip(*rows, strict=True)) or [()] * 4
    said = [None if infector is None else rules.get((infector, case_no)) for case_no, infector, _, _ in rows]
    return pa.table([*columns, said], schema=INFECTORS)


def likely_pairs(infectors: pa.Table) -> pa.Table:
    """The candidates (INFECTORS) that are somebody and more likely than not: one a case at most."""
    return infectors.filter(pc.and_(pc.is_valid(infectors["infector"]), pc.greater(infectors["probability"], _SURE)))


def find_generations(infectors: pa.Table) -> pa.Table:
    """Each case with the cluster it belongs to and its generation (GENERATIONS), by infectors more likely than not.

    An infector's onset may lie after the infectee's where the serial interval allows it; a circle is cut at the case
    with the smallest number.
    """
    likely = likely_pairs(infectors)
    parents = dict(zip(likely["case_no"].to_pylist(), likely["infector"].to_pylist(), strict=True))
    cases = sorted(set(infectors["case_no"].to_pylist()))
    rows = [(case_no, *_climb(case_no, parents)) for case_no in cases]
    return pa.table(list(zip(*rows, strict=True)) or [()] * 3, schema=GENERATIONS)


def imported(cases: pa.Table) -> npt.NDArray[np.bool_]:
    """Of each case, whether it was infected elsewhere; who says nothing of it was not."""
    return np.array([bool(one) for one in cases["is_imported"].to_pylist()], dtype=np.bool_)


def _gather(meetings: pa.Table) -> tuple[dict[int, dict[int, float]], dict[tuple[int, int], str]]:
    """The evidence of each infectee by infector, and the rule of the heaviest reason between the two."""
    evidence: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    rules: dict[tuple[int, int], str] = {}
    for row in meetings.sort_by([("weight", "ascending")]).to_pylist():
        evidence[row["case_no"]][row["infector"]] += row["weight"]
        rules[row["infector"], row["case_no"]] = row["rule"]
    return evidence, rules


def _weigh(
    case_no: int,
    day: int,
    number: npt.NDArray[np.int64],
    onset: npt.NDArray[np.int32],
    *,
    density: Numbers,
    met: Mapping[int, float],
    background: float,
) -> Iterator[tuple[int, int | None, float, int | None]]:
    """Case, candidate, probability and days between, the most probable first."""
    before = day - onset
    near = np.flatnonzero((before >= 0) & (before < density.size) & (number != case_no))
    together = np.array([met.get(other, 0.0) for other in number[near].tolist()])
    weights = np.append(density[before[near]] * (background + together), density.max() * background)
    shares = weights / weights.sum()
    for place in np.argsort(-shares, kind="stable"):
        if shares[place] < 1 / 1000:
            return
        if place == near.size:
            yield case_no, None, float(shares[place]), None
        else:
            yield case_no, int(number[near[place]]), float(shares[place]), int(before[near[place]])


def _climb(case_no: int, parents: Mapping[int, int]) -> tuple[int, int]:
    """The case at the head of a case's chain, and how many steps up it is."""
    way = [case_no]
    while (above := parents.get(way[-1])) is not None:
        if above in way:
            circle = way[way.index(above) :]
            return min(circle), way.index(min(circle))
        way.append(above)
    return way[-1], len(way) - 1
