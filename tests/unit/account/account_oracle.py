"""Every indicator counted by hand: loops over plain rows, written from the sentences of docs/indicators.md."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from desk_state import DeskState, Row

from ringfence.account import Period
from ringfence.policy import Tier
from ringfence.terms import Ring, from_us

HOUR = 3_600_000_000
Answer = Iterator[tuple[str, int, int]]
Totals = dict[str, tuple[int, int]]


def count_by_hand(name: str, desk: DeskState, period: Period) -> Totals:
    """Numerator and denominator of an indicator by area path, without what lies below."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for path, numerator, denominator in ORACLES[name](desk, period):
        sums[path][0] += numerator
        sums[path][1] += denominator
    return {path: (n, d) for path, (n, d) in sums.items() if (n, d) != (0, 0)}


def hours(period: Period, key: str) -> int:
    return int(period.policy.hours(key).total_seconds()) * 1_000_000


def ran_out(period: Period, begun_at: int, limit: int) -> bool:
    return period.start <= begun_at + limit < period.until


def says_reached(task: Row) -> bool:
    if task["status"] != "done":
        return False
    if task["subject_kind"] not in ("person", "household"):
        return True
    return task["outcome"] in ("reached", "sampled")


def tasks_of(desk: DeskState, signal_id: int, exposure_id: int | None) -> list[tuple[Row, Row]]:
    tasks = {task["task_id"]: task for task in desk.task}
    return [
        (basis, tasks[basis["task_id"]])
        for basis in desk.task_basis
        if basis["signal_id"] == signal_id and basis["exposure_id"] == exposure_id
    ]


def first_listed(desk: DeskState, exposure: Row) -> int:
    begun = [b["recorded_at"] for b, _ in tasks_of(desk, exposure["signal_id"], exposure["exposure_id"])]
    return min(begun) if begun else int(exposure["recorded_at"])


def is_reached(desk: DeskState, exposure: Row, *, by: int, listed_by: float = float("inf")) -> bool:
    return any(
        says_reached(task) and task["ended_at"] <= by and basis["recorded_at"] < listed_by
        for basis, task in tasks_of(desk, exposure["signal_id"], exposure["exposure_id"])
    )


def below_cut(desk: DeskState, signal_id: int) -> tuple[int, int] | None:
    """How many, and since when."""
    rows = [r for r in desk.exposure_below_cut if r["signal_id"] == signal_id and r["status"] == "counted"]
    return (sum(r["row_count"] for r in rows), min(r["found_at"] for r in rows)) if rows else None


def messages(desk: DeskState, signal_id: int) -> list[Row]:
    return [t for _, t in tasks_of(desk, signal_id, None) if t["kind"] == "message" and t["status"] == "done"]


def disputes_answered_in_time(desk: DeskState, period: Period) -> Answer:
    for dispute in desk.dispute:
        if period.start <= dispute["due_at"] < period.until:
            answered_at = dispute["answered_at"]
            yield dispute["area_path"], int(answered_at is not None and answered_at <= dispute["due_at"]), 1


def signals_decided_in_time(desk: DeskState, period: Period) -> Answer:
    limit = hours(period, "screening.find_within_hours")
    for signal in desk.signal:
        if signal["status"] != "withdrawn" and ran_out(period, signal["raised_at"], limit):
            decided = signal["status"] in ("verified", "dismissed")
            yield signal["area_path"], int(decided and signal["decided_at"] <= signal["raised_at"] + limit), 1


def sentinel_alarms_real(desk: DeskState, period: Period) -> Answer:
    for signal in desk.signal:
        is_decided = signal["status"] != "raised" and signal["decided_at"] is not None
        if signal["kind"] == "aberration" and is_decided and period.start <= signal["decided_at"] < period.until:
            yield signal["area_path"], int(signal["status"] == "verified"), 1


def signals_responded_in_time(desk: DeskState, period: Period) -> Answer:
    limit = hours(period, "screening.find_within_hours")
    for signal in desk.signal:
        if signal["status"] == "verified" and ran_out(period, signal["decided_at"], limit):
            at = signal["responded_at"]
            yield signal["area_path"], int(at is not None and at <= signal["decided_at"] + limit), 1


def found_reached(desk: DeskState, period: Period) -> Answer:
    for exposure in desk.exposure:
        if exposure["status"] == "listed" and first_listed(desk, exposure) < period.until:
            yield exposure["area_path"], int(is_reached(desk, exposure, by=period.until - 1, listed_by=period.until)), 1
    for signal in desk.signal:
        below = below_cut(desk, signal["signal_id"])
        if below and below[1] < period.until:
            sent = [m for m in messages(desk, signal["signal_id"]) if says_reached(m) and m["ended_at"] < period.until]
            yield signal["area_path"], min(len(sent), below[0]), below[0]


