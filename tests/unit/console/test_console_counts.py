"""Every page and figure of the console is named by what keeps its counts from giving somebody away (policy 6.4)."""

from collections.abc import Callable
from datetime import datetime

import pytest
from console_browser import Browser

from ringfence.console.room import read_rooms
from ringfence.store import Act, Store
from ringfence.terms import Actor

FRAME, LISTED, TRACING, NOBODY = "held back where few", "rows that its reader lists", "epidemiologists", "no persons"

CLAIMS = {
    "/today": FRAME,
    "/scorecards": FRAME,
    "/ring/{number:int}": FRAME,
    "/ring": LISTED,
    "/ring/{number:int}/curve": LISTED,
    "/ring/{number:int}/map": TRACING,
    "/signals": LISTED,
    "/sentinels": LISTED,
    "/sentinels/alarms/{day:int}/{number:int}": LISTED,
    "/sentinels/map/{day:int}": LISTED,
    "/work": LISTED,
    "/work/units": LISTED,
    "/people": LISTED,
    "/people/{number:int}": LISTED,
    "/orders": LISTED,
    "/orders/{number:int}/paper": LISTED,
    "/disputes": LISTED,
    "/links": LISTED,
    "/links/{number:int}": LISTED,
    "/looks": LISTED,
    "/ledger": LISTED,
    "/fences": FRAME,
    "/fences/{number:int}": NOBODY,
    "/fences/{number:int}/map": NOBODY,
    "/fences/places": NOBODY,
    "/policy": NOBODY,
    "/policy/plan": NOBODY,
    "/feeds": NOBODY,
    "/feeds/{number:int}": NOBODY,
    "/areas": NOBODY,
}

LIST_TABLES = {"signal", "exposure", "task", "measure_order", "dispute", "person_alias", "ledger"}
"""What rooms of lists open with: whoever has not the table does not come in, and whoever has reads its rows."""

FEW = """
insert into exposure_below_cut (signal_id, batch_no, group_no, owner, found_at, row_count, status, recorded_at)
select 1, min(batch_no), 1, '111-g1', 1, 3, 'counted', 1 from batch
"""


def test_every_page_and_figure_is_named() -> None:
    assert CLAIMS.keys() == {f"/{room.key}{path}" for room in read_rooms() for path in [*room.pages, *room.drawings]}


def test_a_room_of_rows_opens_to_those_alone_who_may_read_the_rows() -> None:
    tables = {room.key: room.table for room in read_rooms()}
    for path, claim in CLAIMS.items():
        table = tables[path.split("/")[1]]
        assert claim != LISTED or table in LIST_TABLES, path
        assert claim != NOBODY or table not in LIST_TABLES, path


@pytest.mark.parametrize("path", ["/today", "/ring/1"])
def test_a_page_of_the_frame_does_not_tell_a_few(
    lively: Store, now: datetime, open_browser: Callable[..., Browser], path: str
) -> None:
    def put(act: Act) -> None:
        act.run(FEW)
        act.note("below.put")

    lively.act(put, actor=Actor("steward"), now=now)
    assert open_browser("city_officer").get(path).text.count("too few to be told") >= 2
    if path == "/ring/1":
        assert "too few to be told" not in open_browser("epidemiologist").get(path).text
