"""MERS in Korea, 2015: how the protocol's windows, drawn from the line list of each day, fit what really happened.

    python examples/mers_korea_2015.py [--shared ../shared] [--last 2015-06-16]

The line list comes in day by day; each case's windows are those of the day it was reported, generations and delays come
from dates alone. Only then are pairs and exposures read. What the figures mean: docs/real_outbreaks.md.
"""

from argparse import ArgumentParser
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from pathlib import Path
from statistics import mean, stdev

from department_days import Exercise, open_exercise
from mers_korea_2015_files import COUNTRY, DISEASE, Mers2015, read_mers_2015
from mers_korea_2015_truth import Hindsight, read_exposures, read_pairs
from mers_korea_2015_windows import Known, generations_by_date, read_report_delays
from rich.console import Console
from telling import Z95, describe, open_console

from ringfence import policy
from ringfence.policy import CaseDays, Protocol
from ringfence.terms import WindowBasis

ZONE = "Asia/Seoul"


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What an exercise came to: the cases by key, and the protocol of those days."""

    known: Mapping[str, Known]
    protocol: Protocol
    signals: int
    rows: Counter[str]
    seconds: Counter[str]


def replay(outbreak: Mers2015) -> Replay:
    """Take the line list in day by day; a window is drawn once, when the case is reported."""
    days = outbreak.days
    known: dict[str, Known] = {}
    signals = 0
    with open_exercise(zone=ZONE, areas=[COUNTRY], first_day=days[0], last_day=days[-1]) as exercise:
        protocol = _read_protocol(exercise, days[0])
        for day in days:
            exercise.receive(day, outbreak.files_of(day))
            signals += exercise.verify(day)
            key_of = {person: key for key, person in exercise.persons().items()}
            for case in exercise.cases(day):
                drawn = Known.of(CaseDays.of(case, clock=exercise.store.clock), protocol=protocol)
                known.setdefault(key_of[case.person_no], drawn)
        return Replay(known=known, protocol=protocol, signals=signals, rows=exercise.rows, seconds=exercise.seconds)


def _read_protocol(exercise: Exercise, day: date) -> Protocol:
    now = exercise.evening_of(day)
    in_force = policy.read_in_force(exercise.store.desk, now=now)
    return in_force.protocol_on(DISEASE, exercise.store.clock.day_of(now))


def tell(console: Console, played: Replay, outbreak: Mers2015) -> None:
    """Print what the line list alone says."""
    console.rule("From the line list alone")
    console.print(f"rows accepted {played.rows['accepted']}, rejected {played.rows['rejected']}")
    console.print(f"signals verified {played.signals}; processor time: receive {played.seconds['receive']:.0f} s")
    bases = Counter(case.basis for case in played.known.values())
    console.print("windows stand on:", ", ".join(f"{basis} {bases[basis]}" for basis in WindowBasis))
    delays = read_report_delays(played.known)
    console.print("days from onset to report, of", describe(list(delays.values())))
    diagnosed = [(case.diagnosed_on - case.reported_on).days for case in outbreak.cases]
    console.print("days from report to diagnosis, of", describe(diagnosed))
    serial_days = played.protocol.serial_interval.mean_days
    by_generation = defaultdict(list)
    for key, generation in generations_by_date(played.known, serial_days=serial_days).items():
        by_generation[generation].append(delays[key])
    console.print(f"generations of {serial_days:g} days by date of onset, and days from onset to report in each:")
    for generation, found in sorted(by_generation.items()):
        console.print(f"  generation {generation}, of {describe(found)}")


def tell_truth(console: Console, seen: Hindsight, protocol: Protocol) -> None:
    """Print how windows and dates fit what really happened."""
    console.rule("Beside the truth")
    kinds = Counter(pair.exposure for pair in seen.pairs).most_common()
    console.print(f"{len(seen.pairs)} pairs:", ", ".join(f"{kind} {count}" for kind, count in kinds))
    console.print(f"infectee's source window meets infector's infectious window: {seen.windows_meet}")
    console.print(f"  so it does in any two cases, one reported before the other: {seen.windows_meet_anyway}")
    console.print(f"investigated exposure meets infector's infectious window: {seen.exposure_meets_infectious}")
    for basis in WindowBasis:
        if (share := seen.exposure_meets_source(basis)).of:
            console.print(f"investigated exposure meets the source window standing on {basis}: {share}")
    console.print(f"infector reported on a day before the infectee's onset: {seen.reported_before_onset}")
    interval = protocol.serial_interval
    serial = [pair.serial_days for pair in seen.pairs]
    console.print("serial interval in days, of", describe(serial))
    console.print(f"  {_estimate(serial)}; the protocol says {interval.mean_days:g}, sd {interval.sd_days:g}")
    dated = seen.dated_as_in_chain(serial_days=interval.mean_days)
    console.print(f"generation by date is that of the chain of pairs: {dated}")


def _estimate(days: Sequence[int]) -> str:
    """Mean with its 95 % interval, and standard deviation."""
    if len(days) <= 1:
        return "too few pairs to estimate anything"
    middle, spread = mean(days), stdev(days)
    half = Z95 * spread / sqrt(len(days))
    return f"mean {middle:.1f} [{middle - half:.1f} to {middle + half:.1f}], sd {spread:.1f}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Play and tell."""
    parser = ArgumentParser(description="MERS in Korea, 2015, day by day.")
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="the folder of shared data")
    parser.add_argument("--last", type=date.fromisoformat, default=date.max, help="the last day of reports")
    asked = parser.parse_args(arguments)
    folder = asked.shared / "data" / "outbreaks"
    if not folder.is_dir():
        parser.error(f"no folder {folder}; name the folder of shared data with --shared")
    outbreak = read_mers_2015(folder, last=asked.last)
    played = replay(outbreak)
    console = open_console()
    tell(console, played, outbreak)
    seen = Hindsight.on(played.known, read_pairs(folder), read_exposures(folder))  # not before everything is played
    tell_truth(console, seen, played.protocol)


if __name__ == "__main__":
    main()
