"""The lists of work: tasks, orders, follow-up and the units that answer for them (policy 2.3, 2.4, 2.6, 7.1)."""

from ringfence.store import Filter, Listing
from ringfence.terms import (
    ContestedKind,
    DisputeGround,
    DisputeStatus,
    DisputeWay,
    FollowUpStatus,
    Level,
    Measure,
    OrderStatus,
    Outcome,
    Reason,
    SubjectKind,
    TaskKind,
    TaskStatus,
    calendar_day,
    from_us,
)

TASKS = Listing(
    name="tasks",
    table="task",
    columns={
        "task_id": int,
        "kind": TaskKind,
        "subject_kind": SubjectKind,
        "subject_key": str,
        "owner": str,
        "area_path": str,
        "status": TaskStatus,
        "level": Level,
        "weight": float,
        "reason": Reason.from_json,
        "opened_at": from_us,
        "due_at": from_us,
        "acknowledged_at": from_us,
        "ended_at": from_us,
        "outcome": Outcome,
    },
    sorts={"due_at": ("due_at", "task_id"), "weight": ("weight", "task_id")},
    may_lack=frozenset({"acknowledged_at", "ended_at", "outcome"}),
    usual_sort="due_at",
    filters={
        "waiting": Filter("status in ('open', 'acknowledged')", bool),
        "status": Filter.same("status", TaskStatus),
        "kind": Filter.same("kind", TaskKind),
        "level": Filter.same("level", Level),
        "owner": Filter.same("owner"),
        "due_before": Filter.before("due_at"),
        "person": Filter("subject_kind = 'person' and subject_key = :value"),
    },
)
"""What is asked of whom until when, the next to be late first."""

ORDERS = Listing(
    name="orders",
    table="measure_order",
    columns={
        "order_id": int,
        "person_no": int,
        "signal_id": int,
        "measure": Measure,
        "legal_basis": str,
        "reason": Reason.from_json,
        "day_zero": calendar_day,
        "from_day": calendar_day,
        "review_day": calendar_day,
        "to_day": calendar_day,
        "status": OrderStatus,
        "area_path": str,
        "drafted_by": str,
        "drafted_at": from_us,
        "signed_by": str,
        "signed_at": from_us,
        "ended_at": from_us,
        "meanwhile": Measure,
        "suspends_at": from_us,
    },
    sorts={"to_day": ("to_day", "order_id"), "drafted_at": ("drafted_at", "order_id")},
    may_lack=frozenset({"signal_id", "signed_by", "signed_at", "ended_at", "meanwhile", "suspends_at"}),
    usual_sort="to_day",
    filters={
        "waiting": Filter("status in ('drafted', 'signed', 'suspended')", bool),
        "status": Filter.same("status", OrderStatus),
        "measure": Filter.same("measure", Measure),
        "person": Filter.same("person_no", int),
    },
)
"""Measures on persons, the next to end first."""

DISPUTES = Listing(
    name="disputes",
    table="dispute",
    columns={
        "dispute_id": int,
        "contested_kind": ContestedKind,
        "order_id": int,
        "task_id": int,
        "subject_kind": SubjectKind,
        "subject_key": str,
        "ground": DisputeGround,
        "way": DisputeWay,
        "area_path": str,
        "status": DisputeStatus,
        "raised_at": from_us,
        "due_at": from_us,
        "answered_by": str,
        "answered_at": from_us,
    },
    sorts={"due_at": ("due_at", "dispute_id")},
    may_lack=frozenset({"order_id", "task_id", "answered_by", "answered_at"}),
    usual_sort="due_at",
    filters={
        "waiting": Filter("status in ('raised', 'risen')", bool),
        "status": Filter.same("status", DisputeStatus),
        "way": Filter.same("way", DisputeWay),
        "person": Filter("subject_kind = 'person' and subject_key = :value"),
    },
)
"""Who contests what, the next answer owed first."""

FOLLOW_UPS = Listing(
    name="follow-ups",
    table="follow_up",
    columns={
        "follow_up_id": int,
        "person_no": int,
        "disease": str,
        "ring": int,
        "day_zero": calendar_day,
        "from_day": calendar_day,
        "to_day": calendar_day,
        "status": FollowUpStatus,
        "unit_id": str,
        "area_path": str,
    },
    sorts={"to_day": ("to_day", "follow_up_id")},
    usual_sort="to_day",
    filters={
        "status": Filter.same("status", FollowUpStatus),
        "disease": Filter.same("disease"),
        "unit": Filter.same("unit_id"),
        "person": Filter.same("person_no", int),
    },
)
"""Who is watched day by day, the next to be released first."""

UNITS = Listing(
    name="units",
    table="unit",
    columns={
        "unit_id": str,
        "area_code": str,
        "area_path": str,
        "level": Level,
        "daily_capacity": int,
        "task_kinds": str,
    },
    sorts={"unit_id": ("unit_id",)},
    usual_sort="unit_id",
    filters={"level": Filter.same("level", Level)},
)
"""The teams that can be given work."""
