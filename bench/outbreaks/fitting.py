"""Weights that make what happened most likely: a hazard that adds up over the reasons between a case and somebody.

A reason's hazard is its rule's, times the factor of its kind of place, times powers of its minutes and its crowd, times
the infectiousness of the days it counts; whoever had hazard h is infected with chance 1 - exp(-h). No kernel of the
city has this form: a power law is what can be said without knowing how it spreads.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from outbreaks.worlds import World
from scipy import optimize

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FITTED_RULES = ("same_place", "household", "work_group", "ward", "named_contact")
KINDS = (
    "workplace", "school", "shop", "market", "restaurant", "hotel", "hospital", "pharmacy", "care_home", "transport",
    "warehouse", "leisure", "worship",
)  # fmt: skip
SINCE_ONSET = range(-3, 4)
"""Days since the onset that have an infectiousness of their own; the first stands for all before, the last after."""

SHRINK = 4.0
"""How firmly factors are held to 1 and powers to one half: like so many infections that say so."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """Reasons (shape n) of pairs of a case and somebody: which pair, which rule and kind of place (-1 for none).

    `minutes` and `crowd` are logarithms, 0 where the rule counts none; `days` (shape n, SINCE_ONSET + 1) counts the
    days by days since onset, the last column those of a case whose onset nobody knows. `is_infected` is by pair, and so
    is `stands_for`: of how many pairs the pair is a sample.
    """

    pair: Ints
    rule: Ints
    kind: Ints
    minutes: Floats
    crowd: Floats
    days: Floats
    stands_for: Floats
    is_infected: npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Fit:
    """Fitted numbers: the hazard of a minute alone with a case at onset, and everything else against it.

    `weights` are by rule, `kinds` by kind of place, `since_onset` by day since onset, `onset_unknown` beside them.
    `unseen` is the share of infections that no record leads to, at each completeness.
    """

    hazard: float
    weights: dict[str, float]
    minutes_power: float
    crowd_power: float
    kinds: dict[str, float]
    since_onset: dict[int, float]
    onset_unknown: float
    unseen: dict[float, float]


def read_evidence(world: World, reasons: pa.Table) -> Evidence:
    """The reasons of a trace (REASONS) as numbers to fit, with who was truly infected by whom."""
    key = reasons["signal"].to_numpy() << 32 | reasons["subject"].to_numpy()
    pairs, pair = np.unique(key, return_inverse=True)
    true = world.infected["signal"].to_numpy() << 32 | world.infected["subject"].to_numpy()
    kind_of = dict(zip(world.places["place_no"].to_pylist(), world.places["kind"].to_pylist(), strict=True))
    rule = np.array([FITTED_RULES.index(one) for one in reasons["rule"].to_pylist()])
    kinds = [kind_of.get(place) for place in reasons["place"].to_pylist()]
    return Evidence(
        pair=pair,
        rule=rule,
        kind=np.array([KINDS.index(one) if one in KINDS else -1 for one in kinds]),
        minutes=np.log(np.maximum(reasons["minutes"].to_numpy(), 1).astype(float)),
        crowd=np.log(np.maximum(reasons["crowd"].fill_null(1).to_numpy(), 1).astype(float)),
        days=count_days(world, reasons),
        stands_for=np.ones(pairs.size),
        is_infected=np.isin(pairs, true),
    )


def count_days(world: World, reasons: pa.Table) -> Floats:
    """How many days of each reason lie how long after the onset (shape n, SINCE_ONSET + 1)."""
    first, last = reasons["first_day"].to_numpy(), reasons["last_day"].to_numpy()
    onset_of = {person: days.onset_day for person, days in world.cases}
    onset = np.array([onset_of[signal] or 0 for signal in reasons["signal"].to_pylist()])
    counts = np.zeros((reasons.num_rows, len(SINCE_ONSET) + 1))
    for column, since in enumerate(SINCE_ONSET):
        least = -np.inf if column == 0 else since
        most = np.inf if column == len(SINCE_ONSET) - 1 else since
        counts[:, column] = np.clip(np.minimum(last - onset, most) - np.maximum(first - onset, least) + 1, 0, None)
    counts[onset == 0] = 0
    counts[onset == 0, -1] = (last - first + 1)[onset == 0]
    return counts


def sample(evidence: Evidence, *, most: int) -> Evidence:
    """All infected pairs, and so many of the others, each standing for as many as were left out with it."""
    others = np.flatnonzero(~evidence.is_infected)
    chosen = np.random.default_rng(1).permutation(others)[:most]
    stands_for = evidence.is_infected.astype(float)
    stands_for[chosen] = others.size / max(chosen.size, 1)
    kept = stands_for > 0
    rows = kept[evidence.pair]
    columns = {n: getattr(evidence, n)[rows] for n in ("rule", "kind", "minutes", "crowd", "days")}
    number = np.cumsum(kept) - 1
    return Evidence(
        pair=number[evidence.pair[rows]], stands_for=stands_for[kept], is_infected=evidence.is_infected[kept], **columns
    )


def weigh(found: Fit, evidence: Evidence) -> Floats:
    """The hazard of each pair; the arithmetic of `ringfence.trace.merge`, for evidence at hand."""
    rules = np.array([found.weights[rule] for rule in FITTED_RULES])[evidence.rule]
    kinds = np.append([found.kinds[kind] for kind in KINDS], 1.0)[evidence.kind]
    days = evidence.days @ np.array([*(found.since_onset[day] for day in SINCE_ONSET), found.onset_unknown])
    powers = np.exp(found.minutes_power * evidence.minutes - found.crowd_power * evidence.crowd)
    return found.hazard * np.bincount(evidence.pair, weights=rules * kinds * powers * days)


def fit(evidence: Sequence[Evidence], *, unseen: dict[float, float]) -> Fit:
    """The numbers under which what happened in some worlds is most likely."""
    whole = join(evidence)
    free = len(FITTED_RULES) + len(KINDS)
    start = np.concatenate(
        [np.full(len(FITTED_RULES), -6.0), np.zeros(len(KINDS)), [0.5, -0.5], np.zeros(len(SINCE_ONSET) + 1)]
    )
    bounds = [(None, None)] * free + [(0, 1.5), (-1, 0)] + [(None, None)] * (len(SINCE_ONSET) + 1)
    found = optimize.minimize(
        loss, start, args=(whole,), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 120}
    )
    rules, kinds, powers, days = split(found.x)
    onset = days[list(SINCE_ONSET).index(0)]
    return Fit(
        hazard=float(np.exp(rules[0] + onset)),
        weights=dict(zip(FITTED_RULES, np.exp(rules - rules[0]).tolist(), strict=True)),
        minutes_power=float(powers[0]),
        crowd_power=float(-powers[1]),
        kinds=dict(zip(KINDS, np.exp(kinds).tolist(), strict=True)),
        since_onset=dict(zip(SINCE_ONSET, np.exp(days[:-1] - onset).tolist(), strict=True)),
        onset_unknown=float(np.exp(days[-1] - onset)),
        unseen=unseen,
    )


def join(parts: Sequence[Evidence]) -> Evidence:
    """The evidence of several worlds as one; pairs stay apart."""
    ends = np.cumsum([0, *(part.is_infected.size for part in parts)])
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in Evidence.__dataclass_fields__}
    columns["pair"] = np.concatenate([part.pair + end for part, end in zip(parts, ends, strict=False)])
    return Evidence(**columns)


def split(numbers: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """The logarithms by rule and kind, the powers of minutes and crowd, the logarithms by day."""
    rules, kinds = len(FITTED_RULES), len(KINDS)
    return numbers[:rules], numbers[rules : rules + kinds], numbers[rules + kinds :][:2], numbers[rules + kinds + 2 :]


def loss(numbers: Floats, evidence: Evidence) -> tuple[float, Floats]:
    """Minus the logarithm of the likelihood, the shrinking included, and its gradient."""
    rules, kinds, powers, days = split(numbers)
    by_day = evidence.days * np.exp(days)
    infectious = by_day.sum(axis=1)
    of_kind = np.append(kinds, 0.0)[evidence.kind]
    hazard = (
        np.exp(rules[evidence.rule] + of_kind + powers[0] * evidence.minutes + powers[1] * evidence.crowd) * infectious
    )
    total = np.bincount(evidence.pair, weights=hazard, minlength=evidence.is_infected.size).clip(1e-12)
    infected = evidence.is_infected
    value = float((total * evidence.stands_for)[~infected].sum() - np.log(-np.expm1(-total[infected])).sum())
    slope = np.where(infected, -1 / np.expm1(total.clip(max=500)), evidence.stands_for)[evidence.pair] * hazard
    gradient = [
        np.bincount(evidence.rule, weights=slope, minlength=rules.size),
        np.bincount(evidence.kind + 1, weights=slope, minlength=kinds.size + 1)[1:],
        [slope @ evidence.minutes, slope @ evidence.crowd],
        (slope / infectious) @ by_day,
    ]
    away = [np.zeros(rules.size), kinds, powers - [0.5, -0.5], days]
    value += SHRINK / 2 * sum(float(part @ part) for part in away)
    return value, np.concatenate([np.asarray(g) + SHRINK * a for g, a in zip(gradient, away, strict=True)])
