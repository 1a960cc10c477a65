"""What sentinels counted on a day: visits, fevers, sales; a zero is a report, a missing row is none (policy 4.1)."""

from ringfence.feeds.declarations import Column, Contract, Format, Kind, Reference

_MOST = 1_000_000


def declare() -> Format:
    """One row a site, day and syndrome; sent again it corrects what stood there before."""
    return Format(
        name="sentinel_counts",
        contract=Contract(
            department="health", purpose="surveillance", retention="feed.sentinel_counts", basis="sentinel surveillance"
        ),
        columns=(
            Column(name="site_id", is_required=True, refers_to=Reference.SITE),
            Column(name="date", kind=Kind.DAY, is_required=True),
            Column(name="syndrome", is_required=True, longest=60),
            Column(name="count", kind=Kind.WHOLE, is_required=True, at_least=0, at_most=_MOST),
            Column(name="reported_at", kind=Kind.INSTANT, is_required=True),
        ),
        rows_stand_alone=True,
    )
