"""WHO: how many new cases were listed contacts before they were reported (policy 2.2)."""

from ringfence.account.indicator import Indicator, counted_by

# Listed is who was somebody's task, under any number of theirs; a task withdrawn before the report no longer counts.
COUNT = """
with reported as (
    select c.case_id, c.person_no, c.disease, c.area_path, c.reported_at, coalesce(h.home_no, c.person_no) as home_no
    from case_episode c left join person_home h on h.person_no = c.person_no
    where c.classification in ('probable', 'confirmed') and c.reported_at >= :start and c.reported_at < :until
),
known_as as (
    select case_id, home_no as person_no from reported
    union
    select r.case_id, h.person_no from reported r join person_home h on h.home_no = r.home_no
)
select c.area_path, count(*) as denominator, count(*) filter (where exists (
        select 1
        from known_as k
        join exposure e on e.subject_kind = 'person' and e.subject_key = cast(k.person_no as text)
        join signal s on s.signal_id = e.signal_id
        join task_basis b on b.exposure_id = e.exposure_id
        join task t on t.task_id = b.task_id
        where k.case_id = c.case_id and s.disease = c.disease
            and b.recorded_at < c.reported_at and not (t.status = 'withdrawn' and t.ended_at <= c.reported_at)
    )) as numerator
from reported c
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