def found_reached_in_time(desk: DeskState, period: Period) -> Answer:
    limit = hours(period, "screening.find_within_hours")
    for signal in desk.signal:
        if signal["status"] != "verified" or not ran_out(period, signal["decided_at"], limit):
            continue
        last = signal["decided_at"] + limit
        for exposure in desk.exposure:
            if exposure["signal_id"] == signal["signal_id"] and exposure["status"] == "listed":
                yield exposure["area_path"], int(is_reached(desk, exposure, by=last)), 1
        below = below_cut(desk, signal["signal_id"])
        if below:
            sent = [m for m in messages(desk, signal["signal_id"]) if says_reached(m) and m["ended_at"] <= last]
            yield signal["area_path"], min(len(sent), below[0]), below[0]


def below_cut_told_in_time(desk: DeskState, period: Period) -> Answer:
    limit = hours(period, "screening.message_within_hours")
    for signal in desk.signal:
        below = below_cut(desk, signal["signal_id"])
        if below and ran_out(period, below[1], limit):
            sent = [m for m in messages(desk, signal["signal_id"]) if m["ended_at"] <= below[1] + limit]
            yield signal["area_path"], min(len(sent), below[0]), below[0]


def below_cut_messages_proposed_in_time(desk: DeskState, period: Period) -> Answer:
    limit = hours(period, "screening.message_within_hours")
    area_of = {signal["signal_id"]: signal["area_path"] for signal in desk.signal}
    for group in desk.exposure_below_cut:
        if group["status"] == "counted" and ran_out(period, group["found_at"], limit):
            at, last = group["message_proposed_at"], group["found_at"] + limit
            in_time = at is not None and at <= last
            yield area_of[group["signal_id"]], group["row_count"] * int(in_time), group["row_count"]


def measures_in_time(desk: DeskState, period: Period) -> Answer:
    limit = hours(period, "screening.measure_within_hours")
    may_carry = [rule.strip() for rule in period.policy.text("order.rules").split(",")]
    signals = {signal["signal_id"]: signal for signal in desk.signal}
    for exposure in desk.exposure:
        signal = signals[exposure["signal_id"]]
        rules = {r["rule"] for r in desk.exposure_reason if r["exposure_id"] == exposure["exposure_id"]}
        lists = [
            (basis, task)
            for basis, task in tasks_of(desk, signal["signal_id"], exposure["exposure_id"])
            if task["kind"] in ("visit", "call", "message") and task["status"] != "withdrawn"
        ]
        if exposure["subject_kind"] != "person" or exposure["status"] != "listed" or not lists:
            continue
        if signal["status"] != "verified" or signal["kind"] != "positive_test" or not rules & set(may_carry):
            continue
        found_at = min(basis["recorded_at"] for basis, _ in lists)
        tier = min((task for _, task in lists), key=lambda task: int(task["task_id"]))["kind"]
        right = right_measure(exposure, signal["disease"], tier, period)
        if right and ran_out(period, found_at, limit):
            yield exposure["area_path"], int(is_under(desk, exposure, right, found_at + limit, period.day)), 1


def right_measure(exposure: Row, disease: str, tier: str, period: Period) -> str:
    """What is asked on the day, walking day by day from the day after the last exposure; empty once it is over."""
    edition = period.policy.protocol(disease, on=exposure["last_day"])
    plan = edition.first_ring if exposure["ring"] == Ring.FIRST else edition.second_ring
    asked = [step.measure for step in plan.measures[Tier(tier)] for _ in range(step.days)] if plan else []
    place = max(period.day - exposure["last_day"] - 1, 0)
    return str(asked[place]) if place < len(asked) else ""


def is_under(desk: DeskState, exposure: Row, measure: str, until: int, day: int) -> bool:
    return any(
        order["signed_at"] is not None and order["signed_at"] <= until and order["from_day"] <= day <= order["to_day"]
        for order in desk.measure_order
        if str(order["person_no"]) == exposure["subject_key"] and order["measure"] == measure
    )


def due_tasks(desk: DeskState, period: Period) -> list[Row]:
    return [
        task
        for task in desk.task
        if period.start <= task["due_at"] < period.until
        and not (task["status"] == "withdrawn" and task["ended_at"] <= task["due_at"])
    ]


def tasks_acknowledged_in_time(desk: DeskState, period: Period) -> Answer:
    for task in due_tasks(desk, period):
        at = task["acknowledged_at"]
        yield task["area_path"], int(at is not None and at <= task["due_at"]), 1


def tasks_done_in_time(desk: DeskState, period: Period) -> Answer:
    for task in due_tasks(desk, period):
        yield task["area_path"], int(task["status"] == "done" and task["ended_at"] <= task["due_at"]), 1


def cases_listed_before(desk: DeskState, period: Period) -> Answer:
    disease_of = {signal["signal_id"]: signal["disease"] for signal in desk.signal}
    for case in desk.case_episode:
        if case["classification"] not in ("probable", "confirmed"):
            continue
        if not period.start <= case["reported_at"] < period.until:
            continue
        lists = [
            basis
            for exposure in desk.exposure
            if (exposure["subject_kind"], exposure["subject_key"]) == ("person", str(case["person_no"]))
            and disease_of[exposure["signal_id"]] == case["disease"]
            for basis, task in tasks_of(desk, exposure["signal_id"], exposure["exposure_id"])
            if basis["recorded_at"] < case["reported_at"]
            and not (task["status"] == "withdrawn" and task["ended_at"] <= case["reported_at"])
        ]
        yield case["area_path"], int(bool(lists)), 1


