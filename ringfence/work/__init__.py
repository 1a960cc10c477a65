"""Work: the duty roster, ranked and capped worklists, tasks, orders, follow-up, escalation (policy 2.3, 2.4, 7.1)."""

from ringfence.work.balance import find_owners
from ringfence.work.contacts import Contact, put_contact, read_contact, shred_contacts
from ringfence.work.escalation import escalate_tasks, find_level
from ringfence.work.follow_up import revise_follow_up, start_follow_up
from ringfence.work.follow_up_days import DayRecord, DayRun, record_days, run_day
from ringfence.work.listings import FOLLOW_UPS, ORDERS, TASKS, UNITS
from ringfence.work.messages import ProposedMessages, list_proposed_messages, propose_messages
from ringfence.work.order_drafts import draft_orders
from ringfence.work.orders import (
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
from ringfence.work.releases import Release, find_overdue, list_releases, tell_release
from ringfence.work.roster import Roster, put_duties, put_units, read_roster
from ringfence.work.signal_drafts import draft_for_signal
from ringfence.work.standing import read_standing
from ringfence.work.tables import ASKED, EXPOSED, STANDING
from ringfence.work.task_life import acknowledge_tasks, close_tasks, hand_over_tasks, withdraw_for_signal
from ringfence.work.tasks import list_tasks, open_tasks, read_task
from ringfence.work.watched import list_watched
from ringfence.work.worklist import Worklist, dispatch_exposures

__all__ = [
    "ASKED",
    "EXPOSED",
    "FOLLOW_UPS",
    "ORDERS",
    "STANDING",
    "TASKS",
    "UNITS",
    "Contact",
    "DayRecord",
    "DayRun",
    "ProposedMessages",
    "Release",
    "Roster",
    "Worklist",
    "acknowledge_tasks",
    "close_tasks",
    "decline_order",
    "dispatch_exposures",
    "draft_for_signal",
    "draft_orders",
    "escalate_tasks",
    "expire_orders",
    "find_level",
    "find_overdue",
    "find_owners",
    "hand_over_tasks",
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
    "read_contact",
    "read_order",
    "read_roster",
    "read_standing",
    "read_task",
    "record_days",
    "release_for_signal",
    "release_order",
    "revise_follow_up",
    "run_day",
    "shred_contacts",
    "sign_order",
    "sign_orders",
    "start_follow_up",
    "tell_release",
    "withdraw_for_signal",
]
