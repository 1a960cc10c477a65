"""What a page of the console costs an officer: time until it is ready and bytes over the wire, in Chromium.

A demo city is played, its console served on this machine, and every page of every room opened some times by whoever
it is for, each time in a browser that has nothing kept. Ready is when the page and, where there are figures, the last
of them is drawn. The charts' bundle is counted apart. With `--screens FOLDER` a picture of each page is kept.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from string import Formatter

import numpy as np
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from ringfence import access
from ringfence.console import make_console
from ringfence.store import EVERYWHERE, Act, Scope, Store, open_store
from ringfence.terms import Actor, Grant, Role, calendar_day, from_us

PAGES = [
    ("county", "/today"),
    ("epidemiologist", "/signals"),
    ("epidemiologist", "/ring"),
    ("epidemiologist", "/ring/2"),
    ("chief", "/ring/2"),
    ("grid", "/work"),
    ("county", "/work/units"),
    ("county", "/people?q=wang"),
    ("county", "/people/{person}"),
    ("chief", "/orders"),
    ("chief", "/orders/{signed}/paper"),
    ("county", "/disputes"),
    ("chief", "/policy"),
    ("chief", "/policy/plan?key=order.review_days&value=5&from={tomorrow}"),
    ("steward", "/feeds"),
    ("steward", "/feeds/{file}"),
    ("steward", "/links"),
    ("steward", "/links/{pair}"),
    ("chief", "/areas"),
    ("chief", "/fences"),
    ("chief", "/scorecards"),
    ("auditor", "/ledger"),
    ("auditor", "/looks"),
]
RECORDS = {
    "signed": "select min(order_id) as number from visible_measure_order where status = 'signed'",
    "person": """
        select min(cast(subject_key as bigint)) as number from visible_task
        where subject_kind = 'person' and status in ('open', 'acknowledged')
    """,
    "file": "select min(batch_no) as number from batch where rows_rejected > 0",
    "pair": "select min(review_no) as number from link_review where status = 'open'",
}
"""The records that pages are opened of, whatever their numbers; a page of one that a small city lacks is left out."""

MOST_READY_S, MOST_BYTES = 0.8, 60_000
BUNDLE = "/assets/vega.js"
PASSWORD = "only for the exercise"  # noqa: S105 - of accounts that exist for the length of a demo
README = {
    "ring-desk-en": ("epidemiologist", "/ring/2", "desk", "en"),
    "work-phone-zh": ("grid", "/work", "phone", "zh"),
    "scorecards-desk-en": ("chief", "/scorecards", "desk", "en"),
    "order-paper-desk-zh": ("chief", "/orders/{signed}/paper", "desk", "zh"),
}
SIZES = {"desk": (1280, 800), "phone": (360, 740)}


@dataclass(frozen=True)
class Visit:
    """One opening of a page: seconds until ready, bytes with and without the bundle."""

    ready_s: float
    size: int
    bundle: int


def main() -> None:
    """Play, serve, open and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--residents", type=int, default=5_000)
    parser.add_argument("--days", type=int, default=6)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--folder", type=Path, help="a demo played before, instead of a new one")
    parser.add_argument("--screens", type=Path)
    parser.add_argument("--readme", type=Path, help="write the README's pictures into this folder, and measure nothing")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = asked.folder or play(Path(place) / "demo", residents=asked.residents, days=asked.days)
        copy = Path(place) / "served"
        shutil.copytree(folder / "deployment", copy)
        records = find_records(copy)
        with serving(copy) as address, chromium() as browser:
            if asked.readme:
                keep_readme(browser, address, folder=asked.readme, records=records)
                return
            measure(browser, address, times=asked.times, records=records)
            if asked.screens:
                keep_screens(browser, address, folder=asked.screens, records=records)


def play(folder: Path, *, residents: int, days: int) -> Path:
    """A demo city in a folder."""
    sizes = ["--residents", str(residents), "--days", str(days)]
    subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "ringfence", "demo", *sizes, "--no-serve", "--folder", str(folder)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return folder


def find_records(folder: Path) -> dict[str, str]:
    """What stands for the names in pages' addresses: the numbers of records, and the day after the last one."""
    with closing(open_store(folder)) as store:
        scope = Scope.of_system()
        found = {name: store.desk.rows(sql, scope=scope)[0].number for name, sql in RECORDS.items()}
        last = store.clock.day_of(read_last(store))
        return {
            "tomorrow": calendar_day(last + 1).isoformat(),
            **{name: str(number) for name, number in found.items() if number is not None},
        }


def read_last(store: Store) -> datetime:
    """The last moment of what was played."""
    return from_us(store.desk.rows("select max(recorded_at) as moment from ledger")[0].moment)


