"""Encounters of line-level feeds become counts at the door: who it was is never kept (policy 4.1, 6.4).

The feed's words for `syndrome` say which codes make which: the longest word that a code begins with counts (`R50` takes
R50.9), `*` takes every encounter, and `8310-5>=37.3` an observation with that code and at least that number. An
encounter counts once in each syndrome. Where a site reported on a day, a syndrome nobody came with is a zero.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ringfence.errors import FeedRejected
from ringfence.feeds.feed import Feed

EVERY = "*"
AT_LEAST = ">="

Row = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A number that was observed, under its code."""

    code: str
    number: float


@dataclass(frozen=True, kw_only=True)
class Encounter:
    """Somebody who came: to which site on which day (as written), with which codes and measured numbers."""

    site: str
    day: str
    codes: tuple[str, ...] = ()
    measured: tuple[Measured, ...] = ()


def count_encounters(
    encounters: Iterable[Encounter], *, reported: Iterable[tuple[str, str]], feed: Feed, reported_at: str
) -> Iterator[Row]:
    """Rows of counts by column; `reported` are sites and days that were reported on, whether anybody came or not.

    FeedRejected where the feed does not say which codes make which syndrome.
    """
    words = feed.words.get("syndrome", {})
    if not words:
        raise FeedRejected(
            "feed {feed} does not say which codes make which syndrome; add [words.syndrome] to its text", feed=feed.name
        )
    counts: Counter[tuple[str, str, str]] = Counter()
    days = set(reported)
    for one in encounters:
        days.add((one.site, one.day))
        counts.update((one.site, one.day, syndrome) for syndrome in _find_syndromes(one, words))
    for site, day in sorted(days):
        for syndrome in sorted(set(words.values())):
            many = counts[site, day, syndrome]
            yield {
                "site_id": site,
                "date": day,
                "syndrome": syndrome,
                "count": str(many),
                "reported_at": reported_at,
            }


def _find_syndromes(one: Encounter, words: Mapping[str, str]) -> set[str]:
    found = {words[EVERY]} if EVERY in words else set()
    for code in one.codes:
        if leads := [word for word in words if word != EVERY and AT_LEAST not in word and code.startswith(word)]:
            found.add(words[max(leads, key=len)])
    for word, syndrome in words.items():
        code, is_bounded, least = word.partition(AT_LEAST)
        if is_bounded and any(one.code == code and one.number >= _number(least) for one in one.measured):
            found.add(syndrome)
    return found


def _number(written: str) -> float:
    try:
        return float(written)
    except ValueError:
        return float("inf")


def write_rows(rows: Iterable[Row], *, fields: Mapping[str, str]) -> bytes:
    """Rows as lines of CSV: `fields` are their columns, with what stands over each."""
    lines = [_line(list(fields.values()))]
    lines += [_line([row.get(column, "") for column in fields]) for row in rows]
    return ("\n".join(lines) + "\n").encode()


def _line(texts: Sequence[str]) -> str:
    return ",".join('"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text for text in texts)
