"""What changes at the gate, and when: each change of a rule in one line, before it takes effect (policy 1.2, 1.4)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ringfence.policy import Policy, PolicySet, read_in_force, read_text, show_policy
from ringfence.store import Desk
from ringfence.terms import Clock, Reason, ReasonCode, day_number, from_us, to_us

UPCOMING = """
select body, effective_from_at from policy_version where effective_from_at > :now order by effective_from_at, version
"""

OF_GATES = "gate."


@dataclass(frozen=True, kw_only=True)
class Change:
    """One number of the gate's that will be another one from an instant on."""

    key: str
    before: str
    after: str
    clause: str
    takes_effect_at: datetime

    def to_reason(self, clock: Clock) -> Reason:
        """The change as one line, at the deployment's local time."""
        local = self.takes_effect_at.astimezone(clock.zone).isoformat(sep=" ", timespec="minutes")
        return Reason.of(
            ReasonCode.GATE_RULE_CHANGES,
            key=self.key,
            before=self.before,
            after=self.after,
            from_time=local,
            clause=self.clause,
        )


def standards_of(policy: Policy, lists: Mapping[str, int]) -> str:
    """What a passage keeps of the rules it was checked by: the policy by its digest, each list by its version."""
    versions = {"policy": policy.policy_set.digest[:8], **lists}
    return " ".join(f"{kind}:{version}" for kind, version in versions.items())


def find_changes(desk: Desk, *, clock: Clock, now: datetime) -> list[Change]:
    """What will change: days that the policy in force names, and versions published to begin later; soonest first."""
    in_force, today = read_in_force(desk, now=now), clock.day_of(now)
    dated = [
        Change(
            key=row.key,
            before=str(row.value),
            after=str(row.next_value),
            clause=row.clause,
            takes_effect_at=clock.midnight(day_number(date.fromisoformat(row.next_day))),
        )
        for row in show_policy(in_force, on=today)
        if row.key.startswith(OF_GATES) and row.next_day
    ]
    published = _find_published(in_force, desk.rows(UPCOMING, now=to_us(now)), clock=clock)
    return sorted([*dated, *published], key=lambda one: (one.takes_effect_at, one.key))


def gate_numbers(policy: Policy) -> dict[str, str]:
    """Every number of the gate's on the day, by key."""
    numbers = policy.policy_set.numbers
    return {key: str(numbers[key].value_on(policy.day)) for key in sorted(numbers) if key.startswith(OF_GATES)}


def _find_published(in_force: PolicySet, upcoming: Sequence[object], *, clock: Clock) -> Iterator[Change]:
    """What each version says otherwise than the one before it, on the day it begins."""
    before = in_force
    for row in upcoming:
        version, begins = read_text(row.body), from_us(row.effective_from_at)  # type: ignore[attr-defined]
        day = clock.day_of(begins)
        old, new = (gate_numbers(Policy(one, day)) for one in (before, version))
        for key in sorted(new):
            if key in old and old[key] != new[key]:
                yield Change(
                    key=key,
                    before=old[key],
                    after=new[key],
                    clause=version.number(key).clause,
                    takes_effect_at=begins,
                )
        before = version
