"""COVID-19 in Korea, 2020: whether rings over published routes would have held who was infected next.

    python examples/korea_2020.py [--shared ../shared] [--lags 0 1 2] [--first 2020-01-20] [--last 2020-06-01]

Every day's file is received, every confirmed case responded to, each in a deployment that knows nothing of the days to
come. A case's routes come out with its confirmation, a day later, or two. Only then is the truth read. What the figures
mean and what they cannot say: docs/real_outbreaks.md.
"""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from department_days import Exercise, open_exercise
from korea_2020_files import Korea2020, read_korea_2020
from korea_2020_truth import Denominator, Hindsight, Link, Outcome, Ring, read_links
from rich.console import Console
from rich.progress import track
from telling import describe, open_console

from ringfence.policy import CaseDays
from ringfence.terms import WindowBasis

ZONE = "Asia/Seoul"

FOUND = """
select s.subject_key as case_person, e.subject_key as person
from visible_exposure e
join visible_signal s on s.signal_id = e.signal_id
where e.status = 'listed' and e.subject_kind = 'person'
"""


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What an exercise came to: the ring of each case by patient id, and what it took."""

    lag: int
    rings: Mapping[str, Ring]
    rows: Counter[str]
    below_the_cut: int
    seconds: Counter[str]


@dataclass(frozen=True)
class Responded:
    """That a case was responded to: on which day, and on which date its window stood then."""

    on: date
    basis: WindowBasis


def replay(korea: Korea2020, *, lag: int) -> Replay:
    """Play the outbreak day by day, the routes of a case coming out `lag` days after its confirmation."""
    days = korea.days(lag=lag)
    responded: dict[int, Responded] = {}
    below = 0
    with open_exercise(zone=ZONE, areas=korea.areas, first_day=days[0], last_day=days[-1]) as exercise:
        for day in track(days, description=f"routes at +{lag} d", console=Console(stderr=True), transient=True):
            exercise.receive(day, korea.files_of(day, lag=lag))
            exercise.verify(day)
            below += _respond(exercise, day, lag=lag, responded=responded)
        return Replay(
            lag=lag,
            rings=_read_rings(exercise, days[-1], responded),
            rows=exercise.rows,
            below_the_cut=below,
            seconds=exercise.seconds,
        )


def _respond(exercise: Exercise, day: date, *, lag: int, responded: dict[int, Responded]) -> int:
    """Respond to the cases whose routes came out today, all at once; how many found lie below the cut."""
    chosen, responses = exercise.respond(day, raised_on=day - timedelta(days=lag))
    today = {int(signal.subject.key) for signal in chosen}
    for case in exercise.cases(day):
        if case.person_no in today:
            basis, _ = CaseDays.of(case, clock=exercise.store.clock).stands_on
            responded[case.person_no] = Responded(day, basis)
    return sum(response.below for response in responses)


def _read_rings(exercise: Exercise, day: date, responded: Mapping[int, Responded]) -> dict[str, Ring]:
    """The ring of each case; a person who is no case yet is known by number only."""
    patient = {person: key for key, person in exercise.persons().items()}
    found: dict[int, set[str]] = {person: set() for person in responded}
    for row in exercise.store.desk.rows(FOUND, scope=exercise.scope(day)):
        person = int(row.person)
        found[int(row.case_person)].add(patient.get(person, f"person {person}"))
    return {
        patient[person]: Ring(responded_on=case.on, found=frozenset(found[person]), basis=case.basis)
        for person, case in responded.items()
    }


def tell(console: Console, played: Replay, korea: Korea2020, links: Sequence[Link]) -> None:
    """Print what the rings held of the truth, and how long they were."""
    seen = Hindsight(korea, played.rings, links)
    console.rule(f"Routes out {played.lag} days after confirmation")
    console.print(f"rows accepted {played.rows['accepted']}, rejected {played.rows['rejected']}")
    took = ", ".join(f"{what} {seconds:.0f} s" for what, seconds in played.seconds.items())
    console.print(f"processor time of {len(played.rings)} cases: {took}; below the cut {played.below_the_cut}")
    _tell_shares(console, seen)
    _tell_bases(console, seen)
    sizes = {patient: len(ring.found) for patient, ring in played.rings.items()}
    console.print("persons found, all cases:", describe(list(sizes.values())))
    console.print(
        "persons found, cases with routes:",
        describe([size for patient, size in sizes.items() if patient in seen.with_routes]),
    )


def _tell_shares(console: Console, seen: Hindsight) -> None:
    console.print("true links held before the infectee was confirmed, of")
    for denominator in Denominator:
        late = seen.share(denominator, Outcome.LATE)
        console.print(f"  {denominator}: {seen.share(denominator, Outcome.HELD)}; too late {late.hits}")


def _tell_bases(console: Console, seen: Hindsight) -> None:
    console.print("the same by the date that the infector's window stood on")
    bases = Counter(ring.basis for ring in seen.rings.values())
    for basis, cases in bases.items():
        console.print(f"  {basis}, {cases} cases")
        for denominator in Denominator:
            if denominator is not Denominator.ALL:
                console.print(f"    {denominator}: {seen.share(denominator, Outcome.HELD, basis=basis)}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Play and tell."""
    parser = ArgumentParser(description="COVID-19 in Korea, 2020, day by day.")
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="the folder of shared data")
    parser.add_argument("--lags", type=int, nargs="+", default=[0, 1, 2], help="days from confirmation to routes")
    parser.add_argument("--first", type=date.fromisoformat, default=date.min, help="the first day of files")
    parser.add_argument("--last", type=date.fromisoformat, default=date.max, help="the last day of files")
    asked = parser.parse_args(arguments)
    folder = asked.shared / "data" / "outbreaks"
    if not folder.is_dir():
        parser.error(f"no folder {folder}; name the folder of shared data with --shared")
    korea = read_korea_2020(folder, first=asked.first, last=asked.last)
    played = [replay(korea, lag=lag) for lag in asked.lags]
    links = read_links(folder)  # not before everything is played
    console = open_console()
    for one in played:
        tell(console, one, korea, links)


if __name__ == "__main__":
    main()
