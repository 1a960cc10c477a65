"""The fitted numbers as a file of the policy: dated, with how and when they were fitted."""

from datetime import date

from outbreaks.fitting import KINDS, SINCE_ONSET, Fit

from ringfence.terms import PlaceKind

HEAD = """\
# Clause 2.2: what the reasons for being at risk weigh when people are ranked. Fitted on {day} by bench/ranking.py on
# simulated outbreaks of all three kernels (docs/ranking.md says how, and what they are worth on a kernel left out);
# do not edit by hand, publish later values instead. What a person is (poverty, origin, ethnicity) is never weighed.
#
# A reason weighs its rule's weight, times minutes and over crowd by their powers, times the factor of the kind of
# place, times the infectiousness of the days it counts, the day of the onset being 1. A weight of 1 is a minute alone
# with a case on that day.
"""

ENTRY = """
{key}:{note}
  clause: "{clause}"
  unit: {unit}
  values: {{2015-01-01: {value:.{digits}g}}}
"""

CARRIED = {
    "hotel": ("2.5", "household", 1.0, "a night in one room, as at home; a floor by its crowd"),
    "near_in_place_and_day": ("2.2", None, 15.0, "as 15 minutes: neither the hour nor the door is known"),
    "same_seat_rows": ("2.2", None, 120.0, "as a ride of two hours"),
    "came_from_risk_area": ("2.2", None, 60.0, "a day there, as an hour with a case"),
}
"""Rules no outbreak of the city tells of: the clause, the rule they are taken to be like or the minutes they are taken
for, and why. Chosen."""


def write_policy(fit: Fit, *, unseen: float, fitted_on: date) -> str:
    """The text of the file."""
    clauses = {"ward": "4.3"}
    parts = [HEAD.format(day=fitted_on)]
    parts += [_entry(f"trace.weight_{r}", weight, clause=clauses.get(r, "2.2")) for r, weight in fit.weights.items()]
    for rule, (clause, like, minutes, why) in CARRIED.items():
        weight = minutes * fit.weights[like] if like else minutes**fit.minutes_power
        parts.append(_entry(f"trace.weight_{rule}", weight, clause=clause, note=f"chosen, not fitted: {why}"))
    parts.append(_entry("trace.power_of_minutes", fit.minutes_power))
    parts.append(_entry("trace.power_of_crowd", fit.crowd_power))
    for kind in PlaceKind:
        known = kind.value in KINDS
        note = "" if known else "no outbreak of the city tells of it"
        parts.append(_entry(f"trace.place_{kind.value}", fit.kinds[kind.value] if known else 1.0, note=note))
    parts += [_entry(f"trace.infectious_{_name_day(since)}", fit.since_onset[since]) for since in SINCE_ONSET]
    parts.append(_entry("trace.infectious_onset_unknown", fit.onset_unknown))
    parts.append(
        _entry("trace.hazard_of_weight", fit.hazard, note="the chance of infection that a weight of 1 stands for")
    )
    parts.append(
        _entry("trace.unseen_share", unseen, unit="share", note="of infections no record leads to, at 60 % checked in")
    )
    return "".join(parts)


def _entry(key: str, value: float, *, clause: str = "2.2", unit: str = "factor", note: str = "") -> str:
    said = f"   # {note}" if note else ""
    return ENTRY.format(key=key, note=said, clause=clause, unit=unit, value=value, digits=3)


def _name_day(since: int) -> str:
    if since == 0:
        return "at_onset"
    return f"{'before' if since < 0 else 'after'}_{abs(since)}"
