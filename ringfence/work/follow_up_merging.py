"""One person, one watch: two numbers that turned out to be one person are watched under the later end (policy 2.4).

The other watch waits, cancelled, and knows which one stands for it. It goes on by itself where the link is taken back,
where what stands for it is cancelled, or ends sooner than it would.
"""

from ringfence.store import Act
from ringfence.terms import to_us

WATCHED_TWICE = """
with watched as (
    select f.follow_up_id, f.person_no, f.disease, f.to_day, coalesce(h.home_no, f.person_no) as home_no
    from follow_up f left join person_home h on h.person_no = f.person_no
    where f.status = 'follow_up'
),
ranked as (
    select follow_up_id, person_no,
        first_value(follow_up_id) over (partition by home_no, disease order by to_day desc, follow_up_id) as kept
    from watched
)
select follow_up_id, person_no, kept from ranked where follow_up_id <> kept order by follow_up_id
"""

STANDS_ALONE = """
select m.follow_up_id, m.person_no
from follow_up m
join follow_up k on k.follow_up_id = m.merged_into
left join person_home mh on mh.person_no = m.person_no
left join person_home kh on kh.person_no = k.person_no
where coalesce(mh.home_no, m.person_no) <> coalesce(kh.home_no, k.person_no)
    or k.status = 'cancelled' or m.to_day > k.to_day
order by m.follow_up_id
"""

MERGE = """
update follow_up set status = 'cancelled', merged_into = :kept, recorded_at = :now where follow_up_id = :follow_up_id
"""

GO_ON = """
update follow_up set status = 'follow_up', merged_into = null, recorded_at = :now where follow_up_id = :follow_up_id
"""


def merge_follow_ups(act: Act) -> int:
    """Watch everybody once a disease, however many of their numbers are watched; how many watches wait from now on."""
    now = to_us(act.now)
    alone = act.rows(STANDS_ALONE)
    act.run_many(GO_ON, [{"follow_up_id": row.follow_up_id, "now": now} for row in alone])
    twice = act.rows(WATCHED_TWICE)
    act.run_many(MERGE, [{"follow_up_id": row.follow_up_id, "kept": row.kept, "now": now} for row in twice])
    for action, rows in (("follow_up.went_on", alone), ("follow_up.merged", twice)):
        if rows:
            act.note(action, count=len(rows), ids=[row.person_no for row in rows])
    return len(twice)
