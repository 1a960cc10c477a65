"""Scorecards: every indicator with its numerator and denominator, and the gaps that are findings (policy 7.2, 7.3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from ringfence import account
from ringfence.console.asked import Asked
from ringfence.console.lists import read_list
from ringfence.console.room import Done, Room, View
from ringfence.console.visitor import Visitor
from ringfence.store import Scope
from ringfence.terms import calendar_day

DAYS = "select distinct day from visible_scorecard order by day desc limit :most"

MOST_DAYS = 60


def declare() -> Room:
    """What came of it."""
    return Room(
        key="scorecards",
        title="Scorecards",
        clause="7.3",
        place=120,
        purposes=("accountability",),
        table="scorecard",
        pages={"": show},
        actions={
            "/findings/{number:int}/correct": correct,
            "/findings/{number:int}/prove": prove,
            "/findings/{number:int}/reopen": reopen,
        },
    )


def show(visitor: Visitor, asked: Asked) -> View:
    """One day of one area, beside the areas inside it."""
    scope = visitor.scope("accountability")
    days = [row.day for row in visitor.store.desk.rows(DAYS, scope=scope, most=MOST_DAYS)]
    asked_day = asked.day("day")
    chosen_day = asked_day if asked_day is not None else next(iter(days), visitor.today)
    areas = _areas(visitor, scope)
    path = asked.text("area") or next((each for each, _ in areas), "")
    scores = account.read_shown_scorecard(
        visitor.store.desk, chosen_day, scope=scope, policy=visitor.policy
    ).to_pylist()
    indicators = account.read_indicators()
    own = {row["indicator"]: row for row in scores if row["area_path"] == path}
    values = {
        "days": [(calendar_day(each).isoformat(), calendar_day(each).isoformat()) for each in days],
        "chosen_day": calendar_day(chosen_day).isoformat(),
        "areas": areas,
        "chosen_area": path,
        "indicators": indicators,
        "scores": own,
        "idle": [one for key, one in indicators.items() if key in own and own[key]["denominator"] == 0],
        "inside": _inside(scores, path),
        "list": read_list(visitor, asked, account.FINDINGS, scope=scope, usual={"waiting": "yes"}, limit=20),
        "now": visitor.now,
    }
    return View(values=values)


def correct(visitor: Visitor, asked: Asked) -> Done:
    """What was done about a finding, with what proves it."""
    number, proof = asked.number("number"), asked.text("proof")
    visitor.act(lambda act: account.correct_finding(act, number, proof=proof))
    return Done(to="/scorecards", sentence="Finding {finding} is being corrected.", values={"finding": number})


def prove(visitor: Visitor, asked: Asked) -> Done:
    """The correction had its effect: the finding is closed by somebody else."""
    return _judge(visitor, asked.number("number"), is_effective=True)


def reopen(visitor: Visitor, asked: Asked) -> Done:
    """It had none: the finding is open again."""
    return _judge(visitor, asked.number("number"), is_effective=False)


def _judge(visitor: Visitor, number: int, *, is_effective: bool) -> Done:
    judged = visitor.act(
        lambda act: account.prove_finding(act, number, is_effective=is_effective, policy=visitor.policy)
    )
    values = {"finding": number, "status": visitor.say(judged.status)}
    return Done(to="/scorecards", sentence="Finding {finding} is {status}.", values=values)


def _areas(visitor: Visitor, scope: Scope) -> list[tuple[str, str]]:
    seen = scope.paths.get("scorecard", ())
    return [
        (area.path, "\u2003" * (area.path.count("/") - 1) + area.name)
        for area in sorted(visitor.hierarchy.values(), key=lambda each: each.path)
        if any(area.path.startswith(path) for path in seen)
    ]


def _inside(scores: Sequence[Mapping[str, Any]], path: str) -> dict[str, dict[str, Mapping[str, Any]]]:
    """The scores of the areas right below one, by indicator and area path."""
    inside: dict[str, dict[str, Mapping[str, Any]]] = {}
    depth = path.count("/") + 1
    for row in scores:
        if row["area_path"].startswith(path) and row["area_path"].count("/") == depth and row["denominator"] != 0:
            inside.setdefault(row["indicator"], {})[row["area_path"]] = row
    return inside
