"""Fit the weights of the ranking on simulated outbreaks, and say what they are worth: python bench/ranking.py.

    python bench/ranking.py [--seeds 3] [--residents 10000] [--write ringfence/policy/defaults/ranking.yaml]

Every figure is of outbreaks in cities the fit did not see, by a kernel it did not see: for each of the three kernels
the weights are fitted on the other two. What --write ships is fitted on all three. How it is done: docs/ranking.md.
"""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from outbreaks.fitting import FITTED_RULES, Evidence, Fit, fit, read_evidence, sample
from outbreaks.judging import Trial, calibrate
from outbreaks.policy_file import write_policy
from outbreaks.worlds import CLOCK, World, make_world

from ringfence.city import KERNEL_NAMES
from ringfence.trace import RuleSettings, Visible, trace_exposures

COMPLETENESS = (0.9, 0.6, 0.3)
USUAL = 0.6
SIZES = (10, 30, 100)
PAIRS_A_WORLD = 15_000
FIRST_FITTED, FIRST_TESTED = 11, 71

NEUTRAL = RuleSettings(
    minimum_minutes=15,
    linger_minutes=0,
    rules={rule: {} for rule in FITTED_RULES},
    second_ring_rules=(),
    weights=dict.fromkeys(FITTED_RULES, 1.0),
    second_ring_share=0,
)


def trace_reasons(world: World, completeness: float) -> pa.Table:
    """Every reason that a trace of the world's cases finds."""
    with Visible(world.records(completeness), days=world.days, clock=CLOCK, places=world.places) as visible:
        traced = trace_exposures(
            visible, sources=world.sources, settings=NEUTRAL, until_day=world.days.stop - 1, until_s=0
        )
    return traced.reasons


def gather(seeds: int, residents: int) -> dict[tuple[str, float], list[tuple[Evidence, float]]]:
    """Of each kernel and completeness: the evidence of every seed's world, and the share that no record leads to."""
    found: dict[tuple[str, float], list[tuple[Evidence, float]]] = {}
    for kernel in KERNEL_NAMES:
        for seed in range(FIRST_FITTED, FIRST_FITTED + seeds):
            world = make_world(kernel, seed=seed, residents=residents)
            for completeness in COMPLETENESS:
                evidence = read_evidence(world, trace_reasons(world, completeness))
                unseen = 1 - evidence.is_infected.sum() / max(world.infected.num_rows, 1)
                kept = sample(evidence, most=PAIRS_A_WORLD)
                found.setdefault((kernel, completeness), []).append((kept, float(unseen)))
    return found


def fit_on(kernels: Sequence[str], found: dict[tuple[str, float], list[tuple[Evidence, float]]]) -> Fit:
    """The weights by the outbreaks of some kernels."""
    evidence = [each for (kernel, _), parts in found.items() if kernel in kernels for each, _ in parts]
    unseen = {}
    for completeness in COMPLETENESS:
        shares = [share for kernel in kernels for _, share in found[kernel, completeness]]
        unseen[completeness] = sum(shares) / len(shares)
    return fit(evidence, unseen=unseen)


def try_out(kernel: str, fitted: Fit, *, seeds: int, residents: int) -> list[Trial]:
    """Outbreaks of a kernel that the fit never saw, at every completeness."""
    trials = []
    for seed in range(FIRST_TESTED, FIRST_TESTED + seeds):
        world = make_world(kernel, seed=seed, residents=residents)
        for completeness in COMPLETENESS:
            reasons = trace_reasons(world, completeness)
            trials.append(Trial(world, read_evidence(world, reasons), reasons, fitted, completeness))
    return trials


def mean(trials: Sequence[Trial], shares: Sequence[float]) -> float:
    """The mean of a share over trials, each as heavy as the infections it is a share of."""
    sizes = [trial.world.infected.num_rows for trial in trials]
    return sum(size * share for size, share in zip(sizes, shares, strict=True)) / max(sum(sizes), 1)