def open_pages(records: Mapping[str, str]) -> list[tuple[str, str]]:
    """Whoever opens each page, and its address, where there is such a record."""
    found = []
    for user, path in PAGES:
        missing = {name for _, name, _, _ in Formatter().parse(path) if name} - records.keys()
        if missing:
            print(f"{user} {path}: left out, for there is no such record")
        else:
            found.append((user, path.format(**records)))
    return found


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The console of a deployment at its last moment, with an auditor besides the demo's staff."""
    store = open_store(folder)
    now = read_last(store)
    add_auditor(store, now)
    config = uvicorn.Config(
        make_console(store, clock=lambda: now), host="127.0.0.1", port=0, log_level="warning", ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    [port] = {socket.getsockname()[1] for one in server.servers for socket in one.sockets}
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
    store.close()


def add_auditor(store: Store, now: datetime) -> None:
    """An account for the one room nobody of the demo may enter."""
    password_hash = access.hash_password(store, "auditor", password=PASSWORD, now=now)

    def add(act: Act) -> None:
        access.add_user(act, "auditor", password_hash=password_hash)
        access.grant_role(act, "auditor", Grant(role=Role.AUDITOR, area_path=EVERYWHERE))

    store.act(add, actor=Actor("admin"), now=now)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's browser."""
    path = shutil.which("chromium")
    if path is None:
        sys.exit("Chromium is missing: install Debian's chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def measure(browser: Browser, address: str, *, times: int, records: Mapping[str, str]) -> None:
    """Open every page and print what it cost."""
    print(f"{'page':28} {'p50 s':>7} {'p95 s':>7} {'bytes':>9} {'bundle':>9}")
    worst_s, worst_bytes = 0.0, 0
    for user, path in open_pages(records):
        state = sign_in(browser, address, user)
        visits = [open_fresh(browser, address, state, path) for _ in range(times)]
        median, slow = np.percentile([one.ready_s for one in visits], [50, 95])
        size, bundle = max(one.size for one in visits), max(one.bundle for one in visits)
        worst_s, worst_bytes = max(worst_s, slow), max(worst_bytes, size)
        print(f"{user + ' ' + path:28} {median:7.2f} {slow:7.2f} {size:9,} {bundle:9,}")
    print(f"slowest p95 {worst_s:.2f} s (to reach: {MOST_READY_S}); heaviest {worst_bytes:,} bytes ({MOST_BYTES:,})")


def sign_in(browser: Browser, address: str, user: str) -> dict[str, object]:
    """The cookies of somebody who signed in by the form."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=user]", user)
    page.fill("[name=password]", PASSWORD)
    page.click("button")
    page.wait_for_url("**/today")
    state = context.storage_state()
    context.close()
    return dict(state)


def open_fresh(browser: Browser, address: str, state: dict[str, object], path: str) -> Visit:
    """One opening in a browser that has nothing kept."""
    context = browser.new_context(base_url=address, storage_state=state)  # type: ignore[arg-type]
    page = context.new_page()
    ended: list[Request] = []
    page.on("requestfinished", lambda request: ended.append(request))  # noqa: PLW0108 - builtins take no mark
    began = time.perf_counter()
    go(page, path)
    ready_s = time.perf_counter() - began
    sizes = {request.url: request.sizes()["responseBodySize"] for request in ended}
    context.close()
    bundle = sum(size for url, size in sizes.items() if BUNDLE in url)
    return Visit(ready_s, sum(sizes.values()) - bundle, bundle)


def go(page: Page, path: str) -> None:
    """To a page, until it is ready."""
    page.goto(path, wait_until="load")
    if page.locator("[data-spec]").count():
        page.wait_for_selector("html[data-charts=drawn]")


def keep_screens(browser: Browser, address: str, *, folder: Path, records: Mapping[str, str]) -> None:
    """A picture of each page on desk and phone, in both languages."""
    folder.mkdir(parents=True, exist_ok=True)
    for user, path in open_pages(records):
        state = sign_in(browser, address, user)
        for size in SIZES:
            for language in ("en", "zh"):
                name = "-".join(path.split("?")[0].strip("/").split("/"))
                file = folder / f"{user}-{name}-{size}-{language}.png"
                keep_screen(browser, address, state, path, size=size, language=language, file=file)


def keep_readme(browser: Browser, address: str, *, folder: Path, records: Mapping[str, str]) -> None:
    """The pictures that stand in the README, under the names it has for them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (user, written, size, language) in README.items():
        state, path = sign_in(browser, address, user), written.format(**records)
        keep_screen(browser, address, state, path, size=size, language=language, file=folder / f"{name}.png")


def keep_screen(
    browser: Browser, address: str, state: dict[str, object], path: str, *, size: str, language: str, file: Path
) -> None:
    """A picture of one page."""
    width, height = SIZES[size]
    context = browser.new_context(
        base_url=address,
        storage_state=state,  # type: ignore[arg-type]
        viewport={"width": width, "height": height},
    )
    add_language(context, address, language)
    page = context.new_page()
    go(page, path)
    page.screenshot(path=file)
    context.close()


def add_language(context: BrowserContext, address: str, language: str) -> None:
    """Let the console speak a language."""
    context.add_cookies([{"name": "language", "value": language, "url": address}])


if __name__ == "__main__":
    main()
