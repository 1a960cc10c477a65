"""Sentinel sites: who reports every day, and from where (policy 4.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ringfence.areas.hierarchy import path_of
from ringfence.store import Act, Desk
from ringfence.terms import Area, to_us

SITE_IDS = "select site_id from sentinel_site order by site_id"

UPSERT_SITE = """
insert into sentinel_site (site_id, name, kind, area_code, area_path, batch_no, row_no, recorded_at)
values (:site_id, :name, :kind, :area_code, :area_path, :batch_no, :row_no, :recorded_at)
on conflict (site_id) do update set name = excluded.name, kind = excluded.kind, area_code = excluded.area_code,
    area_path = excluded.area_path, batch_no = excluded.batch_no, row_no = excluded.row_no,
    recorded_at = excluded.recorded_at
"""


@dataclass(frozen=True, kw_only=True)
class SiteRow:
    """A site as the health department lists it; `row` is its line in the batch."""

    site_id: str
    name: str
    kind: str
    area_code: str
    row: int


def put_sites(act: Act, sites: Sequence[SiteRow], *, areas: Mapping[str, Area], batch_no: int | None) -> None:
    """Put sites in; one that is known is what the newest list says."""
    act.run_many(
        UPSERT_SITE,
        [
            {
                "site_id": site.site_id,
                "name": site.name,
                "kind": site.kind,
                "area_code": site.area_code,
                "area_path": path_of(areas, site.area_code),
                "batch_no": batch_no,
                "row_no": site.row,
                "recorded_at": to_us(act.now),
            }
            for site in sites
        ],
    )
    act.note("sites.put", count=len(sites))


def read_site_ids(desk: Desk) -> list[str]:
    """The keys of all sites: what counts may name."""
    return [row.site_id for row in desk.rows(SITE_IDS)]
