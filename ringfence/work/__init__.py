"""Work: the duty roster, ranked and capped worklists, tasks, orders, follow-up, escalation (policy 2.3, 2.4, 7.1)."""

from ringfence.work.attempts import record_attempts
from ringfence.work.balance import find_owners
from ringfence.work.contacts import Contact, put_contact, read_contact, shred_contacts
from ringfence.work.dispute_links import DISPUTE_LINK, LINKS_NAME, contest_by_link, read_link, write_link
from ringfence.work.dispute_raising import find_lighter, raise_dispute
from ringfence.work.dispute_rows import list_disputes, read_dispute
from ringfence.work.disputes import (
    Answered,
    check_may_uphold,
    raise_unanswered,
    read_contested_exposures,
    reject_dispute,
    release_contested,
    uphold_dispute,
)
from ringfence.work.escalation import escalate_tasks, find_level
from ringfence.work.follow_up import revise_follow_up, start_follow_up
from ringfence.work.follow_up_days import DayRecord, DayRun, record_days, run_day
from ringfence.work.handing_over import HandedOver, hand_over_unit
from ringfence.work.list_alerts import ALERT as LIST_ALERT
from ringfence.work.listings import DISPUTES, FOLLOW_UPS, ORDERS, TASKS, UNITS
from ringfence.work.manual_orders import ManualOrder, approve_manual_order, draft_manual_order
from ringfence.work.messages import ProposedMessages, list_proposed_messages, propose_messages
from ringfence.work.order_drafts import draft_orders
from ringfence.work.orders import (
    count_bound,
    decline_order,
    expire_orders,
    list_orders,
    orders_in_force,
    read_order,
    release_for_signal,
    release_order,
    sign_order,
    sign_orders,
)
from ringfence.work.releases import Release, find_overdue, find_released, list_releases, tell_release
from ringfence.work.retests import withdraw_retests
from ringfence.work.roster import Roster, put_duties, put_units, read_roster
from ringfence.work.signal_drafts import count_left_to_others, draft_for_signal
from ringfence.work.standing import read_standing
from ringfence.work.tables import ASKED, EXPOSED, STANDING
from ringfence.work.task_life import acknowledge_tasks, close_tasks, hand_over_tasks, withdraw_for_signal
from ringfence.work.tasks import list_tasks, open_tasks, read_task
from ringfence.work.watched import list_watched
from ringfence.work.worker_view import ShownTask, show_to_worker
from ringfence.work.worklist import Worklist, dispatch_exposures

__all__ = [
    "ASKED",
    "DISPUTES",
    "DISPUTE_LINK",
    "EXPOSED",
    "FOLLOW_UPS",
    "LINKS_NAME",
    "LIST_ALERT",
    "ORDERS",
    "STANDING",
    "TASKS",
    "UNITS",
    "Answered",
    "Contact",
    "DayRecord",
    "DayRun",
    "HandedOver",
    "ManualOrder",
    "ProposedMessages",
    "Release",
    "Roster",
    "ShownTask",
    "Worklist",
    "acknowledge_tasks",
    "approve_manual_order",
    "check_may_uphold",
    "close_tasks",
    "contest_by_link",
    "count_bound",
    "count_left_to_others",
    "decline_order",
    "dispatch_exposures",
    "draft_for_signal",
    "draft_manual_order",
    "draft_orders",
    "escalate_tasks",
    "expire_orders",
    "find_level",
    "find_lighter",
    "find_overdue",
    "find_owners",
    "find_released",
    "hand_over_tasks",
    "hand_over_unit",
    "list_disputes",
    "list_orders",
    "list_proposed_messages",
    "list_releases",
    "list_tasks",
    "list_watched",
    "open_tasks",
    "orders_in_force",
    "propose_messages",
    "put_contact",
    "put_duties",
    "put_units",
    "raise_dispute",
    "raise_unanswered",
    "read_contact",
    "read_contested_exposures",
    "read_dispute",
    "read_link",
    "read_order",
    "read_roster",
    "read_standing",
    "read_task",
    "record_attempts",
    "record_days",
    "reject_dispute",
    "release_contested",
    "release_for_signal",
    "release_order",
    "revise_follow_up",
    "run_day",
    "show_to_worker",
    "shred_contacts",
    "sign_order",
    "sign_orders",
    "start_follow_up",
    "tell_release",
    "uphold_dispute",
    "withdraw_for_signal",
    "withdraw_retests",
    "write_link",
]
