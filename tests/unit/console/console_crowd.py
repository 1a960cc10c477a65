"""Everybody whom some form of the console needs, and a way to send it as they would."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from console_browser import Browser

from ringfence.access import (
    Member,
    add_user,
    grant_role,
    make_device_link,
    put_members,
    register_device,
    set_password,
    set_pin,
)
from ringfence.console import make_console
from ringfence.link import put_reviews
from ringfence.policy import Policy, read_in_force
from ringfence.seal import read_signer
from ringfence.store import EVERYWHERE, Act, Scope, Store, add_people
from ringfence.terms import SYSTEM, Actor, Contested, ContestedKind, Grant, Role
from ringfence.work import LINKS_NAME, write_link

Open = Callable[..., Browser]
Rows = Sequence[tuple[object, ...]]

WEIGHTS = [-22.0, 9.5, 14.0, 0, 0.5, 0, -0.5]
"""What each field of the uncertain pair weighs."""

PASSWORD, PIN = "lanterns over the river 38", "271828"


@dataclass(frozen=True)
class Sent:
    """A form as somebody sends it; nobody signed in where `user` is empty."""

    user: str
    path: str
    form: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
    later: timedelta = timedelta()


def by(user: str, path: str, /, *, file: str = "", later: timedelta = timedelta(), **form: str) -> Sent:
    """A form and who sends it."""
    return Sent(user, path, form, file, later)


class Crowd:
    """A lively deployment with everybody whom some form needs, and what stands in links that were made for them."""

    def __init__(self, store: Store, now: datetime, open_browser: Open) -> None:
        self.store, self.now, self._open = store, now, open_browser
        self._links = store.act(self._join, actor=Actor("administrator"), now=now)
        for user in ("city_officer", "second"):
            set_password(store, user, password=PASSWORD, actor=Actor("administrator"), now=now)
        set_pin(store, "wang", pin=PIN, actor=Actor("wang"), now=now)
        self._device = register_device(store, self._links.pop("device"), now=now).token
        store.act(self._pair, actor=SYSTEM, now=now)

    def rows(self, sql: str) -> Rows:
        """What the desk says, truth values as such."""
        return [tuple(row) for row in self.store.desk.rows(sql, scope=Scope.of_system())]

    def lay(self, sql: str) -> None:
        """What was before."""

        def put(act: Act) -> None:
            act.run(sql)
            act.note("test.laid")

        self.store.act(put, actor=SYSTEM, now=self.now)

    def send(self, sent: Sent) -> None:
        """Send a form; it must be carried out."""
        form = {name: value.format_map(self._words()) if "{" in value else value for name, value in sent.form.items()}
        file = {"file": ("sent.csv", sent.file.format_map(self._words()).encode(), "text/csv")} if sent.file else None
        browser = self._browser(sent)
        answer = browser.post(
            sent.path.format_map(self._words()), data={"csrf": browser.csrf, **form}, files=file, follow_redirects=False
        )
        assert answer.status_code in {200, 303}, answer.text

    def _browser(self, sent: Sent) -> Browser:
        if sent.user not in {"", "the phone"}:
            return self._open(sent.user, later=sent.later)
        cookies = {"device": self._device} if sent.user else {}
        console = make_console(self.store, clock=lambda: self.now)
        return Browser(console, headers={"origin": "http://testserver"}, cookies=cookies)

    def _words(self) -> Mapping[str, str]:
        areas = self.rows("select area_code, name, level, parent_code from area order by area_path")
        lines = ["code,name,level,parent_code", *(",".join(map(str, row)) for row in areas)]
        policy = Policy(read_in_force(self.store.desk, now=self.now), self.store.clock.day_of(self.now))
        signer = read_signer(self.store.deployment.keys.parent, LINKS_NAME)
        link = write_link(Contested(ContestedKind.ORDER, 1), signer=signer, policy=policy, now=self.now)
        return {**self._links, "areas": "\n".join(lines) + "\n", "link": link}

    def _join(self, act: Act) -> dict[str, str]:
        clock = self.store.clock
        add_user(act, "second")
        grant_role(act, "second", Grant(role=Role.CITY_OFFICER, area_path=EVERYWHERE))
        workers = [Member(user_id=user, unit_id="111-g1", role=Role.GRID_WORKER) for user in ("li", "wang")]
        own = put_members(act, workers, clock=clock)
        officer = Member(user_id="county_officer", unit_id="111-g1", role=Role.COUNTY_OFFICER)
        put_members(act, [officer], clock=clock)
        phone, device = (make_device_link(act, "111-g1", clock=clock) for _ in range(2))
        return {"own": own["li"], "phone": phone, "device": device}

    def _pair(self, act: Act) -> None:
        known = add_people(
            act, self.store.keys, [{"name": name, "row": n} for n, name in enumerate("王李", 1)], batch_no=901
        )
        pair: dict[str, list[Any]] = {"person_no": [known + 1], "candidate_no": [known], "weight": [1.5]}
        put_reviews(
            act,
            pa.table({**pair, "margin": [4.0], "probability": [0.84], "model": ["han-2"], "weights": [WEIGHTS]}),
            batch_no=901,
        )