def pool_members_retested_in_time(desk: DeskState, period: Period) -> Answer:
    limit = hours(period, "pool.retest_within_hours")
    for pool in desk.sample_pool:
        if pool["status"] in ("positive", "resolved") and ran_out(period, pool["reported_at"], limit):
            for member in desk.pool_member:
                if member["pool_id"] == pool["pool_id"]:
                    at = member["retested_at"]
                    yield pool["area_path"], int(at is not None and at <= pool["reported_at"] + limit), 1


def last_held(order: Row, period: Period) -> int:
    """The last day on which an order really holds: its own, or the day it was ended."""
    ended = order["ended_at"]
    return int(order["to_day"]) if ended is None else min(order["to_day"], period.clock.day_of(from_us(ended)))


def releases(desk: DeskState, period: Period) -> Iterator[tuple[str, int, float]]:
    """Area path, by when the person must know, and when they were told."""
    signed = [order for order in desk.measure_order if order["signed_at"] is not None]
    for number, order in enumerate(signed):
        last = last_held(order, period)
        is_over = order["status"] in ("released", "expired") or order["to_day"] < period.day
        others = [
            (last_held(other, period), other, n)
            for n, other in enumerate(signed)
            if other["person_no"] == order["person_no"]
        ]
        goes_on = any(days > last and other["from_day"] <= last + 1 for days, other, _ in others)
        told_with = any(d == last and (o["to_day"], n) > (order["to_day"], number) for d, o, n in others)
        if not is_over or goes_on or told_with:
            continue
        over_at = int(period.clock.midnight(order["to_day"] + 1).timestamp()) * 1_000_000
        ends = over_at if order["ended_at"] is None else min(over_at, order["ended_at"])
        told = order["release_told_at"]
        yield (
            order["area_path"],
            ends + hours(period, "release.told_within_hours"),
            float("inf") if told is None else told,
        )


def release_told_in_time(desk: DeskState, period: Period) -> Answer:
    for path, due_at, told_at in releases(desk, period):
        if period.start <= due_at < period.until:
            yield path, int(told_at <= due_at), 1


def release_overdue_hours(desk: DeskState, period: Period) -> Answer:
    for path, due_at, told_at in releases(desk, period):
        waited = int(min(told_at, period.until)) - max(due_at, period.start)
        if waited > 0:
            yield path, (waited + HOUR - 1) // HOUR, 1


def follow_up_seen_daily(desk: DeskState, period: Period) -> Answer:
    days = {(row["follow_up_id"], row["day"]): row["status"] for row in desk.follow_up_day}
    for watch in desk.follow_up:
        status = days.get((watch["follow_up_id"], period.day))
        expected = watch["status"] in ("follow_up", "lost") and watch["from_day"] <= period.day <= watch["to_day"]
        if status is not None or expected:
            yield watch["area_path"], int(status in ("seen_ok", "seen_not_ok")), 1


def follow_up_completed(desk: DeskState, period: Period) -> Answer:
    for watch in desk.follow_up:
        if watch["status"] != "cancelled" and watch["to_day"] < period.day:
            yield watch["area_path"], int(watch["status"] == "completed"), 1


def follow_up_lost(desk: DeskState, period: Period) -> Answer:
    for watch in desk.follow_up:
        if watch["status"] != "cancelled" and watch["from_day"] <= period.day:
            yield watch["area_path"], int(watch["status"] == "lost"), 1


def is_open(finding: Row, period: Period) -> bool:
    return finding["closed_at"] is None or finding["closed_at"] >= period.until


def findings_open(desk: DeskState, period: Period) -> Answer:
    for finding in desk.finding:
        if finding["opened_at"] < period.until:
            yield finding["area_path"], int(is_open(finding, period)), 1


def findings_late(desk: DeskState, period: Period) -> Answer:
    for finding in desk.finding:
        if finding["opened_at"] < period.until and is_open(finding, period):
            yield finding["area_path"], int(finding["due_at"] < period.until), 1


ORACLES: dict[str, Callable[[DeskState, Period], Answer]] = {
    oracle.__name__: oracle
    for oracle in (
        below_cut_messages_proposed_in_time,
        below_cut_told_in_time,
        cases_listed_before,
        disputes_answered_in_time,
        findings_late,
        findings_open,
        follow_up_completed,
        follow_up_lost,
        follow_up_seen_daily,
        found_reached,
        found_reached_in_time,
        measures_in_time,
        pool_members_retested_in_time,
        release_overdue_hours,
        release_told_in_time,
        sentinel_alarms_real,
        signals_decided_in_time,
        signals_responded_in_time,
        tasks_acknowledged_in_time,
        tasks_done_in_time,
    )
}
