"""Sentinel sites are put on the desk: from then on their silence is noticed (policy 4.1)."""

from ringfence.areas import SiteRow, put_sites
from ringfence.intake.arrivals import Arrival, Effects
from ringfence.store import Act


def take_in(arrival: Arrival) -> Effects:
    """Sites on the desk."""
    sites = [
        SiteRow(
            site_id=row["site_id"],
            name=row["site_name"],
            kind=row["site_kind"],
            area_code=row["area_code"],
            row=row["row"],
        )
        for row in arrival.rows.to_pylist()
    ]

    def put(act: Act) -> None:
        put_sites(act, sites, areas=arrival.areas, batch_no=arrival.batch_no)

    return Effects(on_desk=put)
