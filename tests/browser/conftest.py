"""A small town's console behind a real server, and Chromium from the system to look at it."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from every_page import lay_one_of_everything
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from small_town import EVENING, NOON, Town, case, check_in

from ringfence.access import grant_role
from ringfence.access.sessions import SignInWay, open_session
from ringfence.console import make_console
from ringfence.policy import Policy, read_in_force
from ringfence.seal import make_key_files
from ringfence.stewardship import KINDS
from ringfence.store import EVERYWHERE, Act, Store
from ringfence.terms import Actor, Grant, Role

LUNCH = ("2022-02-28 12:05", "2022-02-28 12:50")
VISITS = [
    check_in("wang1", "noodles", *LUNCH),
    check_in("wang2", "noodles", *LUNCH),
    check_in("li1", "noodles", "2022-02-28 12:20", "2022-02-28 13:05"),
]
FIRST_CASE = case("wang1", "C1", "2022-03-01 18:00", sampled_at="2022-03-01 10:00")

START_S = 20


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is missing: install Debian's chromium")
    browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    """The town settled, its lunch of the day before and its first case received; nobody has decided anything."""
    (tmp_path / "files").mkdir()
    town = Town(staffed, tmp_path / "files", now=NOON)
    town.settle()
    town.now = EVENING
    town.receive(check_ins=VISITS, case_line_list=[FIRST_CASE])
    make_key_files(staffed.deployment.keys.parent, kinds=KINDS, now=town.now)
    _grant_everywhere(town)
    return town


@pytest.fixture
def laid(town: Town) -> str:
    """One of everything in the town; the token of a unit's registered phone."""
    return lay_one_of_everything(town)


def _grant_everywhere(town: Town) -> None:
    def grant(act: Act) -> None:
        for role in (Role.AUDITOR, Role.CITY_OFFICER):
            grant_role(act, role, Grant(role=role, area_path=EVERYWHERE))

    town.act(grant, Actor("administrator"))


class Served(uvicorn.Server):
    """A server in a thread of its own, on a port the system chose."""

    def begin(self) -> str:
        """Its address, once it answers."""
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        ends = time.monotonic() + START_S
        while not self.started and time.monotonic() < ends:
            time.sleep(0.01)
        [port] = {socket.getsockname()[1] for server in self.servers for socket in server.sockets}
        return f"http://127.0.0.1:{port}"

    def end(self) -> None:
        """Stop, and wait for it."""
        self.should_exit = True
        self.thread.join(START_S)


def serve(town: Town) -> Served:
    """The town's console, not yet begun."""
    console = make_console(town.store, clock=lambda: town.now)
    return Served(uvicorn.Config(console, host="127.0.0.1", port=0, log_level="warning", ws="none", lifespan="off"))


@pytest.fixture
def address(town: Town) -> Iterator[str]:
    server = serve(town)
    yield server.begin()
    server.end()


Enter = Callable[..., Page]


@pytest.fixture
def enter(chromium: Browser, town: Town, address: str) -> Iterator[Enter]:
    """Opens a page as somebody signed in, in a language, as wide as a phone or a desk; `page.said` keeps complaints."""
    contexts: list[BrowserContext] = []

    def entered(user: str, language: str = "en", *, width: int = 1280) -> Page:
        context = chromium.new_context(base_url=address, viewport={"width": width, "height": 800})
        contexts.append(context)
        token = _token_of(town, user)
        context.add_cookies(
            [
                {"name": name, "value": value, "url": address}
                for name, value in (("session", token), ("language", language))
            ]
        )
        page = context.new_page()
        page.said = []  # type: ignore[attr-defined]
        page.on("console", lambda line: page.said.append(line.text) if line.type == "error" else None)  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.said.append(str(error)))  # type: ignore[attr-defined]
        return page

    yield entered
    for context in contexts:
        context.close()


def _token_of(town: Town, user: str) -> str:
    store = town.store
    policy = Policy(read_in_force(store.desk, now=town.now), store.clock.day_of(town.now))

    def open_one(act: Act) -> str:
        return open_session(act, user, way=SignInWay.PASSWORD, address_digest="", policy=policy).token

    return town.act(open_one, Actor(user))
