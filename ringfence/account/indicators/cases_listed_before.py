"""WHO: how many new cases were listed contacts before they were reported (policy 2.2)."""

from ringfence.account.indicator import Indicator, counted_by

# Listed is who was somebody's task; a task withdrawn before the report no longer counts.
COUNT = """
select c.area_path, count(*) as denominator, count(*) filter (where exists (
        select 1
        from exposure e
        join signal s on s.signal_id = e.signal_id
        join task_basis b on b.exposure_id = e.exposure_id
        join task t on t.task_id = b.task_id
        where e.subject_kind = 'person' and e.subject_key = cast(c.person_no as text) and s.disease = c.disease
            and b.recorded_at < c.reported_at and not (t.status = 'withdrawn' and t.ended_at <= c.reported_at)
    )) as numerator
from case_episode c
where c.classification in ('probable', 'confirmed') and c.reported_at >= :start and c.reported_at < :until
group by c.area_path
"""


def declare() -> Indicator:
    """The indicator."""
    return Indicator(
        key="cases_listed_before",
        clause="2.2",
        title="New cases from listed contacts (WHO)",
        numerator="of them, those who were listed as a contact, with a task, before they were reported",
        denominator="probable and confirmed cases reported on the day",
        clock="listed before reported",
        count=counted_by(COUNT),
    )
