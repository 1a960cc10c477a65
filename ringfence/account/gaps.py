"""Finding gaps: every check is run, and each gap becomes one finding, opened once and reopened by its effect (7.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ringfence.account.gap import Gap
from ringfence.account.owners import Leaders, find_owner, read_leaders
from ringfence.account.period import Period
from ringfence.account.rights import check_may_run
from ringfence.plugins import find_plugins
from ringfence.policy import Policy
from ringfence.store import Act
from ringfence.terms import Area, Clock, FindingStatus, to_us

PACKAGE = "ringfence.account.gap_checks"
CORRECT_WITHIN = "finding.correct_within_hours"

KNOWN = "select finding_id, finding_key, status, closed_at from finding"

INSERT_FINDING = """
insert into finding (finding_key, subject_kind, subject_key, clause, reason, owner, area_path, status, opened_at,
    due_at, recorded_at)
values (:finding_key, :subject_kind, :subject_key, :clause, :reason, :owner, :area_path, 'open', :now, :due_at, :now)
on conflict (finding_key) do nothing
"""

REOPEN = """
update finding set status = 'reopened', reason = :reason, owner = :owner, due_at = :due_at, closed_at = null,
    recorded_at = :now
where finding_key = :finding_key and status = 'proven'
"""


@dataclass(frozen=True, kw_only=True)
class GapRun:
    """What a run of the checks came to: findings opened, findings reopened, and gaps that stood as findings already."""

    opened: int
    reopened: int
    standing: int


def find_gaps(act: Act, *, policy: Policy, areas: Mapping[str, Area], clock: Clock) -> GapRun:
    """Run every gap check up to now; each gap is a finding with an owner and a deadline.

    A gap that is there again after its correction was proven reopens its finding: the correction had no effect.
    NotAllowed for who may not run the account of all areas.
    """
    check_may_run(act, areas=areas)
    period = Period.of(clock.day_of(act.now), policy=policy, clock=clock, now=act.now)
    gaps = {gap.key: gap for gap in sorted(check_all(act, period), key=lambda gap: gap.seen_at)}
    known = {row.finding_key: row for row in act.rows(KNOWN)}
    new = [gap for key, gap in gaps.items() if key not in known]
    back = [gap for key, gap in gaps.items() if key in known and _is_back(gap, known[key].status, known[key].closed_at)]
    leaders = read_leaders(act)
    due_at = to_us(act.now) + period.limit(CORRECT_WITHIN)
    act.run_many(INSERT_FINDING, [_finding(gap, leaders) | {"now": to_us(act.now), "due_at": due_at} for gap in new])
    act.run_many(REOPEN, [_finding(gap, leaders) | {"now": to_us(act.now), "due_at": due_at} for gap in back])
    run = GapRun(opened=len(new), reopened=len(back), standing=len(gaps) - len(new) - len(back))
    act.note("findings.found", count=len(gaps), opened=run.opened, reopened=run.reopened)
    return run


def check_all(act: Act, period: Period) -> Iterable[Gap]:
    """The gaps of every check there is."""
    for check in find_plugins(PACKAGE, "check").values():
        yield from check(act, period)


def _is_back(gap: Gap, status: str, closed_at: int | None) -> bool:
    return status == FindingStatus.PROVEN and closed_at is not None and to_us(gap.seen_at) > closed_at


def _finding(gap: Gap, leaders: Leaders) -> dict[str, object]:
    return {
        "finding_key": gap.key,
        "subject_kind": gap.subject.kind,
        "subject_key": gap.subject.key,
        "clause": gap.clause,
        "reason": gap.reason.to_json(),
        "owner": find_owner(gap, leaders=leaders),
        "area_path": gap.area_path,
    }