def print_recall(kernel: str, trials: Sequence[Trial]) -> None:
    """Recall by completeness and size of list, beside minutes alone and the best that any order could do."""
    for completeness in COMPLETENESS:
        chosen = [trial for trial in trials if trial.completeness == completeness]
        infected = sum(trial.world.infected.num_rows for trial in chosen)
        line = f"{kernel:<12} {completeness:>4.0%} {infected:>5} "
        for size in SIZES:
            fitted, alone, best = (
                mean(chosen, [getattr(trial, name)(*given) for trial, given in pairs])
                for name, pairs in (
                    ("recall", [(trial, (trial.hazard, size)) for trial in chosen]),
                    ("recall", [(trial, (trial.minutes, size)) for trial in chosen]),
                    ("best", [(trial, (size,)) for trial in chosen]),
                )
            )
            line += f"   {fitted:.2f} ({alone:.2f}; {best:.2f})"
        print(line, flush=True)


def print_missed(kernel: str, trials: Sequence[Trial]) -> None:
    """The share missed beside a list, as expected and as it was."""
    for completeness in COMPLETENESS:
        chosen = [trial for trial in trials if trial.completeness == completeness]
        line = f"{kernel:<12} {completeness:>4.0%} "
        for size in SIZES:
            both = [trial.missed(size) for trial in chosen]
            line += f"   {mean(chosen, [one[0] for one in both]):.2f} / {mean(chosen, [one[1] for one in both]):.2f}"
        print(line)


def print_quarantine(kernel: str, trials: Sequence[Trial]) -> None:
    """Person-days of quarantine for each infection averted, by fit and by minutes alone."""
    chosen = [trial for trial in trials if trial.completeness == USUAL]
    line = f"{kernel:<12} "
    for size in SIZES:
        for name in ("hazard", "minutes"):
            spent, averted = (
                sum(column)
                for column in zip(*(trial.quarantine(getattr(trial, name), size) for trial in chosen), strict=True)
            )
            line += f"  {spent / averted:>7,.0f} ({averted:,})" if averted else "      none"
    print(line)


def print_groups(trials: Sequence[Trial]) -> None:
    """Recall by age, residence and phone, of lists of 30."""
    totals: dict[str, list[int]] = {}
    for trial in trials:
        for name, count, held in trial.groups(30):
            kept = totals.setdefault(name, [0, 0])
            kept[0] += count
            kept[1] += held
    for name, (count, held) in totals.items():
        print(f"  {name:<14} {held / max(count, 1):.2f} of {count:,}")


def main() -> None:
    """Fit, try out, print, and write the policy file where that is asked."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seeds", type=int, default=3, help="cities a kernel, to fit on and to test on each")
    asked.add_argument("--residents", type=int, default=10_000)
    asked.add_argument("--write", type=Path, help="write the weights fitted on all kernels into this policy file")
    options = asked.parse_args()
    found = gather(options.seeds, options.residents)
    trials = {}
    for kernel in KERNEL_NAMES:
        fitted = fit_on([other for other in KERNEL_NAMES if other != kernel], found)
        trials[kernel] = try_out(kernel, fitted, seeds=options.seeds, residents=options.residents)
    together = [trial for each in trials.values() for trial in each]
    usual = [trial for trial in together if trial.completeness == USUAL]

    print("Recall of the truly infected at 10, 30 and 100 listed a case (minutes alone; the best any order could do)")
    print("kernel left out, completeness of check-ins, infected")
    for kernel, each in trials.items():
        print_recall(kernel, each)
    print("\nExpected share missed / share missed, at 10, 30 and 100")
    for kernel, each in trials.items():
        print_missed(kernel, each)
    print(
        f"\nPerson-days of quarantine an infection averted (averted), fit then minutes, at 10, 30 and 100; {USUAL:.0%}"
    )
    for kernel, each in trials.items():
        print_quarantine(kernel, each)
    print(f"\nRecall at 30 by kind of people, all kernels, {USUAL:.0%}")
    print_groups(usual)
    print(f"\nChance stated, share infected, pairs; all kernels, each left out, {USUAL:.0%}")
    for stated, true, pairs in calibrate(usual):
        print(f"  {stated:.5f}  {true:.5f}  {pairs:>9,}")
    if options.write:
        whole = fit_on(KERNEL_NAMES, found)
        day = datetime.now(tz=UTC).date()
        options.write.write_text(write_policy(whole, unseen=whole.unseen[USUAL], fitted_on=day), encoding="utf-8")
        print(f"\nwrote {options.write}: {whole}")


if __name__ == "__main__":
    main()
