"""Targets: a share to be reached by a day, and how the areas stand to it (policy 7.3)."""

from collections.abc import Mapping
from dataclasses import dataclass

from ringfence.access import check_can
from ringfence.account.indicator import read_indicators
from ringfence.errors import InputRefused, NotFound
from ringfence.policy import Permission
from ringfence.store import Act, Desk, Scope
from ringfence.terms import Area, Target, to_us

UPSERT_TARGET = """
insert into target (target_id, clause, indicator, at_least, due_day, recorded_at)
values (:target_id, :clause, :indicator, :at_least, :due_day, :recorded_at)
on conflict (target_id) do update set clause = excluded.clause, indicator = excluded.indicator,
    at_least = excluded.at_least, due_day = excluded.due_day, recorded_at = excluded.recorded_at
"""

STATES = """
select t.target_id, t.clause, t.indicator, t.at_least, t.due_day, s.area_path, s.numerator, s.denominator
from target t join visible_scorecard s on s.indicator = t.indicator and s.day = :day
order by t.due_day, t.target_id, s.area_path
"""


@dataclass(frozen=True, kw_only=True)
class TargetState:
    """How an area stood to a target on a day."""

    target: Target
    area_path: str
    numerator: int
    denominator: int

    @property
    def is_met(self) -> bool | None:
        """Whether the share is reached; None where there was nothing to judge."""
        return self.numerator >= self.target.at_least * self.denominator if self.denominator else None


def put_target(act: Act, target: Target, *, areas: Mapping[str, Area]) -> None:
    """Set a target, or set it anew, for every area alike.

    NotFound for an indicator there is none of; InputRefused for a share that is none, or of an indicator that is to
    fall. Targets are the command's to set, as policy is: the system sets none.
    """
    for area in areas.values():
        if not area.parent_code:
            check_can(act, Permission.POLICY_PUBLISH, area_path=area.path)
    indicators = read_indicators()
    if target.indicator not in indicators:
        raise NotFound(
            "there is no indicator {indicator}; docs/indicators.md lists them all", indicator=target.indicator
        )
    if not indicators[target.indicator].more_is_better:
        raise InputRefused(
            "{indicator} gets better as it falls; a target says 'at least', so choose another one",
            indicator=target.indicator,
        )
    if not 0 < target.at_least <= 1:
        raise InputRefused(
            "target {target} is {share}; a share lies above 0 and is at most 1",
            target=target.target_id,
            share=target.at_least,
        )
    act.run(UPSERT_TARGET, **vars(target), recorded_at=to_us(act.now))
    act.note("target.put", subject=f"target:{target.target_id}", indicator=target.indicator, at_least=target.at_least)


def compare_targets(desk: Desk, day: int, *, scope: Scope) -> list[TargetState]:
    """How the reader's areas stood to each target on a local day that has a scorecard; those due first come first."""
    return [
        TargetState(
            target=Target(
                target_id=row.target_id,
                clause=row.clause,
                indicator=row.indicator,
                at_least=row.at_least,
                due_day=row.due_day,
            ),
            area_path=row.area_path,
            numerator=row.numerator,
            denominator=row.denominator,
        )
        for row in desk.rows(STATES, scope=scope, day=day)
    ]
