"""Named steps that several statements share: what is reached, told, below the cut, due for follow-up (policy 2.3, 2.4).

Somebody is reached when a task about them is done with an outcome that says so (terms.Outcome; the desk keeps no other
words). Places and lots cannot be out or refuse: theirs is done or it is not.
"""

# Not materialized, for PostgreSQL would otherwise walk through all of it for every row that is joined to it.
_REACHED = """reached as not materialized (
    select task_id, kind, ended_at as reached_at
    from task
    where status = 'done' and (
        outcome in ('reached', 'sampled') or subject_kind not in ('person', 'household')
    )
)"""

# How many lie below the cut of each signal, and since the first of them was found; who they are stands in the lake.
_BELOW = """below as (
    select signal_id, min(found_at) as counted_at, cast(sum(row_count) as bigint) as found
    from exposure_below_cut
    where status = 'counted'
    group by signal_id
)"""

# Messages to people below the cut: they rest on the signal alone, for no exposure on the desk speaks of these people.
_MESSAGES = """messages as (
    select b.signal_id, t.task_id, t.ended_at as told_at
    from task_basis b join task t on t.task_id = b.task_id
    where b.exposure_id is null and t.kind = 'message' and t.status = 'done'
)"""

FOUND = f"with {_REACHED}, {_BELOW}"
"""Steps `reached` and `below`."""

TOLD = f"with {_BELOW}, {_MESSAGES}"
"""Steps `below` and `messages`."""

# Who is due to be seen on the day: whomever it began with, and whomever it should have begun with.
DUE = """
with due as (
    select f.follow_up_id, f.unit_id, f.area_path, f.status as follow_up_status, d.status as day_status
    from follow_up f left join follow_up_day d on d.follow_up_id = f.follow_up_id and d.day = :day
    where d.day is not null or (
        f.status in ('follow_up', 'lost') and f.from_day <= :day and f.to_day >= :day
        and (:day - f.from_day) % :every = 0
    )
)
"""
"""Step `due`; binds `day` and `every`, the days from one look to the next."""
