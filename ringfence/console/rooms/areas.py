"""Areas: the hierarchy everything lies in, and the file that lays it (policy 6.2)."""

import tempfile
from pathlib import Path

from ringfence import areas, stewardship
from ringfence.console.asked import Asked
from ringfence.console.lists import read_list
from ringfence.console.room import Done, Room, View
from ringfence.console.visitor import Visitor

PLACES = "select area_path, count(*) as places from place group by area_path"

CHANGES = """
select recorded_at, count(*) as areas from area group by recorded_at order by recorded_at desc limit 20
"""

LARGEST = 8 << 20
"""Bytes of an area file: the whole country has less."""


def declare() -> Room:
    """Where everything lies. Risk areas come with their fences."""
    return Room(
        key="areas",
        title="Areas",
        clause="6.2",
        place=110,
        purposes=("administration", "receiving", "inspection", "gate_check"),
        table="area",
        pages={"": show},
        actions={"/publish": publish},
    )


def show(visitor: Visitor, asked: Asked) -> View:
    """The hierarchy, with how many places lie in each area, and when it changed."""
    purposes = ("administration", "receiving", "inspection", "gate_check")
    desk = visitor.store.desk
    found = read_list(visitor, asked, areas.AREAS, scope=visitor.scope(*purposes), limit=200)
    own = {row.area_path: row.places for row in desk.rows(PLACES)}
    inside = {
        row["area_path"]: sum(count for path, count in own.items() if path.startswith(row["area_path"]))
        for row in found.rows
    }
    return View(values={"list": found, "places": inside, "changes": desk.rows(CHANGES)})


def publish(visitor: Visitor, asked: Asked) -> Done:
    """Put an area file in; areas in use may not move."""
    file = asked.file("file")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "areas.csv"
        path.write_bytes(file.file.read(LARGEST))
        plan = stewardship.publish_areas(visitor.store, path, actor=visitor.actor, now=visitor.now)
    return Done(to="/areas", sentence="{added} areas added or renamed.", values={"added": len(plan.added)})
