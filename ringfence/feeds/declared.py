"""The feeds departments agreed on, as the desk keeps them: the newest text of each name is in force (policy 6.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ringfence.access import check_can
from ringfence.areas import top_paths
from ringfence.errors import NotFound
from ringfence.feeds.contracts import list_formats, read_format
from ringfence.feeds.feed import Feed
from ringfence.feeds.feed_text import read_feed
from ringfence.policy import Permission, PolicySet
from ringfence.store import Act, Desk
from ringfence.terms import Area, from_us, to_us

INSERT_FEED = """
insert into feed (name, declaration, declared_by, recorded_at)
values (:name, :declaration, :declared_by, :recorded_at)
"""

FEEDS_IN_FORCE = """
select f.name, f.declaration, f.declared_by, f.recorded_at
from feed f
where f.feed_no = (select max(n.feed_no) from feed n where n.name = f.name)
order by f.name
"""


@dataclass(frozen=True, kw_only=True)
class DeclaredFeed:
    """A feed with who declared it when."""

    feed: Feed
    declared_by: str
    declared_at: datetime


def declare_feed(act: Act, text: str, *, policy: PolicySet, areas: Mapping[str, Area]) -> Feed:
    """Put a feed's text in force, in place of an earlier one of that name; FeedRejected where it cannot be."""
    for path in top_paths(areas):
        check_can(act, Permission.FEED_DECLARE, area_path=path)
    feed = read_feed(text, policy=policy)
    act.run(
        INSERT_FEED,
        name=feed.name,
        declaration=text,
        declared_by=act.actor.actor_id,
        recorded_at=to_us(act.now),
    )
    contract = feed.declared.contract
    act.note("feed.declared", subject=f"feed:{feed.name}", format=feed.declared.name, retention=contract.retention)
    return feed


def read_feeds(desk: Desk, *, policy: PolicySet) -> dict[str, DeclaredFeed]:
    """All feeds in force by name."""
    return {
        row.name: DeclaredFeed(
            feed=read_feed(row.declaration, policy=policy),
            declared_by=row.declared_by,
            declared_at=from_us(row.recorded_at),
        )
        for row in desk.rows(FEEDS_IN_FORCE)
    }


def find_feed(name: str, *, feeds: dict[str, DeclaredFeed], policy: PolicySet) -> Feed:
    """A declared feed, or a format under its own contract; NotFound where neither is called so."""
    if name in feeds:
        return feeds[name].feed
    if name not in list_formats():
        raise NotFound(
            "there is neither a feed nor a format {name}; declare the feed, or choose one of {known}",
            name=name,
            known=", ".join([*feeds, *list_formats()]),
        )
    return Feed.of(read_format(name, policy=policy))
