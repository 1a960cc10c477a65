"""The days of an exercise: each command of the line is given when its hour has come, by whoever gives it in a city."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from ringfence import access, stewardship
from ringfence.cli.calls import Answer, Asked, Progress
from ringfence.cli.days import account_for, record_days, run_day
from ringfence.cli.doors import Doors
from ringfence.cli.orders import draft_orders, sign_orders
from ringfence.cli.receiving import find_deliveries, receive_files
from ringfence.cli.responses import SEED, respond_to
from ringfence.cli.signal_desk import decide_signal, list_signals
from ringfence.cli.tasks import acknowledge_tasks, close_tasks, list_tasks
from ringfence.policy import PolicySet
from ringfence.store import EVERYWHERE, Act, Store, open_store
from ringfence.terms import Actor, Grant, Role, SignalKind, SignalStatus

ZONE = ZoneInfo("Asia/Shanghai")
PASSWORD = "only for the exercise"  # noqa: S105 - of accounts that exist for the length of a demo
STAFF = {
    "steward": Role.DATA_STEWARD,
    "epidemiologist": Role.EPIDEMIOLOGIST,
    "chief": Role.CITY_OFFICER,
    "county": Role.COUNTY_OFFICER,
    "grid": Role.GRID_WORKER,
}
FIRST = ("places", "resident_register", "duty_roster")
MORNING, AFTERNOON, EVENING = timedelta(hours=9), timedelta(hours=15), timedelta(hours=20)
UNITS = "select unit_id from unit order by unit_id"
BACKLOG = 3  # a third of the days has passed when the first alarm makes somebody look


@dataclass
class Exercise:
    """A deployment in a folder that is played day by day; `now` is its clock, and `received` what came in."""

    home: Path
    truth: Path
    first_policy: PolicySet
    begins: datetime
    progress: Progress
    received: list[Answer] = field(default_factory=list)
    responses: list[Answer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.now = self.begins.replace(tzinfo=ZONE)
        stewardship.make_deployment(
            self.home / "deployment",
            zone=ZONE.key,
            database="",
            administrator="admin",
            password=PASSWORD,
            now=self.now,
            first_policy=self.first_policy,
        )
        self.store: Store = open_store(self.home / "deployment")
        self.doors = Doors(self.store, truth=self.truth)

    def play(self, *, days: int, feeds: Sequence[str]) -> None:
        """Play so many days, with the files of some feeds.

        Nobody looks before there is an alarm: what the first days left arrives together, from then on each morning
        brings the files of the day before.
        """
        self._staff()
        stewardship.publish_areas(self.store, self.home / "files" / "areas.csv", actor=Actor("admin"), now=self.now)
        self._receive([one for one in find_deliveries(self.home / "files") if one.format in FIRST])
        self.store.act(_join_units, actor=Actor("admin"), now=self.now)
        first = self.now.date() + timedelta(days=1)
        backlog = days // BACKLOG
        for number in range(backlog, days + 1):
            self.progress("the days", (number - backlog) / (days + 1 - backlog))
            arriving = range(number) if number == backlog else [number - 1]
            self._play_day(first + timedelta(days=number), [first + timedelta(days=one) for one in arriving], feeds)
        self.progress("the days", 1.0)

    def _play_day(self, today: date, arriving: Sequence[date], feeds: Sequence[str]) -> None:
        """Files in the morning, lists before noon, doors in the afternoon, the account in the evening."""
        self._set_clock(today, MORNING)
        self._ask("chief", run_day, day=None)
        found = [find_deliveries(self.home / "files", day=day.isoformat()) for day in arriving]
        by_format = [one for feed in feeds for deliveries in found for one in deliveries if one.format == feed]
        self._receive(by_format)
        self._verify()
        answer = self._ask("epidemiologist", respond_to, signals=[], seed=SEED)
        self.responses += answer["responses"]
        self._decide_orders()
        self._set_clock(today, AFTERNOON)
        self._work_the_lists(today)
        self._set_clock(today, EVENING)
        self._ask("chief", account_for, day=None)

    def _work_the_lists(self, day: date) -> None:
        """The workers acknowledge their tasks, knock, and say what they found."""
        due = self._ask("grid", list_tasks, owner="")["tasks"]
        self._ask("grid", acknowledge_tasks, tasks=[task["task"] for task in due if task["status"] == "open"])
        for outcome, tasks in self.doors.knock(due, day=day).items():
            self._ask("grid", close_tasks, tasks=tasks, outcome=outcome)
        for disease, records in self.doors.watch(day=day).items():
            self._ask("grid", record_days, records=records, disease=disease, day=None)

    def _receive(self, deliveries: Sequence[object]) -> None:
        pairs = [[one.format, str(one.path)] for one in deliveries]  # type: ignore[attr-defined]
        answer = self._ask("steward", receive_files, deliveries=pairs)
        self.received += answer["files"]
        self.doors.learn(answer["files"])

    def _verify(self) -> None:
        """An epidemiologist looks at each new case and says that it is real; tubes wait for nobody."""
        for signal in self._ask("epidemiologist", list_signals)["signals"]:
            if (signal["status"], signal["kind"]) == (SignalStatus.RAISED, SignalKind.POSITIVE_TEST):
                self._ask("epidemiologist", decide_signal, signal=signal["signal"], decision="verify")

    def _decide_orders(self) -> None:
        """What a county officer proposes for those listed this morning, the chief decides."""
        drafted: list[int] = []
        for signal in self._ask("epidemiologist", list_signals)["signals"]:
            responded_at = signal["responded_at"] and datetime.fromisoformat(signal["responded_at"])
            if responded_at == self.now and signal["kind"] == SignalKind.POSITIVE_TEST:
                drafted += self._ask("county", draft_orders, signal=signal["signal"])["orders"]
        self._ask("chief", sign_orders, orders=drafted, password=PASSWORD)

    def _staff(self) -> None:
        hashes = {user: access.hash_password(self.store, user, password=PASSWORD, now=self.now) for user in STAFF}

        def staff(act: Act) -> None:
            for user, role in STAFF.items():
                access.add_user(act, user, password_hash=hashes[user])
                access.grant_role(act, user, Grant(role=role, area_path=EVERYWHERE))

        self.store.act(staff, actor=Actor("admin"), now=self.now)

    def _ask(self, user: str, function: Callable[..., Answer], **values: object) -> Answer:
        return function(self.store, Asked(Actor(user), self.now, lambda _what, _share: None), **values)

    def _set_clock(self, day: date, hour: timedelta) -> None:
        self.now = datetime.combine(day, datetime.min.time(), tzinfo=ZONE) + hour


def _join_units(act: Act) -> None:
    """The exercise's worker stands for every unit's people: what is asked of a unit is theirs to open and to answer."""
    for row in act.rows(UNITS):
        access.put_member(act, row.unit_id, "grid")
