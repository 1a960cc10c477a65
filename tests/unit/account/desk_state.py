"""A small desk with anything on it: random rows that the database accepts, for an oracle to count by hand."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from ringfence.account import Period
from ringfence.store import Act
from ringfence.terms import (
    Classification,
    DayStatus,
    DisputeStatus,
    FindingStatus,
    FollowUpStatus,
    Measure,
    OrderStatus,
    PoolStatus,
    SignalKind,
    SignalStatus,
    TaskKind,
    TaskStatus,
)

Row = dict[str, Any]

HALF_HOUR = 1_800_000_000
PATHS = ["1/", "1/11/", "1/11/111/", "1/11/1111/", "1/12/121/", "1/12/122/", "9/91/"]
PEOPLE = range(1, 5)
DISEASES = ["covid19", "covid19", "mers"]
RULES = ["household", "same_place", "household", "near_in_place_and_day"]
OUTCOMES = ["reached", "sampled", "carried_out"]


@dataclass
class DeskState:
    """Rows by table, in the order in which they can be put in."""

    tables: dict[str, list[Row]] = field(default_factory=dict)

    def __getattr__(self, table: str) -> list[Row]:
        return self.tables[table]

    def put(self, act: Act) -> None:
        """Write everything, around every package: only the columns that a test cares for differ."""
        for table, rows in self.tables.items():
            columns = list(rows[0]) if rows else []
            values = ", ".join(f":{name}" for name in columns)
            act.run_many(f"insert into {table} ({', '.join(columns)}) values ({values})", rows)  # noqa: S608 - our rows
        act.note("test.desk_filled")


def make_desk(rng: Random, period: Period) -> DeskState:
    """A desk around a period; instants lie on half hours, so that limits are often met to the microsecond."""

    def instant() -> int:
        return period.start + rng.randrange(-60, 56) * HALF_HOUR

    def maybe(value: int, chance: float = 0.7) -> int | None:
        return value if rng.random() < chance else None

    def numbered(most: int) -> range:
        return range(1, rng.randrange(most + 1) + 1)

    state = DeskState()
    tables = state.tables
    tables["batch"] = [
        {
            "batch_no": n,
            "batch_id": f"test-{n}",
            "feed": "trace",
            "department": "test",
            "purpose": "tracing",
            "source_digest": "",
            "rows_accepted": 0,
            "rows_rejected": 0,
            "status": "committed",
            "received_by": "test",
            "recorded_at": 0,
        }
        for n in (901, 902)
    ]
    tables["signal"] = [
        {
            "signal_id": n,
            "kind": rng.choice([*[SignalKind.POSITIVE_TEST] * 3, SignalKind.REPORT, SignalKind.ABERRATION]),
            "subject_kind": "person",
            "subject_key": "1",
            "disease": rng.choice(DISEASES),
            "area_path": rng.choice(PATHS),
            "status": (status := rng.choice([*SignalStatus, SignalStatus.VERIFIED, SignalStatus.VERIFIED])),
            "reason": "{}",
            "origin": f"test:{n}",
            "raised_by": "test",
            "raised_at": instant(),
            "decided_at": None if status is SignalStatus.RAISED else instant(),
            "responded_at": maybe(instant()),
            "recorded_at": 0,
        }
        for n in numbered(8)
    ]
    tables["case_episode"] = [
        {
            "person_no": person,
            "disease": disease,
            "episode": 1,
            "classification": rng.choice(list(Classification)),
            "reported_at": instant(),
            "is_imported": False,
            "area_path": rng.choice(PATHS),
            "recorded_at": 0,
        }
        for person in PEOPLE
        for disease in set(DISEASES)
        if rng.random() < 0.4
    ]
    subjects = [("person", str(person)) for person in PEOPLE] + [("household", "1"), ("place", "1")]
    tables["exposure"] = [
        {
            "exposure_id": signal["signal_id"] * 100 + n,
            "signal_id": signal["signal_id"],
            "subject_kind": kind,
            "subject_key": key,
            "ring": rng.choice([1, 2]),
            "weight": 1.0,
            "minutes": 0,
            "is_identified": True,
            "first_day": period.day - 30,
            "last_day": period.day - rng.randrange(-1, 26),
            "area_path": rng.choice(PATHS),
            "status": rng.choice(["listed", "listed", "listed", "retracted"]),
            "recorded_at": instant(),
        }
        for signal in tables["signal"]
        for n, (kind, key) in enumerate(subjects)
        if rng.random() < 0.5
    ]
    tables["exposure_reason"] = [
        {
            "exposure_id": exposure["exposure_id"],
            "reason_no": n,
            "rule": rng.choice(RULES),
            "direction": "forward",
            "source_kind": "person",
            "source_key": "1",
            "first_at": 0,
            "last_at": 0,
            "minutes": 0,
            "weight": 1.0,
            "reason": "{}",
            "recorded_at": 0,
        }
        for exposure in tables["exposure"]
        for n in range(rng.randrange(3))
    ]
    tables["exposure_below_cut"] = [
        {
            "signal_id": signal["signal_id"],
            "batch_no": batch,
            "group_no": group,
            "owner": "u1",
            "found_at": (found_at := instant()),
            "message_proposed_at": maybe(found_at + rng.randrange(0, 60) * HALF_HOUR),
            "row_count": rng.randrange(4),
            "status": rng.choice(["counted", "counted", "retracted"]),
            "recorded_at": instant(),
        }
        for signal in tables["signal"]
        for batch in (901, 902)
        for group in (1, 2)
        if rng.random() < 0.5
    ]
    tables["unit"] = [
        {
            "unit_id": f"u{n}",
            "area_code": path.split("/")[-2],
            "area_path": path,
            "level": rng.choice(["grid", "township", "county", "city"]),
            "daily_capacity": 9,
            "task_kinds": "",
            "recorded_at": 0,
        }
        for n, path in enumerate(PATHS)
    ]
    tables["task"] = [
        {
            "task_id": n,
            "subject_kind": rng.choice(["person", "person", "person", "household", "place"]),
            "subject_key": str(rng.choice(PEOPLE)),
            "kind": rng.choice([TaskKind.VISIT, TaskKind.CALL, TaskKind.MESSAGE, TaskKind.MESSAGE, TaskKind.IDENTIFY]),
            "owner": f"u{rng.randrange(len(PATHS))}",
            "area_path": rng.choice(PATHS),
            "status": (task_status := rng.choice([*TaskStatus, TaskStatus.DONE, TaskStatus.DONE])),
            "level": rng.choice(["grid", "city"]),
            "weight": 1.0,
            "reason": "{}",
            "opened_at": instant(),
            "due_at": instant(),
            "due_day": period.day,
            "acknowledged_at": maybe(instant()),
            "ended_at": instant() if task_status in (TaskStatus.DONE, TaskStatus.WITHDRAWN) else None,
            "outcome": rng.choice(OUTCOMES) if task_status is TaskStatus.DONE else None,
            "recorded_at": 0,
        }
        for n in numbered(40)
    ]
    by_signal = {
        signal["signal_id"]: [e["exposure_id"] for e in tables["exposure"] if e["signal_id"] == signal["signal_id"]]
        for signal in tables["signal"]
    }
    tables["task_basis"] = [
        {
            "task_id": task["task_id"],
            "signal_id": signal,
            "exposure_id": rng.choice([None, None, *exposures]),
            "recorded_at": min(instant(), instant()),
        }
        for task in tables["task"]
        for signal, exposures in by_signal.items()
        if rng.random() < 0.5
    ]
    tables["measure_order"] = [
        {
            "order_id": n,
            "person_no": rng.choice(PEOPLE),
            "measure": rng.choice([Measure.HOME_QUARANTINE, Measure.CENTRAL_QUARANTINE, Measure.HEALTH_MONITORING]),
            "legal_basis": "",
            "reason": "{}",
            "day_zero": period.day,
            "from_day": (from_day := period.day + rng.randrange(-4, 1)),
            "review_day": from_day + rng.randrange(3),
            "to_day": from_day + rng.randrange(12),
            "status": (order_status := rng.choice([*OrderStatus, OrderStatus.SIGNED, OrderStatus.EXPIRED])),
            "area_path": rng.choice(PATHS),
            "drafted_by": "test",
            "drafted_at": 0,
            "signed_at": None if order_status in (OrderStatus.DRAFTED, OrderStatus.DECLINED) else instant(),
            "ended_at": (
                ended_at := instant() if order_status in (OrderStatus.RELEASED, OrderStatus.EXPIRED) else None
            ),
            "release_told_at": None if ended_at is None else maybe(ended_at + rng.randrange(9) * HALF_HOUR),
            "recorded_at": 0,
        }
        for n in numbered(30)
    ]
    tables["follow_up"] = [
        {
            "follow_up_id": n,
            "person_no": n,
            "disease": "covid19",
            "ring": 1,
            "day_zero": period.day - 5,
            "from_day": period.day - rng.randrange(-1, 4),
            "to_day": period.day + rng.randrange(-2, 3),
            "status": rng.choice([*FollowUpStatus, FollowUpStatus.FOLLOW_UP]),
            "unit_id": f"u{rng.randrange(len(PATHS))}",
            "area_path": rng.choice(PATHS),
            "recorded_at": 0,
        }
        for n in numbered(12)
    ]
    tables["follow_up_day"] = [
        {"follow_up_id": f["follow_up_id"], "day": day, "status": rng.choice(list(DayStatus)), "recorded_at": 0}
        for f in tables["follow_up"]
        for day in (period.day - 1, period.day)
        if rng.random() < 0.6
    ]
    tables["sample_pool"] = [
        {
            "pool_id": f"p{n}",
            "status": (pool_status := rng.choice([*PoolStatus, PoolStatus.POSITIVE])),
            "sampled_at": 0,
            "reported_at": None if pool_status is PoolStatus.PENDING else instant(),
            "area_path": rng.choice(PATHS),
            "recorded_at": 0,
        }
        for n in numbered(4)
    ]
    tables["pool_member"] = [
        {
            "pool_id": pool["pool_id"],
            "person_no": n,
            "is_held": True,
            "result": (result := rng.choice([None, "negative", "positive"])),
            "retested_at": None if result is None else instant(),
            "row_no": n,
            "recorded_at": 0,
        }
        for pool in tables["sample_pool"]
        for n in numbered(4)
    ]
    tables["dispute"] = [
        {
            "contested_kind": "task",
            "task_id": task["task_id"],
            "subject_kind": task["subject_kind"],
            "subject_key": task["subject_key"],
            "ground": "not_me",
            "way": "door",
            "area_path": task["area_path"],
            "status": (dispute_status := rng.choice(list(DisputeStatus))),
            "raised_by": "test",
            "raised_at": instant(),
            "due_at": instant(),
            "answered_at": instant() if dispute_status in ("upheld", "rejected") else None,
            "recorded_at": 0,
        }
        for task in tables["task"][:12]
    ]
    tables["finding"] = [
        {
            "finding_key": f"test/{n}",
            "subject_kind": "area",
            "subject_key": "11",
            "clause": "7.2",
            "reason": "{}",
            "owner": "u1",
            "area_path": rng.choice(PATHS),
            "status": (finding_status := rng.choice(list(FindingStatus))),
            "opened_at": instant(),
            "due_at": instant(),
            "closed_at": instant() if finding_status is FindingStatus.PROVEN else None,
            "recorded_at": 0,
        }
        for n in numbered(8)
    ]
    return state
