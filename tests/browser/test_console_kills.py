"""Server or browser killed in the middle of a piece of work: nothing acknowledged lost, nothing done twice."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright
from playwright.sync_api import Error as BrowserError
from small_town import Town

from ringfence.access import set_password
from ringfence.store import open_store
from ringfence.terms import Actor

pytestmark = [pytest.mark.verify, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]

PASSWORD = "a long password for tests"
WORKER = "grid_worker"
START_S = 60
KILLED_AFTER_MS = [0, 20, 1000]
"""How long after a form is sent the server is killed: before it is read, in the middle of it, after the answer."""

DONE_IN_LEDGER = "select coalesce(sum(count), 0) from ledger where action = 'tasks.done'"
DONE = "select task_id from visible_task where status = 'done'"


class Killable:
    """The town served by a process of its own on one port, to be killed and begun again."""

    def __init__(self, town: Town) -> None:
        self._town = town
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.port}"

    def begin(self) -> None:
        """Start, and wait until it answers."""
        folder, script = self._town.store.deployment.folder, Path(__file__).parent / "serve_town.py"
        command = [sys.executable, str(script), str(folder), str(self.port), self._town.now.isoformat()]
        self._process = subprocess.Popen(command)  # noqa: S603 - our own
        ends = time.monotonic() + START_S
        while not self._answers():
            assert self._process.poll() is None, "the server does not start again"
            assert time.monotonic() < ends, "the server does not answer"
            time.sleep(0.1)

    def kill(self) -> None:
        """End it by SIGKILL."""
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        with suppress(OSError), urllib.request.urlopen(f"{self.address}/sign-in", timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
        return False


@pytest.fixture
def served(town: Town) -> Iterator[Killable]:
    """The town after its response, left to a server's process; the worker has a password."""
    town.respond()
    set_password(town.store, WORKER, password=PASSWORD, actor=Actor("administrator"), now=town.now)
    town.store.close()
    server = Killable(town)
    server.begin()
    yield server
    server.kill()


def sign_in(page: Page) -> None:
    page.fill("[name=user]", WORKER)
    page.fill("[name=password]", PASSWORD)
    page.click("button:has-text('Sign in')")


def fill_in_first(page: Page) -> int:
    """Fills in the form for the first task there is and says which it is; nothing is sent."""
    task = page.locator("[name=task]").first
    task.check()
    page.select_option("[name=outcome]", "reached")
    return int(task.get_attribute("value") or 0)


def test_what_was_acknowledged_outlives_a_killed_server_and_is_done_once(
    town: Town, served: Killable, chromium: Browser
) -> None:
    page = chromium.new_context(base_url=served.address).new_page()
    page.goto("/sign-in?next=/work")
    sign_in(page)
    acknowledge_all(page)
    acknowledged = set()
    for milliseconds in KILLED_AFTER_MS:
        page.goto("/work?status=acknowledged")
        task = fill_in_first(page)
        page.click("button:has-text('Put on record')", no_wait_after=True)
        page.wait_for_timeout(milliseconds)
        served.kill()
        if page.get_by_role("status").filter(has_text="1 task(s) done.").count():
            acknowledged.add(task)
        served.begin()
        page.goto("/work?status=acknowledged")
        assert page.locator("h1").text_content() == "Work", "still signed in"
        if page.locator(f"[name=task][value='{task}']").count():
            assert task not in acknowledged, "an answer was given, and the work is lost"
    page.context.close()
    served.kill()
    check_done_once(town, acknowledged)


def acknowledge_all(page: Page) -> None:
    for box in page.locator("[name=task]").all():
        box.check()
    page.click("button:has-text('Acknowledge')")
    page.wait_for_selector("[role=status]")


def check_done_once(town: Town, acknowledged: set[int]) -> None:
    town.store = open_store(town.store.deployment.folder)
    town.store.verify_ledger()
    done = {task for (task,) in town.rows(DONE)}
    assert acknowledged <= done
    assert town.rows(DONE_IN_LEDGER) == [(len(done),)]
    town.store.close()


def test_the_same_form_sent_again_after_a_kill_is_answered_and_does_nothing_twice(
    town: Town, served: Killable, chromium: Browser
) -> None:
    page = chromium.new_context(base_url=served.address).new_page()
    page.goto("/sign-in?next=/work")
    sign_in(page)
    acknowledge_all(page)
    page.goto("/work?status=acknowledged")
    task = fill_in_first(page)
    form = dict(page.evaluate("[...new FormData(document.querySelector('main form[method=post]'))]"))
    page.click("button:has-text('Put on record')")
    page.wait_for_selector("[role=status]")
    served.kill()
    served.begin()
    headers = {"origin": served.address}
    answer = page.request.post("/work/done", form=form, headers=headers)
    assert answer.status == 200
    assert "0 task(s) done." in answer.text()
    page.context.close()
    served.kill()
    check_done_once(town, {task})


@pytest.fixture
def open_chromium(playwright: Playwright, tmp_path: Path) -> Callable[[], "OpenChromium"]:
    """Opens Chromium as a process of its own on one profile."""
    path = shutil.which("chromium")
    assert path, "Chromium is missing: install Debian's chromium"
    return lambda: OpenChromium(playwright, path, tmp_path / "profile")


class OpenChromium:
    """A browser with a profile that outlives it, as on a worker's phone."""

    def __init__(self, playwright: Playwright, path: str, profile: Path) -> None:
        said = profile / "DevToolsActivePort"
        said.unlink(missing_ok=True)
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen([path, *options, f"--user-data-dir={profile}"], **quiet)  # noqa: S603
        ends = time.monotonic() + START_S
        while not (said.is_file() and said.read_text().count("\n")):
            assert time.monotonic() < ends, "Chromium does not start"
            time.sleep(0.1)
        self._browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{said.read_text().split()[0]}")
        self._context: BrowserContext = self._browser.contexts[0]

    def page(self, address: str) -> Page:
        """A page in it."""
        page = self._context.new_page()
        page.goto(address)
        return page

    def close(self) -> None:
        """As by its cross: what it keeps is written."""
        with suppress(BrowserError):
            self._browser.new_browser_cdp_session().send("Browser.close")
        self._process.wait(START_S)

    def kill(self) -> None:
        """As by an empty battery."""
        os.kill(self._process.pid, 9)
        self._process.wait()


def test_a_closed_browser_is_still_signed_in_and_a_killed_one_comes_back_to_its_page(
    town: Town, served: Killable, open_chromium: Callable[[], OpenChromium]
) -> None:
    browser = open_chromium()
    page = browser.page(f"{served.address}/sign-in?next=/work")
    sign_in(page)
    page.wait_for_selector("[name=task]")
    browser.close()

    browser = open_chromium()
    page = browser.page(f"{served.address}/work")
    assert page.url == f"{served.address}/work", "still signed in"
    fill_in_first(page)
    browser.kill()

    browser = open_chromium()
    page = browser.page(f"{served.address}/work")
    if page.url != f"{served.address}/work":  # the profile was not written yet
        assert page.url == f"{served.address}/sign-in?next=/work"
        sign_in(page)
        page.wait_for_url(f"{served.address}/work")
    assert page.locator("[name=task]:checked").count() == 0, "nothing was sent"
    browser.kill()
    served.kill()
    check_done_once(town, set())
