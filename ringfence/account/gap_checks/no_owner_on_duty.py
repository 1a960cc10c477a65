"""Areas with nobody on duty today: no duty hangs in the air, down to the grassroots unit (policy 7.1)."""

from ringfence.account.gap import Gap, above, area_subject
from ringfence.account.period import Period
from ringfence.store import Act
from ringfence.terms import Reason, ReasonCode, calendar_day

# An area with units of its own needs one of them; a lowest area without any needs somebody above it.
DESERTED = """
with post as (
    select u.area_path, count(d.unit_id) as present
    from unit u left join (select distinct unit_id from duty where day = :day) d on d.unit_id = u.unit_id
    group by u.area_path
)
select a.area_code, a.area_path
from area a left join post p on p.area_path = a.area_path
where p.present = 0 or (
    p.present is null
    and not exists (select 1 from area b where b.parent_code = a.area_code)
    and not exists (
        select 1 from post q
        where q.present > 0 and substr(a.area_path, 1, length(q.area_path)) = q.area_path
    )
)
order by a.area_path
"""


def check(act: Act, period: Period) -> list[Gap]:
    """One gap an area; whoever stands above it answers."""
    day = calendar_day(period.day).isoformat()
    return [
        Gap(
            subject=area_subject(row.area_path),
            clause="7.1",
            reason=Reason.of(ReasonCode.NO_OWNER_ON_DUTY, area=row.area_code, day=day),
            area_path=row.area_path,
            seen_at=act.now,
            owner_path=above(row.area_path),
        )
        for row in act.rows(DESERTED, day=period.day)
    ]
