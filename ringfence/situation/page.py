"""The situation page: one HTML file that stands alone, with every alarm's picture in it (policy 4, 7.3)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import jinja2
import vl_convert
from markupsafe import Markup

from ringfence import sentinel
from ringfence.access import read_purpose, read_scope
from ringfence.policy import Policy
from ringfence.sentinel import Reporting, State
from ringfence.situation.answers import Answer, read_answers
from ringfence.situation.watching import Situation, read_situation
from ringfence.store import Desk, Store
from ringfence.terms import Actor, Language, SignalStatus, calendar_day, say, say_reason, to_us

# Sites have no position of their own; places of their area have.
MIDDLES = """
select area_code, avg(longitude) as longitude, avg(latitude) as latitude
from place where longitude is not null and latitude is not null
group by area_code order by area_code
"""

PAGE = jinja2.Environment(
    loader=jinja2.PackageLoader("ringfence.situation", "."),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
)

SURVEILLANCE = "surveillance"

DAYS_OF_ANSWERS = 90
"""Of which the page says what became of signals."""

WIDTH = 640
"""Of a picture on the page, in points."""


def read_middles(desk: Desk) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of the middle of each area's places."""
    return {row.area_code: (float(row.longitude), float(row.latitude)) for row in desk.rows(MIDDLES)}


def write_report(store: Store, *, policy: Policy, actor: Actor, now: datetime, language: Language) -> str:
    """The page of the policy's local day for what the reader's areas have; NotAllowed without the purpose for it."""
    scope = read_scope(store.desk, actor, read_purpose(store.desk, SURVEILLANCE, now=now), now=now)
    found = read_situation(store, policy=policy).within(scope.paths.get("signal", ()))
    since = to_us(store.clock.midnight(policy.day - DAYS_OF_ANSWERS))
    answers = read_answers(store.desk, scope=scope, since_us=since, clock=store.clock)
    store.act(lambda act: act.note("situation.shown", count=len(found.sites)), actor=actor, now=now)
    return write_page(found, answers, policy=policy, middles=read_middles(store.desk), language=language)


def write_page(
    found: Situation,
    answers: Sequence[Answer],
    *,
    policy: Policy,
    middles: Mapping[str, tuple[float, float]],
    language: Language,
) -> str:
    """The page of a local day: alarms with picture and reason, sites on a map and in a table, what became of alarms."""

    def words(sentence: str, **values: object) -> str:
        return say(sentence, values, language)

    template = PAGE.get_template("page.html")
    return template.render(
        words=words,
        reason=lambda reason: say_reason(reason, language),
        language=language.value,
        day=calendar_day(found.day).isoformat(),
        found=found,
        alarms=[(one, _picture(sentinel.draw_alarm(one, found.series, say=words))) for one in found.alarms],
        map=_draw_map(found, middles, words),
        sites=sort_by_gravity(found.reporting),
        states=Counter(one.state for one in found.reporting),
        State=State,
        answers=answers,
        scores=count_answers(answers),
        most=tuple(policy.days(f"sentinel.{step}_within_days") for step in ("detect", "notify", "respond")),
    )


def _draw_map(found: Situation, middles: Mapping[str, tuple[float, float]], words: sentinel.Say) -> Markup | None:
    """The sites on a map; None where no place of theirs is known."""
    if not any(site.area_code in middles for site in found.sites.values()):
        return None
    return _picture(sentinel.draw_sites(found.reporting, middles, found.alarms, say=words))


def count_answers(answers: Sequence[Answer]) -> dict[str, Counter[str]]:
    """For each site how many of its alarms were raised, verified and dismissed."""
    scores: dict[str, Counter[str]] = {}
    for one in answers:
        score = scores.setdefault(one.site_id, Counter())
        score["raised"] += 1
        score[one.status.value] += one.status is not SignalStatus.RAISED
    return scores


def sort_by_gravity(reporting: Sequence[Reporting]) -> list[Reporting]:
    """Sites with the silent ones first, those in order last."""
    order = list(State)
    return sorted(reporting, key=lambda one: (order.index(one.state), one.site.site_id))


def _picture(specification: Mapping[str, Any]) -> Markup:
    """A figure as SVG; what stands in it was escaped by the drawing."""
    drawn = {**specification, "width": WIDTH}
    return Markup(vl_convert.vegalite_to_svg(drawn))  # noqa: S704 - our own drawing
