"""What is kept of signing in goes when its time is over: sessions, links, phones, who belonged where (policy 6.4)."""

from datetime import timedelta

from ringfence.policy import Policy, read_in_force
from ringfence.store import Act
from ringfence.terms import Clock, to_us

# Sessions before phones, for they refer to them. Whatever was not ended ends by itself at `ends_at`.
FORGET_SESSIONS = """
delete from user_session where coalesce(ended_at, ends_at) < :before
"""

FORGET_DEVICES = """
delete from unit_device
where coalesce(ended_at, ends_at) < :before
    and not exists (select 1 from user_session s where s.device_id = unit_device.device_id)
"""

FORGET_LINKS = "delete from access_link where coalesce(used_at, ended_at, ends_at) < :before"

FORGET_MEMBERS = "delete from unit_member where removed_at < :before"

_BY_TABLE = {
    "user_session": FORGET_SESSIONS,
    "unit_device": FORGET_DEVICES,
    "access_link": FORGET_LINKS,
    "unit_member": FORGET_MEMBERS,
}


def forget_ended(act: Act, *, clock: Clock) -> int:
    """Let go of what ended longer ago than the policy keeps it; how many rows."""
    policy = Policy(read_in_force(act, now=act.now), clock.day_of(act.now))
    count = 0
    for table, statement in _BY_TABLE.items():
        kept_days = policy.days(f"retention.table.{table}")
        count += act.run(statement, before=to_us(act.now - timedelta(days=kept_days)))
    act.note("access.forgotten", count=count)
    return count
